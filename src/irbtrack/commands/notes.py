"""``irbtrack note add | list | drop``, and the commentary that other commands keep."""

from datetime import date
from typing import Annotated, Any

import typer

from irbtrack.commands import find
from irbtrack.commands.options import (
    AsOf,
    Dated,
    DryRun,
    Form,
    KnownAt,
    On,
    Reason,
    as_of_day,
    known_at_moment,
)
from irbtrack.commands.session import Planned, each, note, required, session_of
from irbtrack.domain.board import Answer, Column, Kind, Table
from irbtrack.domain.dates import (
    PartialDate,
    read_date,
    read_partial_date,
    say_date,
    say_partial_date,
)
from irbtrack.domain.journal import Change
from irbtrack.domain.lifecycle import next_ref
from irbtrack.domain.notes import comment_date, in_force, placed
from irbtrack.domain.records import Note, Section
from irbtrack.domain.words import read_choice, read_text, read_title, read_whole
from irbtrack.errors import Misused, Refused
from irbtrack.render import TABLE, put_out
from irbtrack.store.database import Reader
from irbtrack.store.gather import records_as_of, refs

ADDED = tuple(section.value for section in Section if section is not Section.COMMENTARY)
"""The sections that ``note add`` is for; commentary comes with a direction or a milestone."""

OfDirection = Annotated[
    str | None, typer.Option("--direction", metavar="REF", help="The direction it is about.")
]
OfWorkstream = Annotated[
    str | None, typer.Option("--workstream", metavar="CODE", help="The workstream it is about.")
]


def dated_day(dated: str | None, comment: str | None, day: date) -> PartialDate:
    """The date of a commentary: ``--dated``, which may not be after ``day``, or ``day``."""
    if dated is None:
        return PartialDate(day)
    if comment is None:
        raise Misused("--dated is the date of a text; give the text too")
    return comment_date(read_partial_date(dated, day), day)


def kept_comment(
    reader: Reader, about: dict[str, str], text: str, dated: PartialDate, day: date
) -> Planned:
    """The plan for a commentary on a direction or milestone, from ``day``."""
    fields = {"section": Section.COMMENTARY.value, "text": read_text("the commentary", text)}
    change = _new_note(reader, about | fields, dated, day)
    [ref] = about.values()
    when = say_partial_date(dated.day, dated.known_to)
    return Planned(change, f"{ref}: commentary of {when} kept as {change.ref}")


def _new_note(reader: Reader, fields: dict[str, Any], dated: PartialDate, day: date) -> Change:
    ref = next_ref("N", refs(reader, "note"), digits=1)
    own = {"dated_on": dated.day}
    closeness = {"dated_to": dated.known_to} if dated.known_to != "day" else {}
    return Change("note", ref, day, fields | own | closeness)


def add(
    ctx: typer.Context,
    section: Annotated[
        str | None,
        typer.Argument(
            metavar="SECTION", help="Headline, forward look, progress, next step or theme."
        ),
    ] = None,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What it says, in Markdown.")
    ] = None,
    direction: OfDirection = None,
    workstream: OfWorkstream = None,
    theme: Annotated[
        str | None, typer.Option("--theme", metavar="NAME", help="The theme, if it is for one.")
    ] = None,
    board: Annotated[
        str | None,
        typer.Option(
            "--board", metavar="DATE", help="For that board only; until dropped if left out."
        ),
    ] = None,
    place: Annotated[
        str | None,
        typer.Option("--place", metavar="N", help="First, second, ... in its section; the last."),
    ] = None,
    dated: Dated = None,
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Add a note, and print its reference.

    Progress and next steps are of a direction, and a theme has its name. Commentary on a
    direction or milestone is kept by 'direction update' and 'milestone update'.
    """
    session = session_of(ctx)
    day = session.day(on)
    part = required(section, "the SECTION", "Section", lambda t: read_choice("a section", t, ADDED))
    words = required(text, "the TEXT", "Text", lambda t: read_text("the note", t))
    _refuse_unless_fitting(part, direction, workstream, theme)
    dated_on = dated_day(dated, words, day)
    fields = {"section": part, "text": words}
    if theme is not None:
        fields["theme"] = read_title("the theme", theme)
    board_on = read_date(board, session.today) if board else None
    if board_on is not None and board_on < day:
        raise Refused(
            f"the board of {say_date(board_on)} was before {say_date(day)}, from when the note"
            " would hold; give a later board or an earlier --on"
        )
    nth = max(read_whole("a place", place, 999), 1) if place else None

    def plan(reader: Reader) -> list[Planned]:
        about: dict[str, Any] = {}
        if direction is not None:
            about["direction"] = find.direction(reader, direction).ref
        if workstream is not None:
            about["workstream"] = find.workstream(reader, workstream).ref
        board_fields = {"board_on": board_on} if board_on else {}
        key = (part, about.get("direction"), about.get("workstream"), fields.get("theme"))
        beside = [
            one
            for one in in_force(records_as_of(reader, Note, day), day)
            if (one.section, one.direction, one.workstream, one.theme) == key
        ]
        position, moved = placed(beside, nth)
        given = fields | about | board_fields | {"position": position}
        change = _new_note(reader, given, dated_on, day)
        said = f"{change.ref} added to {part}"
        if board_on:
            said += f", for the board of {say_date(board_on)}"
        return [
            Planned(change, said),
            *(
                Planned(Change("note", ref, day, {"position": to}), f"{ref}: position now {to}")
                for ref, to in moved.items()
            ),
        ]

    changes = session.record("note add", plan, dry_run=dry_run)
    if not dry_run:
        typer.echo(changes[0].ref)


def _refuse_unless_fitting(
    section: str, direction: str | None, workstream: str | None, theme: str | None
) -> None:
    if section in (Section.PROGRESS, Section.NEXT_STEP) and direction is None:
        raise Misused(f"a note of {section} is of a direction; give --direction REF")
    if (section == Section.THEME) != (theme is not None):
        what = "a Theme needs its name" if theme is None else "only a Theme has a name"
        raise Misused(f"{what}; {'give' if theme is None else 'leave out'} --theme")
    if direction is not None and workstream is not None:
        raise Misused("a note is about one thing; give --direction or --workstream")


NOTE_COLUMNS = (
    Column("ref"),
    Column("section"),
    Column("direction"),
    Column("workstream"),
    Column("milestone"),
    Column("theme"),
    Column("position"),
    Column("dated_on"),
    Column("dated_to"),
    Column("board_on"),
    Column("text"),
)

SHOWN_COLUMNS = (
    Column("ref", "Ref", Kind.CODE),
    Column("section", "Section", Kind.CODE),
    Column("about", "About", rank=1),
    Column("dated", "Dated", Kind.CODE, rank=2),
    Column("board_on", "Board", Kind.DATE, rank=3),
    Column("text", "Note", Kind.MARKDOWN),
)


def notes_table(notes: list[Note]) -> Table:
    """One row for each note, in the order given, with its fields."""
    names = [column.name for column in NOTE_COLUMNS]
    return Table(NOTE_COLUMNS, [[getattr(one, name) for name in names] for one in notes])


def notes_shown(notes: list[Note]) -> Table:
    """The same for people: what each is about in one column."""
    return Table(
        SHOWN_COLUMNS,
        [
            (
                n.ref,
                n.section,
                n.theme or n.direction or n.workstream or n.milestone,
                say_partial_date(n.dated_on, n.dated_to),
                n.board_on,
                n.text,
            )
            for n in notes
        ],
    )


def list_notes(
    ctx: typer.Context,
    section: Annotated[
        list[str] | None,
        typer.Option("--section", metavar="SECTION", help="Of that section; commentary too."),
    ] = None,
    direction: OfDirection = None,
    workstream: OfWorkstream = None,
    board: Annotated[
        str | None,
        typer.Option("--board", metavar="DATE", help="Only what is for the board of that day."),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Form = TABLE,
) -> None:
    """The notes on a day, in the report's order.

    A note for one board holds until that day. Commentary is listed if --section asks for it;
    'direction show' has it too.
    """
    session = session_of(ctx)
    day = as_of_day(session, as_of)
    sections = [read_choice("a section", one, [s.value for s in Section]) for one in section or ()]
    board_on = read_date(board, session.today) if board else None
    with session.reading() as reader:
        about = {
            "direction": direction and find.direction(reader, direction).ref,
            "workstream": workstream and find.workstream(reader, workstream).ref,
        }
        notes = records_as_of(reader, Note, day, known_at_moment(session, known_at))
    found = [
        one
        for one in in_force(notes, day)
        if one.section in (sections or ADDED)
        and all(ref in (None, getattr(one, field)) for field, ref in about.items())
        and (board_on is None or one.board_on in (None, board_on))
    ]
    put_out(Answer(notes_table(found), (notes_shown(found),) if found else ()), form)
    if not found:
        note("no note fits")


def drop(
    ctx: typer.Context,
    references: Annotated[list[str], typer.Argument(metavar="REF", help="References of notes.")],
    on: On = None,
    reason: Reason = None,
    dry_run: DryRun = False,
) -> None:
    """Drop notes.

    From that day on they are in no report; they stay in the journal.
    """
    session = session_of(ctx)
    day = session.day(on)

    def plan(reader: Reader) -> list[Planned]:
        return each(references, lambda ref: _dropped(reader, ref, day))

    session.record("note drop", plan, reason=reason, dry_run=dry_run)


def _dropped(reader: Reader, ref: str, day: date) -> Planned:
    found = find.note(reader, ref)
    then = find.record_on(reader, Note, found.ref, day)
    if found.dropped_on is not None:
        raise Refused(f"{then.ref} was dropped on {say_date(found.dropped_on)} already")
    said = f"{then.ref} dropped from {then.section}"
    return Planned(Change("note", then.ref, day, {"dropped_on": day}), said)
