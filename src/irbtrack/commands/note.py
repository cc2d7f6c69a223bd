"""``irbtrack note``: keep what the report says in words."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.asking import refuse_unless_any, required
from irbtrack.arguments.options import (
    Dated,
    DryRun,
    OfDirection,
    On,
    Place,
    Recorded,
    Viewed,
    read_place,
)
from irbtrack.domain.dates import read_date, say_date
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.note import Note, Section, in_force
from irbtrack.domain.record import different, refuse_if_dropped
from irbtrack.domain.words import read_choice, read_text, read_title
from irbtrack.errors import Refused, quoted
from irbtrack.register import find
from irbtrack.register.commentary import dated_day, new_note
from irbtrack.register.placing import place_among
from irbtrack.register.session import Planned, Session, Words, each, from_day, say_changes, say_day
from irbtrack.render import put_out
from irbtrack.reports.note import NotesWanted, note_list
from irbtrack.store.database import Reader

ADDED = tuple(section.value for section in Section if section is not Section.COMMENTARY)
"""The sections that ``note add`` is for; commentary comes with a direction or a milestone."""

OfWorkstream = Annotated[
    str | None,
    typer.Option(
        "--workstream",
        metavar="CODE",
        autocompletion=completing.workstreams,
        help="The workstream it is about.",
    ),
]


def add(
    session: Session,
    section: Annotated[
        str | None,
        typer.Argument(
            metavar="SECTION",
            autocompletion=completing.sections,
            help="Headline, forward look, progress, next step or theme.",
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
    place: Place = None,
    dated: Dated = None,
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Add a note, and print its reference.

    Progress and next steps are of a direction, and a theme has its name. Commentary on a
    direction or milestone is kept by 'direction update' and 'milestone update'.
    """
    day = session.day(on)
    part = required(section, "the SECTION", "Section", lambda t: read_choice("a section", t, ADDED))
    words = required(text, "the TEXT", "Text", lambda t: read_text("the note", t))
    dated_on, nth = dated_day(dated, words, day), read_place(place)
    board_on = _board(board, session.today)
    given: dict[str, Any] = {"section": part, "text": words, "board_on": board_on}
    given["theme"] = None if theme is None else read_title("the theme", theme)

    def plan(reader: Reader) -> list[Planned]:
        about = {
            "direction": direction and find.direction(reader, direction).ref,
            "workstream": workstream and find.workstream(reader, workstream).ref,
        }
        fields: dict[str, Any] = {
            field: value for field, value in (given | about).items() if value is not None
        }
        beside = _beside([fields.get(field) for field in BESIDE], day)
        fields["position"], moved = place_among(reader, Note, beside, nth, day)
        change = new_note(reader, fields, dated_on, day)
        until = f", for the board of {say_date(board_on)}" if board_on else ""
        return [Planned(change, f"{change.ref} added to {part}{until}"), *moved]

    changes = session.record("note add", plan, dry_run=dry_run)
    if not dry_run:
        typer.echo(changes[0].ref)


BESIDE = ("section", "direction", "workstream", "theme")
"""The fields that notes which stand beside one another have in common."""


def _beside(values: list[Any], day: date) -> Callable[[Note], bool]:
    """Whether a note has the same of :data:`BESIDE`, and holds on a day."""
    return lambda one: bool(
        [getattr(one, field) for field in BESIDE] == values and in_force([one], day)
    )


def _board(board: str | None, today: date) -> date | None:
    """Return the board that a note is for; None if it holds until it is dropped."""
    if board is None or board.strip().casefold() == "none":
        return None
    return read_date(board, today)


SAID: Words = {
    "text": ("text", lambda text: quoted(text.replace("\n", " "))),
    "board_on": ("board", say_day),
    "position": ("place", str),
}


def update(
    session: Session,
    reference: Annotated[
        str, typer.Argument(metavar="REF", autocompletion=completing.notes, help="The note.")
    ],
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What it says from that day on.")
    ] = None,
    board: Annotated[
        str | None,
        typer.Option("--board", metavar="DATE", help="For that board only; 'none' until dropped."),
    ] = None,
    place: Place = None,
    *,
    recorded: Recorded,
) -> None:
    """Change what a note says, its place, or its board."""
    refuse_unless_any(text, board, place)
    day, nth = session.day(recorded.on), read_place(place)
    given: dict[str, Any] = {} if text is None else {"text": read_text("the note", text)}
    if board is not None:
        given["board_on"] = _board(board, session.today)

    def plan(reader: Reader) -> list[Planned]:
        newest = find.note(reader, reference)
        then = _note_on(reader, reference, day)
        fields, moved = dict(given), list[Planned]()
        if nth is not None and then.section == Section.COMMENTARY:
            raise Refused(f"{then.ref} is commentary, which comes in the order of its dates")
        if nth is not None:
            beside = _beside([getattr(then, field) for field in BESIDE], day)
            fields["position"], moved = place_among(
                reader, Note, lambda one: one.ref != then.ref and beside(one), nth, day
            )
        changes = different(then, fields)
        said = f"{then.ref}{from_day(session, day)}: {say_changes(then, changes, SAID, newest)}"
        return [Planned(Change("note", then.ref, day, changes), said), *moved]

    session.record("note update", plan, reason=recorded.reason, dry_run=recorded.dry_run)


def list_(
    session: Session,
    section: Annotated[
        list[str] | None,
        typer.Option(
            "--section",
            metavar="SECTION",
            autocompletion=completing.sections,
            help="Only of this section, which may be commentary.",
        ),
    ] = None,
    direction: OfDirection = None,
    workstream: OfWorkstream = None,
    board: Annotated[
        str | None,
        typer.Option(
            "--board",
            metavar="DATE",
            help="As for that board: its own notes, and those for every board.",
        ),
    ] = None,
    *,
    viewed: Viewed,
) -> None:
    """List the notes on a day, in the report's order.

    A note for one board holds until that day; --board asks for that day's. Commentary is
    listed if --section asks for it; 'direction show' has it too.
    """
    sections = [read_choice("a section", one, [s.value for s in Section]) for one in section or ()]
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        board_on = read_date(board, session.today) if board else None
        wanted = NotesWanted(
            frozenset(sections or ADDED),
            direction and find.direction(view.reader, direction).ref,
            workstream and find.workstream(view.reader, workstream).ref,
            board_on,
        )
        answer = note_list(view.on(board_on) if board_on and not viewed.as_of else view, wanted)
    put_out(answer, viewed.form)


def drop(
    session: Session,
    references: Annotated[
        list[str],
        typer.Argument(metavar="REF", autocompletion=completing.notes, help="References of notes."),
    ],
    *,
    recorded: Recorded,
) -> None:
    """Drop notes.

    From that day on they are in no report; they stay in the journal.
    """
    day = session.day(recorded.on)

    def plan(reader: Reader) -> list[Planned]:
        return each(references, lambda ref: [_dropped(reader, ref, day)])

    session.record("note drop", plan, reason=recorded.reason, dry_run=recorded.dry_run)


def _dropped(reader: Reader, ref: str, day: date) -> Planned:
    then = _note_on(reader, ref, day)
    said = f"{then.ref} dropped from {then.section}"
    return Planned(Change("note", then.ref, day, {"dropped_on": day}), said)


def _note_on(reader: Reader, ref: str, day: date) -> Note:
    """Return a note as it stood on a day.

    Raises :class:`Refused` if it was dropped, whenever that was.
    """
    found = find.note(reader, ref)
    refuse_if_dropped(found)
    return find.record_on(reader, Note, found.ref, day)


VERBS = {
    "add": add,
    "list": list_,
    "update": update,
    "drop": drop,
}
