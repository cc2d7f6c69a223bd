"""The life of each made-up action, told change by change by the program's own rules.

An action's path says where it stood on 3 and on 31 October 2023. What happened on the way is
drawn at random, so that the register looks like one that people kept.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from wording import Title, Wording

from irbtrack.domain.journal import Change, fold
from irbtrack.domain.nouns.action import (
    Action,
    Closure,
    History,
    allocated,
    closed,
    completed,
    progressed,
    redated,
    reopened,
    updated,
    verified,
)
from irbtrack.domain.nouns.council import PRIORITIES

KEEPER = "register-officer"
AUDITOR = "ha-internal-audit"

FIRST_BOARD = date(2023, 10, 3)
SECOND_BOARD = date(2023, 10, 31)
DAY_BEFORE = date(2023, 10, 2)

HOLIDAYS = {
    date(2021, 8, 30), date(2022, 4, 15), date(2022, 4, 18), date(2022, 5, 2),
    date(2022, 6, 2), date(2022, 6, 3), date(2022, 8, 29), date(2022, 9, 19),
    date(2023, 4, 7), date(2023, 4, 10), date(2023, 5, 1), date(2023, 5, 8),
    date(2023, 5, 29), date(2023, 8, 28),
}  # fmt: skip

COMMITTEES = (
    date(2021, 9, 29), date(2021, 12, 15), date(2022, 3, 16), date(2022, 5, 18),
    date(2022, 7, 20), date(2022, 9, 28), date(2022, 12, 14), date(2023, 3, 15),
    date(2023, 5, 17), date(2023, 7, 19), date(2023, 9, 27),
)  # fmt: skip
"""The days on which the Audit Committee met. It approves some of the later due dates."""

TARGETS = {
    "NN": [date(2023, 10, 31), date(2023, 11, 30), date(2023, 12, 31), date(2024, 1, 31),
           date(2024, 2, 29), date(2024, 3, 31)],
    "NO": [date(2023, 10, day) for day in (6, 13, 20, 27)],
    "NC": [date(2023, 10, 20), date(2023, 10, 31), date(2023, 11, 30)],
    "UO": [date(2023, 10, 27)],
    "UC": [date(2023, 10, 31), date(2023, 11, 30)],
}  # fmt: skip
"""The last due date before 3 October, for each path on which it matters."""
TARGETS |= {"UN": TARGETS["NN"][1:], "UU": TARGETS["NN"][1:]}

MONTHS_ALLOWED = {"High": (2, 4), "Medium": (2, 6), "Low": (3, 9)}

CLOSURES = {
    "21/22": [Closure.SUPERSEDED, Closure.WITHDRAWN, Closure.NO_LONGER_APPLICABLE],
    "22/23": [Closure.RISK_ACCEPTED, Closure.WITHDRAWN, Closure.NO_LONGER_APPLICABLE],
}


@dataclass(frozen=True)
class Case:
    """An action to be told: its priority, its path, and the turn of its history, if any."""

    priority: str
    path: str
    turn: str = ""


@dataclass(frozen=True)
class Subject:
    """What is known of an action when it is raised."""

    ref: str
    year: str
    audit: str
    audit_finalised_on: date | None
    raised_on: date
    title: Title
    directorate: str
    owner: str


@dataclass(frozen=True)
class Event:
    """One change, and what its entry will say. Events of one ``group`` share an entry."""

    command: str
    group: str
    change: Change
    reason: str | None = None
    recorded_by: str = KEEPER


class Story:
    """What has been told of one action so far."""

    def __init__(self, subject: Subject, case: Case) -> None:
        self.subject = subject
        self.case = case
        self.events: list[Event] = []
        self.percent = 0

    @property
    def history(self) -> History:
        """Return the action's versions, as the register folds them."""
        return fold(Action, self.subject.ref, [event.change for event in self.events])

    @property
    def now(self) -> Action:
        """Return the action after the last change."""
        return self.history[-1].record

    @property
    def last_on(self) -> date:
        """Return the day of the last change."""
        return self.events[-1].change.effective_on

    def add(
        self,
        command: str,
        on: date,
        fields: dict[str, Any],
        *,
        reason: str | None = None,
        by: str = KEEPER,
    ) -> None:
        """Tell one change."""
        change = Change("action", self.subject.ref, on, fields)
        self.events.append(Event(command, self.subject.audit, change, reason, by))


def is_working(day: date) -> bool:
    """Return whether the council is at work: on no weekend, bank holiday or Christmas closure."""
    christmas = (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not christmas and day not in HOLIDAYS


def days(first: date, number: int) -> date:
    """Return the day that is ``number`` days later."""
    return first + timedelta(days=number)


def month_end(day: date, months: int) -> date:
    """Return the last day of the month that is ``months`` after that of ``day``."""
    following = day.year * 12 + day.month + months
    return date(following // 12, following % 12 + 1, 1) - timedelta(days=1)


class Teller:
    """A teller of histories. It draws at random what is not laid down."""

    def __init__(self, rng: Random, wording: Wording, officers: dict[str, list[str]]) -> None:
        self.rng = rng
        self.wording = wording
        self.officers = officers
        self.agreed: dict[tuple[str, date], tuple[str, str | None]] = {}
        self.closures = {year: list(kinds) for year, kinds in CLOSURES.items()}

    def tell(self, subject: Subject, case: Case) -> list[Event]:
        """Return all changes of one action, in order of effect."""
        story = Story(subject, case)
        dues = self._due_dates(story)
        self._raise(story, dues[0])
        if case.path[0] != "U":
            self._allocate(story, dues[0])
            self._turn(story)
            self._redate_through(story, dues)
            self._until_first_board(story)
        self._october(story)
        self._november(story)
        return story.events

    # -- choosing days and dates ------------------------------------------------------------

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _day(self, story: Story, first: date, last: date, weekday: int | None = None) -> date:
        """Return a working day from ``first`` to ``last`` after the story's last change."""
        found = self._day_if_any(story, first, last, weekday)
        if found is None:
            raise SystemExit(f"{story.subject.ref} {story.case}: no day from {first} to {last}")
        return found

    def _day_if_any(
        self, story: Story, first: date, last: date, weekday: int | None = None
    ) -> date | None:
        start = max(first, days(story.last_on, 1))
        possible = [days(start, n) for n in range((last - start).days + 1)]
        possible = [day for day in possible if is_working(day)]
        preferred = [day for day in possible if day.weekday() == weekday]
        return self.rng.choice(preferred or possible) if possible else None

    def _due_dates(self, story: Story) -> list[date]:
        """Return the original due date and the later ones agreed before 3 October, in order."""
        raised_on, path = story.subject.raised_on, story.case.path
        soonest, latest = MONTHS_ALLOWED[story.case.priority]
        original = month_end(raised_on, self.rng.randint(soonest, latest))
        if path in TARGETS:
            return self._due_dates_to(self.rng.choice(TARGETS[path]), original, story)
        if path != "CC":
            original = min(original, date(2023, 8, 31))
        chances = (78, 15, 5, 2) if path[0] == "C" else (36, 34, 21, 9)
        times = self.rng.choices((0, 1, 2, 3), chances)[0]
        if story.case.turn in ("reopened", "lapsed"):
            times = 0
        dues = [original]
        for _ in range(times):
            later = month_end(dues[-1], self.rng.randint(2, 5))
            if later >= FIRST_BOARD:
                break
            dues.append(later)
        return dues

    def _due_dates_to(self, target: date, original: date, story: Story) -> list[date]:
        """Return due dates that end with ``target``, or it alone if it is near enough."""
        near = (target - story.subject.raised_on).days < 250
        if story.case.path[0] == "U" or (near and self._chance(0.8)) or original > DAY_BEFORE:
            return [target]
        times = self.rng.choices((1, 2, 3), (60, 30, 10))[0]
        step = (target - original).days / times
        between = [month_end(days(original, int(step * n)), 0) for n in range(1, times)]
        return [due for due in sorted({original, *between}) if due < FIRST_BOARD] + [target]

    # -- until 3 October --------------------------------------------------------------------

    def _raise(self, story: Story, due_on: date) -> None:
        subject, case = story.subject, story.case
        fields: dict[str, Any] = {
            "raised_on": subject.raised_on,
            "year": subject.year,
            "audit": subject.audit,
            "title": subject.title.text,
            "priority": case.priority,
            "directorate": subject.directorate,
        }
        owner = subject.owner
        if case.turn == "regraded":
            fields["priority"] = "Medium" if case.priority != "Medium" else PRIORITIES[0]
        if case.turn == "moved":
            owner = self._someone_elsewhere(subject.directorate)
            fields["directorate"] = self.officers[owner][1]
        if self._chance(0.3):
            fields["detail"] = self.wording.detail(subject.title.kind)
        if case.path[0] == "U":
            known = self.rng.choices(("", "owner", "due_on"), (50, 35, 15))[0]
            known = known if case.path in ("UU", "UN") or known != "due_on" else ""
        else:
            known = self.rng.choices(("", "owner", "owner due_on"), (18, 22, 60))[0]
        given = {"owner": owner, "due_on": due_on}
        fields |= {field: given[field] for field in known.split()}
        story.add("action add", subject.raised_on, fields)

    def _someone_elsewhere(self, directorate: str) -> str:
        others = [
            post
            for post, (_, at) in self.officers.items()
            if at != directorate and post not in (KEEPER, AUDITOR)
        ]
        return self.rng.choice(others)

    def _allocate(self, story: Story, due_on: date) -> None:
        """Set owner and due date, unless they were known when the action was raised."""
        now = story.now
        if now.owner and now.due_on:
            return
        owner = story.subject.owner
        if story.case.turn == "moved":
            owner = next(p for p, (_, at) in self.officers.items() if at == now.directorate)
        first = days(now.raised_on, 5)
        on = self._day(story, first, min(days(first, 30), DAY_BEFORE, days(due_on, -14)), 1)
        given: dict[str, Any] = {} if now.owner else {"owner": owner}
        if not now.due_on:
            given["due_on"] = due_on
        story.add("action allocate", on, allocated(story.history, on, given))

    def _turn(self, story: Story) -> None:
        """Regrade or move the action, or accept its risk for a time that is over."""
        start = days(story.last_on, 7)
        if story.case.turn == "regraded":
            on = self._day(story, start, days(start, 40))
            change = updated(story.history, on, {"priority": story.case.priority})
            story.add("action update", on, change)
        elif story.case.turn == "moved":
            self._move(story, self._day(story, start, days(start, 40)), story.subject.owner)
        elif story.case.turn == "lapsed":
            on = self._day(story, start, days(start, 40))
            expires_on = month_end(on, 3)
            fields = closed(story.history, on, Closure.RISK_ACCEPTED, expires_on)
            reason = self.wording.closure_reason(Closure.RISK_ACCEPTED)
            story.add("action close", on, fields, reason=reason)

    def _move(self, story: Story, on: date, owner: str) -> None:
        """Move it to the directorate of another owner, who takes it on within days."""
        fields = updated(story.history, on, {"directorate": self.officers[owner][1]})
        story.add("action update", on, fields)
        taken_on = self._day(story, on, days(on, 5))
        fields = allocated(story.history, taken_on, {"owner": owner})
        story.add("action allocate", taken_on, fields)

    def _redate_through(self, story: Story, dues: list[date]) -> None:
        """Agree each later due date at about the time of the one before."""
        for due_on, later in pairwise(dues):
            first, last = days(due_on, -12), min(days(due_on, 25), days(later, -7), DAY_BEFORE)
            if self._chance(0.35):
                self._progress(story, days(first, -40), days(first, -3))
            on = self._day_if_any(story, first, last, 2)
            if on is not None:
                self._redate(story, on, later)

    def _redate(self, story: Story, on: date, due_on: date) -> None:
        at = (story.subject.audit, on)
        if at not in self.agreed:
            self.agreed[at] = (self.wording.reason("redated"), self._approval(on))
        reason, approved_by = self.agreed[at]
        fields = redated(story.history, on, due_on, approved_by)
        story.add("action redate", on, fields, reason=reason)

    def _approval(self, on: date) -> str | None:
        """Return the meeting that approved a later date, if one was held shortly before."""
        met = [day for day in COMMITTEES if day <= on <= days(day, 40)]
        if met and self._chance(0.6):
            return f"Audit Committee {met[-1].day} {met[-1]:%b}, item {self.rng.randint(4, 9)}"
        return "Executive Director, Finance and Commercial" if self._chance(0.15) else None

    def _progress(self, story: Story, first: date, last: date) -> None:
        """Tell what the owner reports, if there is a day for it."""
        on = self._day_if_any(story, max(first, days(story.last_on, 10)), last)
        if on is None or story.percent >= 90:
            return
        steps = (40, 50, 60, 75) if story.case.path[1] == "C" else (10, 20, 25, 30, 40)
        story.percent = min(90, story.percent + self.rng.choice(steps))
        text = self.wording.progress(story.percent)
        fields = progressed(story.history, on, text, story.percent)
        story.add("action progress", on, fields)

    def _complete(self, story: Story, first: date, last: date) -> None:
        on = self._day(story, first, last, 4 if self._chance(0.5) else None)
        kind = story.subject.title.kind
        evidence = self.wording.evidence(kind) if self._chance(0.55) else None
        story.add("action complete", on, completed(story.history, on, evidence, None))

    def _verify(self, story: Story, first: date, last: date) -> None:
        """Tell audit's confirmation, if there is a day for it."""
        on = self._day_if_any(story, first, last, 3)
        if on is not None:
            fields = verified(story.history, on, AUDITOR)
            story.add("action verify", on, fields, by=AUDITOR)

    def _reopen(self, story: Story, first: date, last: date) -> None:
        on = self._day(story, first, last)
        reason = self.wording.reason("reopened")
        story.add("action reopen", on, reopened(story.history, on), reason=reason, by=AUDITOR)

    def _until_first_board(self, story: Story) -> None:
        """Tell the outcome that the action had on 3 October."""
        stood, case = story.case.path[0], story.case
        if stood == "C":
            self._complete_by_first_board(story)
            share = 0.4 if story.subject.year == "21/22" else 0.3
            if case.path == "CC" and case.turn != "reopened in October" and self._chance(share):
                done = story.last_on
                self._verify(story, days(done, 15), min(days(done, 90), DAY_BEFORE))
        elif stood == "X":
            on = self._day(story, days(story.subject.raised_on, 60), DAY_BEFORE)
            closure = self.closures[story.subject.year].pop(0)
            expires_on = date(2024, 3, 31) if closure is Closure.RISK_ACCEPTED else None
            fields = closed(story.history, on, closure, expires_on)
            story.add("action close", on, fields, reason=self.wording.closure_reason(closure))
        else:
            if case.turn == "" and self._chance(0.06):
                self._change_owner(story)
            if self._chance(0.45):
                self._progress(story, days(story.subject.raised_on, 30), DAY_BEFORE)

    def _complete_by_first_board(self, story: Story) -> None:
        due_on = story.now.due_on or DAY_BEFORE
        earliest = days(story.subject.raised_on, 20)
        if self._chance(0.2):
            self._progress(story, earliest, days(due_on, -30))
            earliest = max(earliest, days(story.last_on, 10))
        if story.case.turn == "reopened":
            self._complete(story, earliest, min(days(due_on, 20), date(2023, 4, 28)))
            if self._chance(0.5):
                self._verify(story, days(story.last_on, 10), days(story.last_on, 30))
            self._reopen(story, days(story.last_on, 14), days(story.last_on, 70))
            earliest = days(story.last_on, 20)
            self._complete(story, earliest, min(days(earliest, 70), DAY_BEFORE))
            return
        first, last = max(earliest, days(due_on, -30)), min(days(due_on, 60), DAY_BEFORE)
        self._complete(story, first if first <= last else earliest, last)

    def _change_owner(self, story: Story) -> None:
        """Let another post of the same directorate take the action on."""
        now = story.now
        posts = [
            post
            for post, (_, at) in self.officers.items()
            if at == now.directorate and post not in (now.owner, KEEPER, AUDITOR)
        ]
        on = self._day_if_any(story, days(story.last_on, 30), DAY_BEFORE)
        if posts and on is not None:
            fields = allocated(story.history, on, {"owner": self.rng.choice(posts)})
            story.add("action allocate", on, fields)

    # -- from 4 October ---------------------------------------------------------------------

    def _october(self, story: Story) -> None:
        """Tell what led to where the action stood on 31 October."""
        path, turn = story.case.path, story.case.turn
        if path[0] == "U" and path[1] in "NOC":
            self._allocate_in_october(story)
        if path == "UX":
            self._supersede(story, date(2023, 10, 11))
        elif path == "CO" or turn == "reopened in October":
            self._reopen(story, date(2023, 10, 5), date(2023, 10, 13))
        elif path == "ON":
            on = self._day(story, date(2023, 10, 5), date(2023, 10, 27), 2)
            self._redate(story, on, self.rng.choice(TARGETS["NN"][1:]))
        elif turn == "redated in October":
            on = self._day(story, date(2023, 10, 4), date(2023, 10, 13), 2)
            self._redate(story, on, date(2023, 10, 27))
        elif turn == "moved in October":
            on = self._day(story, date(2023, 10, 9), date(2023, 10, 20))
            self._move(story, on, self._someone_elsewhere(story.now.directorate))
        elif path == "NN" and story.now.due_on == SECOND_BOARD and self._chance(0.4):
            on = self._day(story, date(2023, 10, 16), date(2023, 10, 30), 2)
            self._redate(story, on, self.rng.choice(TARGETS["NN"][1:]))
        elif path in ("NN", "OO") and self._chance(0.12):
            self._progress(story, date(2023, 10, 4), SECOND_BOARD)
        if (path[1] == "C" and path[0] != "C") or turn == "reopened in October":
            self._complete(story, days(max(story.last_on, FIRST_BOARD), 2), SECOND_BOARD)
        elif path == "CC" and story.now.verified_on is None and self._chance(0.05):
            self._verify(story, date(2023, 10, 4), SECOND_BOARD)

    def _allocate_in_october(self, story: Story) -> None:
        """Allocate it with its audit's final report, or at any time if that is a draft."""
        final_on = story.subject.audit_finalised_on
        first, last = date(2023, 10, 5), date(2023, 10, 27)
        if final_on is not None:
            first, last = final_on, days(final_on, 5)
        now, path = story.now, story.case.path
        given: dict[str, Any] = {}
        if not now.due_on:
            given["due_on"] = self.rng.choice(TARGETS[path])
        if not now.owner:
            given["owner"] = story.subject.owner
        on = self._day(story, first, last, None if final_on is None else final_on.weekday())
        story.add("action allocate", on, allocated(story.history, on, given))

    def _supersede(self, story: Story, on: date) -> None:
        fields = closed(story.history, on, Closure.SUPERSEDED, None)
        reason = self.wording.closure_reason(Closure.SUPERSEDED)
        story.add("action close", on, fields, reason=reason)

    def _november(self, story: Story) -> None:
        """Tell what was reported after the second date and before the board met."""
        first, last = date(2023, 11, 1), date(2023, 11, 14)
        path = story.case.path
        if story.case.turn == "completed in November":
            self._complete(story, first, last)
        elif path in ("NN", "OO") and self._chance(0.04):
            self._progress(story, first, last)
        elif path in ("OC", "NC") and self._chance(0.2):
            self._verify(story, first, last)
