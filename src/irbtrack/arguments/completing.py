"""Offer values when somebody presses Tab: values from the register, and fixed words.

Each function is the ``autocompletion=`` of an option or argument. It returns values with their
descriptions, or nothing if the register is missing or can't be used.
"""

from collections.abc import Callable, Iterable
from typing import Any

import typer

from irbtrack.domain.dates import FOREVER, say_date
from irbtrack.domain.figures.selection import GROUPS, OPEN
from irbtrack.domain.nouns.action import Closure
from irbtrack.domain.nouns.audit import AuditStatus
from irbtrack.domain.nouns.note import Section
from irbtrack.domain.nouns.rating import COMPUTED, RAG_NAMES, Rag, Trend
from irbtrack.domain.nouns.status import COUNTED, Status
from irbtrack.render import FORMS

Offers = list[tuple[str, str]]
"""Values with their descriptions."""

Complete = Callable[[typer.Context, list[str], str], Offers]

MOST = 5_000
"""If there are more values than this, none is offered until another letter is typed."""


def _rows(ctx: typer.Context, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query to the register that the command line names.

    Return none if there are more than :data:`MOST`.
    """
    from irbtrack.store.database import locate
    from irbtrack.store.reading import reading

    try:
        with reading(locate(ctx.find_root().params.get("database"), wait=1)) as reader:
            rows = list(reader.rows(f"{sql} LIMIT {MOST + 1}", **parameters))
    except Exception:  # any message would be written over what is being typed
        return []
    return rows if len(rows) <= MOST else []


def _records(noun: str, label: str, which: str = "") -> Complete:
    """Return a function that offers the references of a noun that begin as typed."""
    sql = (
        f"SELECT ref, {label} FROM {noun}_version"  # noqa: S608 - the program's own names
        f" WHERE valid_to = :forever AND {BEGUN} {which}"
    )

    def complete(ctx: typer.Context, args: list[str], incomplete: str) -> Offers:
        del args
        return sorted(_rows(ctx, sql, forever=FOREVER, begun=_begun(incomplete)))

    return complete


BEGUN = "LOWER(ref) LIKE :begun ESCAPE '~'"
"""The condition of references that begin as typed, in capitals or not, on any database."""


def _begun(typed: str) -> str:
    """Return what :data:`BEGUN` compares with; signs that mean any text mean themselves."""
    return "".join(f"~{one}" if one in "~%_" else one for one in typed.lower()) + "%"


actions = _records("action", "title")
audits = _records("audit", "name || ' ' || year")
directions = _records("direction", "title")
directorates = _records("directorate", "name")
milestones = _records("milestone", "title", "AND dropped_on IS NULL")
notes = _records("note", "text", "AND dropped_on IS NULL")
officers = _records("officer", "title")
waivers = _records("waiver", "check_name", "AND dropped_on IS NULL")
workstreams = _records("workstream", "name")


def years(ctx: typer.Context, args: list[str], incomplete: str) -> Offers:
    """Offer the financial years that have audits or actions."""
    del args, incomplete
    rows = _rows(ctx, "SELECT year FROM audit_version UNION SELECT year FROM action_version")
    return [(year, "") for (year,) in sorted(rows)]


def sources(ctx: typer.Context, args: list[str], incomplete: str) -> Offers:
    """Offer the sources of audits, and those on the council's list."""
    reviewed = _rows(ctx, "SELECT DISTINCT source FROM audit_version")
    known = {source for (source,) in reviewed} | {
        name for name, _ in _listed(ctx, args, incomplete)
    }
    return [(source, "") for source in sorted(known)]


def _scale(field: str) -> Complete:
    """Return a function that offers the names on one of the council's scales."""
    sql = f"SELECT {field} FROM council_version WHERE valid_to = :forever"  # noqa: S608 - as above

    def complete(ctx: typer.Context, args: list[str], incomplete: str) -> Offers:
        import json

        del args, incomplete
        rows = _rows(ctx, sql, forever=FOREVER)
        return [offer for (names,) in rows for offer in _as_words(json.loads(names))]

    return complete


priorities = _scale("priorities")
_listed = _scale("sources")
classifications = _scale("classifications")


def records(ctx: typer.Context, args: list[str], incomplete: str) -> Offers:
    """Offer every reference that the journal knows, with its noun."""
    del args
    sql = f"SELECT DISTINCT ref, noun FROM change WHERE {BEGUN}"  # noqa: S608
    return sorted(_rows(ctx, sql, begun=_begun(incomplete)))


def snapshots(ctx: typer.Context, args: list[str], incomplete: str) -> Offers:
    """Offer the days of the snapshots, the newest first, with their labels."""
    del args, incomplete
    from irbtrack.store.database import as_date

    rows = _rows(ctx, "SELECT as_of, label FROM snapshot ORDER BY as_of DESC, id")
    labels = {as_date(as_of): label for as_of, label in rows}
    return [(day.isoformat(), label or say_date(day)) for day, label in labels.items() if day]


def checks(ctx: typer.Context, args: list[str], incomplete: str) -> Offers:
    """Offer the checks, with what each looks for."""
    del ctx, args, incomplete
    from irbtrack.domain.checks import CHECKS  # which few commands need

    return [(check.name, check.looks_for) for check in CHECKS]


def _as_words(choices: Iterable[str]) -> Offers:
    """Return choices as one word each, as people type them."""
    return [("-".join(choice.lower().split()), "") for choice in choices]


def _known(offers: Offers) -> Complete:
    """Return a function that offers words that are the same in every register."""

    def complete(ctx: typer.Context, args: list[str], incomplete: str) -> Offers:
        del ctx, args, incomplete
        return offers

    return complete


statuses = _known([*_as_words(Status), (OPEN.lower(), "neither complete nor closed")])
tallied = _known([*_as_words(COUNTED), ("totals", ""), ("all", "each of these")])
points = _known([("month", ""), ("quarter", ""), ("board", "the days of the snapshots")])
audit_statuses = _known(_as_words(AuditStatus))
quarters = _known([(f"Q{n}", "") for n in range(1, 5)])
groups = _known([(group, "") for group in GROUPS])
groupings = _known([("directorate", ""), ("year", "")])
trends = _known([(word, "") for word in (*Trend, COMPUTED)])
closures = _known(_as_words(Closure))
rags = _known([(rag.value, RAG_NAMES[rag]) for rag in Rag])
sections = _known(_as_words(Section))
bases = _known([("original", ""), ("current", "")])
formats = _known([(form, "") for form in FORMS])
