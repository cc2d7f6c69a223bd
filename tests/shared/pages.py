"""Board packs made by hand, with every kind of block, and one's own texts in all of them."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from irbtrack.domain.answers import LAST, Column, Kind, Mark, Table, Timeline
from irbtrack.domain.figures.sentences import Number, sentence
from irbtrack.packs.document import (
    BoardPack,
    Chart,
    ChartKind,
    Cover,
    Drawing,
    Grid,
    Heading,
    Look,
    PackSection,
    Points,
    Proof,
    Prose,
    Series,
)

DAY, BEFORE = date(2023, 10, 31), date(2023, 10, 3)

Say = Callable[[str], str]
"""Says what people typed in a place of the pack, given what is usual there."""


def usual(text: str) -> str:
    """The text that is usual."""
    return text


def pack_of(say: Say = usual, *, look: Look = Look("#1f3864", "A4")) -> BoardPack:  # noqa: B008
    """A pack with every kind of block and of cell."""
    cover = Cover(
        say("Example Borough Council"),
        say("Progress report"),
        date(2023, 11, 23),
        DAY,
        BEFORE,
        say("Head of Improvement"),
        say("Improvement Team"),
        say("OFFICIAL"),
    )
    proof = Proof(
        "0.1.0",
        DAY,
        BEFORE,
        17,
        datetime(2023, 11, 20, 14, 11, tzinfo=UTC),
        "ab" * 32,
        "cd" * 32,
        {},
    )
    return BoardPack(cover, (words(say), pictures(say), annex(say)), look, proof)


def words(say: Say = usual) -> PackSection:
    """A section of what people said."""
    columns = (
        Column("ref", "Ref", Kind.CODE),
        Column("title", "Direction"),
        Column("rag", "RAG", Kind.RAG),
        Column("target_on", "Target", Kind.DATE),
        Column("slipped", "Days slipped", Kind.CHANGE),
        Column("commentary", say("Commentary"), Kind.MARKDOWN),
    )
    rows = [
        (
            "3a",
            say("Financial sustainability"),
            "A",
            date(2024, 3, 31),
            28,
            say("- **One** of\n- two"),
        ),
        ("3b", say("Governance\nof the council"), "R", date(2023, 12, 1), -3, None),
        ("5", say("Culture"), None, None, 0, say("See [the plan](https://example.org/plan).")),
    ]
    told = sentence(
        "Of the ", Number(3, "", refs=("3a", "3b", "5")), " directions, ",
        Number(1, "", refs=("3a",)), " is amber (", Number(33, ""), "%).",
    )  # fmt: skip
    return PackSection(
        "directions",
        say("Directions"),
        (
            Points((say("The **headline** of the month.\n\n1. First\n2. Second\n   - Within"),)),
            Prose((told,)),
            Heading(say("3a Financial sustainability")),
            Points((say("One *thing* was done"), say("So was another"))),
            Points((say("Do the next one"),), numbered=True),
            Grid(Table(columns, rows, say("Directions: progress"))),
        ),
    )


def pictures(say: Say = usual) -> PackSection:
    """A section of a chart and a plan."""
    columns = (
        Column("directorate", "Directorate"),
        Column("total", "Overdue", Kind.NUMBER),
        Column("high", say("High"), Kind.NUMBER),
    )
    rows = [(say("Finance"), 3, 1), (say("Housing"), 10, 0), ("Totals", 13, 1)]
    late = tuple(f"2223-{n:03}" for n in range(1, 14))
    lists = {(0, 1): late[:3], (0, 2): late[:1], (1, 1): late[3:], (2, 1): late, (2, 2): late[:1]}
    chart = Chart(
        ChartKind.STACKED,
        "Overdue by directorate",
        say("Bars: Housing 10, Finance 3."),
        (say("Finance"), say("Housing")),
        (Series(say("High"), (1, 0)), Series("Low", (2, 10))),
        Grid(Table(columns, rows, "Overdue by directorate", LAST), lists),
    )
    plan = Table(
        (
            Column("workstream", "Workstream"),
            Column("title", "Milestone"),
            Column("on", "On", Kind.DATE),
        ),
        [(say("Oversight"), say("Board meets"), date(2023, 11, 23))],
        "Recovery plan: milestones",
    )
    mark = Mark(say("Board meets"), None, date(2023, 11, 23), date(2023, 11, 23), "G")
    timeline = Timeline(
        ((0, say("Oversight"), (mark,)),), date(2023, 10, 1), date(2024, 1, 1), DAY, plan
    )
    drawing = Drawing("Recovery plan", say("A timeline with one milestone."), timeline, Grid(plan))
    return PackSection("pictures", "Pictures", (chart, drawing))


def annex(say: Say = usual) -> PackSection:
    """A section with a table that is long, and one with totals among its rows."""
    columns = (
        Column("ref", "Ref", Kind.CODE),
        Column("title", "Title"),
        Column("owner", "Owner", Kind.CODE),
        Column("due_on", "Due", Kind.DATE),
        Column("days_overdue", "Days overdue", Kind.NUMBER),
    )
    rows = [
        (f"2223-{n:03}", say(f"Agree matter {n}"), say("hs-finance"), date(2023, 10, n), 31 - n)
        for n in range(1, 16)
    ]
    audits = Table(
        (
            Column("ref", "Ref", Kind.CODE),
            Column("name", "Name"),
            Column("high", "High", Kind.NUMBER),
        ),
        [("A1", "Payroll", 2), ("", "Q1 Total", 2), ("A2", "Parks", 1), ("", "Q2 Total", 1)],
        "The audit plan",
        frozenset({1, 3}),
    )
    return PackSection(
        "annex", "Annex", (Grid(Table(columns, rows, "Actions, listed")), Grid(audits))
    )
