"""Make ``register.jsonl``: a made-up register that gives the published figures exactly.

The report of November 2023 shows figures and no actions. ``council.toml`` lays down how many
actions took which path between its two dates. This script gives each of them a title
(``wording.toml``) and a history (``histories.py``), adds the directions, plans and notes
(``report.py``), and writes it all as journal entries. Then it reads back what it wrote and
works the figures out by the program's own rules. It fails unless they are those of the five
CSV files.
"""

import csv
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain, count
from pathlib import Path
from random import Random
from typing import Any

from histories import FIRST_BOARD, SECOND_BOARD, Case, Event, Subject, Teller, days
from recording import START, recorded, working_day
from report import check_directions, check_exceptions, report_entries
from wording import Wording

from irbtrack.domain.figures.tally import Bucket, Figure, tally, unfooted
from irbtrack.domain.journal import Change, Entry, entry_from_json, entry_to_json, fold, version_on
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.audit import Audit, AuditStatus
from irbtrack.domain.nouns.council import CLASSIFICATIONS, PRIORITIES
from irbtrack.domain.nouns.status import status_as_of

HERE = Path(__file__).parent
SEED = 20231123

Plan = dict[str, Any]
"""An audit as ``council.toml`` has it, with its reference, year and the days of its progress."""


def main() -> None:
    """Write ``register.jsonl`` beside this script, and check it."""
    rng = Random(SEED)  # noqa: S311 - a made-up history, and the same one each time
    council = tomllib.loads((HERE / "council.toml").read_text(encoding="utf-8"))
    plans = audit_plans(council)
    cases = {plan["ref"]: plan["cases"] for plan in plans if "cases" in plan}
    for year in council["paths"]:
        cases |= dealt(rng, council, [plan for plan in plans if plan["year"] == year])
    wording = Wording(rng)
    teller = Teller(rng, wording, council["officers"])
    actions = list(action_events(rng, wording, teller, plans, cases))
    events = [*setting_up(council), *audit_events(plans, cases, actions), *actions]
    entries = recorded(rng, events)
    entries = sorted([*entries, *of_report(entries)], key=lambda entry: entry.recorded_at)
    text = "".join(entry_to_json(entry) + "\n" for entry in entries)
    path = HERE / "register.jsonl"
    path.write_text(text, encoding="utf-8", newline="\n")
    check([entry_from_json(line) for line in path.read_text(encoding="utf-8").splitlines()])
    sys.stdout.write(f"{path.name}: {len(entries)} entries, as published\n")


def of_report(others: list[Entry]) -> list[Entry]:
    """Return the entries of directions, plans and notes, each at a moment of its own."""
    names = ("report.toml", "plans.toml")
    read = (tomllib.loads((HERE / name).read_text(encoding="utf-8")) for name in names)
    told = dict(chain.from_iterable(tables.items() for tables in read))
    titles = {row["ref"]: row["title"] for row in rows("directions.csv")}
    rng = Random(SEED + 1)  # noqa: S311 - so that the other entries stay as they are
    return report_entries(rng, told, titles, {entry.recorded_at for entry in others})


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the CSV files of published figures."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# -- what is to be told ---------------------------------------------------------------------


def audit_plans(council: dict[str, Any]) -> list[Plan]:
    """Return the audits of all years, with references, and for 23/24 with what the plan says."""
    published = {row["name"]: row for row in rows("audit_plan.csv")}
    plans = []
    for year, audits in council["audits"].items():
        for number, audit in enumerate(audits, 1):
            plan = {"year": year, "ref": f"{year.replace('/', '')}-A{number:02}"} | audit
            if year == "23/24":
                row = published[plan["name"]]
                plan |= {field: row[field] for field in ("quarter", "classification")}
                paths = {priority: plan[priority].split() for priority in PRIORITIES}
                plan["cases"] = [Case(p, path) for p in PRIORITIES for path in paths[p]]
                plan["raised"] = plan["drafted"]
            else:
                plan["drafted"] = working_day(days(plan["finalised"], -30))
                plan["raised"] = plan["finalised"]
            plan["started"] = working_day(days(plan["drafted"], -45))
            plans.append(plan)
    return plans


def dealt(rng: Random, council: dict[str, Any], plans: list[Plan]) -> dict[str, list[Case]]:
    """Deal the actions of a year to its audits by weight.

    Open ones go rather to later audits.
    """
    year = plans[0]["year"]
    cases = [
        Case(priority, path)
        for priority, paths in council["paths"][year].items()
        for path, number in paths.items()
        for _ in range(number)
    ]
    lateness = {"X": 0.0, "C": 0.0, "O": 0.12, "N": 0.5}
    cases.sort(key=lambda case: rng.random() + lateness[case.path[0]])
    weight = sum(plan["weight"] for plan in plans)
    hands: dict[str, list[Case]] = {plan["ref"]: [] for plan in plans}
    given = so_far = 0
    for plan in plans:
        so_far += plan["weight"]
        upto = round(len(cases) * so_far / weight)
        hands[plan["ref"]] = cases[given:upto]
        given = upto
    return with_turns(rng, council["turns"][year], hands)


def with_turns(
    rng: Random, turns: dict[str, dict[str, int]], hands: dict[str, list[Case]]
) -> dict[str, list[Case]]:
    """Return the same, with the unusual histories given to earlier actions."""
    places = [(ref, place) for ref, hand in hands.items() for place in range(len(hand))]
    for path, numbers in turns.items():
        of_path = [(ref, place) for ref, place in places if hands[ref][place].path == path]
        wanted = list(chain.from_iterable([turn] * number for turn, number in numbers.items()))
        chosen = rng.sample(of_path[: len(of_path) * 6 // 10], len(wanted))
        for (ref, place), turn in zip(chosen, wanted, strict=True):
            hands[ref][place] = replace(hands[ref][place], turn=turn)
    return hands


# -- what happened --------------------------------------------------------------------------


def setting_up(council: dict[str, Any]) -> Iterator[Event]:
    """Yield the council, its directorates and its posts, on the first day."""
    scales = {"priorities": PRIORITIES, "classifications": CLASSIFICATIONS}
    fields = {"name": "Example Borough Council"} | scales
    yield Event("init", "", Change("council", "council", START, fields))
    for ref, name in council["directorates"].items():
        yield Event("directorate add", ref, Change("directorate", ref, START, {"name": name}))
    for ref, (title, directorate) in council["officers"].items():
        fields = {"title": title, "directorate": directorate}
        yield Event("officer add", ref, Change("officer", ref, START, fields))


def audit_events(
    plans: list[Plan], cases: dict[str, list[Case]], actions: list[Event]
) -> Iterator[Event]:
    """Yield the audits: planned in April, begun, drafted with findings, and finalised."""
    superseded = {
        event.group: event.change.effective_on
        for event in actions
        if event.change.fields.get("closed_as") and event.change.effective_on > FIRST_BOARD
    }
    raised = Counter(
        (event.group, event.change.fields["priority"])
        for event in actions
        if event.command == "action add"
    )
    for plan in plans:
        ref = plan["ref"]
        findings = tuple(raised[ref, priority] for priority in PRIORITIES)
        planned_on = working_day(date(2000 + int(plan["year"][:2]), 4, 6))
        planned = {field: plan[field] for field in ("year", "name", "quarter")}
        opinion = {"classification": plan["classification"], "findings": findings}
        steps = [
            (planned_on, planned | {"status": AuditStatus.PLANNED.value}),
            (plan["started"], {"status": AuditStatus.IN_PROGRESS.value}),
            (plan["drafted"], {"status": AuditStatus.DRAFT.value} | opinion),
        ]
        if "finalised" in plan:
            steps.append((plan["finalised"], {"status": AuditStatus.FINALISED.value}))
        if ref in superseded:
            remaining = Counter(case.priority for case in cases[ref] if case.path != "UX")
            fewer = tuple(remaining[priority] for priority in PRIORITIES)
            steps.append((superseded[ref], {"findings": fewer}))
        for place, (on, fields) in enumerate(sorted(steps, key=lambda step: step[0])):
            group, command = (ref, "audit update") if place else (plan["year"], "audit add")
            yield Event(command, group, Change("audit", ref, on, fields))


def action_events(
    rng: Random,
    wording: Wording,
    teller: Teller,
    plans: list[Plan],
    cases: dict[str, list[Case]],
) -> Iterator[Event]:
    """Yield the histories of all actions, numbered within a year as they were raised."""
    numbers: dict[str, Iterator[int]] = defaultdict(lambda: count(1))
    for plan in sorted(plans, key=lambda plan: plan["raised"]):
        year, hand = plan["year"], cases[plan["ref"]]
        if "cases" not in plan:
            hand = sorted(hand, key=lambda case: PRIORITIES.index(case.priority))
        usual = wording.owners(plan["name"])
        for case, title in zip(hand, wording.titles(plan["name"], len(hand)), strict=True):
            owner = rng.choice(usual)
            if title.kind == "system" and rng.random() < 0.4:
                owner = "ad-digital"
            subject = Subject(
                ref=f"{year.replace('/', '')}-{next(numbers[year]):03}",
                year=year,
                audit=plan["ref"],
                audit_finalised_on=plan.get("finalised"),
                raised_on=plan["raised"],
                title=title,
                directorate=teller.officers[owner][1],
                owner=owner,
            )
            yield from teller.tell(subject, case)


# -- whether it is as published -------------------------------------------------------------


def check(entries: list[Entry]) -> None:
    """Stop with a message unless the entries give every published figure."""
    changes: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in chain.from_iterable(entry.changes for entry in entries):
        changes[change.noun, change.ref].append(change)
    problems = [
        *check_tallies(changes),
        *check_audits(changes),
        *check_directions(changes, rows("directions.csv")),
        *check_exceptions(changes, rows("exceptions.csv")),
        *check_times(entries),
    ]
    if problems:
        raise SystemExit("\n".join(problems))


def check_tallies(changes: dict[tuple[str, str], list[Change]]) -> Iterator[str]:
    """Yield a line for each figure that differs from tallies.csv and percentages.csv."""
    figures: dict[tuple[str, str, str], Figure] = {}
    for day in (FIRST_BOARD, SECOND_BOARD):
        counts: Counter[Bucket] = Counter()
        for (noun, ref), of_one in changes.items():
            action = version_on(fold(Action, ref, of_one), day) if noun == "action" else None
            if action is not None:
                status = status_as_of(standing(action), day)
                counts[Bucket(action.year, None, status, action.priority)] += 1
        found = tally(counts, PRIORITIES, day)
        yield from unfooted(found.figures)
        figures |= {(day.isoformat(), f.year, f.status): f for f in found.figures}
    published = rows("tallies.csv")
    if len(published) != len(figures):
        yield f"{len(published)} rows are published, and the register gives {len(figures)}"
    for row in published:
        figure = figures[row["as_of"], row["year"], row["status"]]
        wanted = [int(row[column]) for column in ("total", "high", "medium", "low")]
        if wanted != [figure.total, *figure.by_priority]:
            yield f"{row} is published, and the register gives {figure}"
    for row in rows("percentages.csv"):
        figure = figures[row["as_of"], row["year"], row["status"]]
        if [int(row["count"]), int(row["percent"])] != [figure.total, figure.percent]:
            yield f"{row} is published, and the register gives {figure}"


def check_audits(changes: dict[tuple[str, str], list[Change]]) -> Iterator[str]:
    """Yield a line for each figure on 31 October that differs from audit_plan.csv."""
    found = []
    for (noun, ref), of_one in changes.items():
        audit = version_on(fold(Audit, ref, of_one), SECOND_BOARD) if noun == "audit" else None
        if audit is not None and audit.year == "23/24":
            numbers = [str(number) for number in audit.findings or ()]
            plan = [audit.year, audit.quarter, audit.status, audit.name, audit.classification]
            found.append([*plan, *numbers])
    for row, given in zip(rows("audit_plan.csv"), found, strict=True):
        if list(row.values()) != given:
            yield f"{row} is published, and the register gives {given}"


def check_times(entries: list[Entry]) -> Iterator[str]:
    """Yield a line for each entry that is out of order, or too early or late for a board."""
    first_board_at = datetime(2023, 10, 4, 8, 30, tzinfo=UTC)
    second_board_at = datetime(2023, 11, 11, tzinfo=UTC)
    met_at = datetime(2023, 11, 23, 8, tzinfo=UTC)
    for before, entry in zip([None, *entries], entries, strict=False):
        at = entry.recorded_at
        if before is not None and at <= before.recorded_at:
            yield f"the entry of {at} is not later than the one before"
        for change in entry.changes:
            on = change.effective_on
            late_for_first = on <= FIRST_BOARD and at >= first_board_at
            late_for_second = on <= SECOND_BOARD and at >= second_board_at
            if late_for_first or late_for_second or at.date() < on or at >= met_at:
                yield f"{change.ref}: effective on {on}, recorded at {at}"


if __name__ == "__main__":
    main()
