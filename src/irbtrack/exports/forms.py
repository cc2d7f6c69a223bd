"""Lay out an exported workbook: its columns, what may be typed, and how to fill it in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from irbtrack.domain.dates import say_date
from irbtrack.domain.field import Field, Holds
from irbtrack.domain.nouns import FIELDS, NOUNS
from irbtrack.domain.nouns.action import Closure
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.nouns.rating import RAG_NAMES
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.tracker.merging import State
from irbtrack.domain.tracker.outgoing import Names
from irbtrack.sheets.form import CellKind, Colour, Form, FormColumn, Lock

_KINDS = {Holds.DATE: CellKind.DATE, Holds.NUMBER: CellKind.NUMBER}

_STATUSES = (*(s.value for s in Status if s is not Status.CLOSED), *(c.value for c in Closure))

_MARKS = {
    Holds.STATUS: {Status.OVERDUE.value: Colour.RED, Status.COMPLETE.value: Colour.GREEN},
    Holds.RAG: dict(
        zip(RAG_NAMES.values(), (Colour.RED, Colour.AMBER, Colour.GREEN, Colour.BLUE), strict=True)
    ),
}


def form_fields(noun: str) -> tuple[Field, ...]:
    """Return the fields of a noun in the order of the columns of its workbook.

    The fields that people fill in or need to read come first.
    """
    first = NOUNS[noun].FILLED_IN
    place = {name: n for n, name in enumerate(first)}
    return tuple(sorted(FIELDS[noun], key=lambda field: place.get(field.name, len(first))))


def history_form(
    noun: str,
    fields: Sequence[Field],
    rows: Sequence[Sequence[Any]],
    council: Council,
    made_at: datetime,
) -> Form:
    """Return a workbook of a noun's versions, which is not for filling in."""
    return Form(
        name=f"{noun.capitalize()}s",
        title=f"{noun.capitalize()}s of {council.name}, all versions",
        columns=tuple(
            FormColumn(one.name, one.label, _KINDS.get(one.holds, CellKind.TEXT), one.width)
            for one in fields
        ),
        rows=rows,
        made_at=made_at,
        spare_rows=0,
    )


def form_of(
    state: State, rows: Sequence[Sequence[Any]], council: Council, names: Names, made_at: datetime
) -> Form:
    """Return a workbook of records: ``rows`` have a cell for each of :func:`form_fields`."""
    noun = state.noun
    return Form(
        name=f"{noun.capitalize()}s",
        title=f"{noun.capitalize()}s of {council.name}, {say_date(state.as_of)}",
        columns=tuple(_column(field, council, names) for field in form_fields(noun)),
        rows=rows,
        made_at=made_at,
        guide=_guide(state, council),
        state=state.told(),
    )


def _column(field: Field, council: Council, names: Names) -> FormColumn:
    lock = Lock.NEVER
    if field.derived or field.given:
        lock = Lock.ALWAYS
    elif field.fixed or field.only_new:
        lock = Lock.RECORDED
    return FormColumn(
        field.name,
        field.label,
        _KINDS.get(field.holds, CellKind.TEXT),
        field.width,
        lock,
        hidden=field.aside,
        choices=() if lock is Lock.ALWAYS else _choices(field, council, names),
        hint=field.hint,
        marks=_MARKS.get(field.holds, {}),
        most=field.most,
    )


def _choices(field: Field, council: Council, names: Names) -> tuple[str, ...]:
    """Return what may be chosen in a column; nothing if anything may be typed."""
    by_scale: Mapping[Holds, Sequence[str]] = {
        Holds.PRIORITY: council.priorities,
        Holds.CLASSIFICATION: council.classifications,
        Holds.STATUS: _STATUSES,
        Holds.RAG: tuple(RAG_NAMES.values()),
        Holds.OFFICER: sorted(names.of.get(Holds.OFFICER, {}).values(), key=str.casefold),
        Holds.DIRECTORATE: sorted(names.of.get(Holds.DIRECTORATE, {}).values(), key=str.casefold),
        Holds.WORKSTREAM: sorted(names.of.get(Holds.WORKSTREAM, {}).values(), key=str.casefold),
    }
    return tuple(by_scale.get(field.holds, field.choices))


def _guide(state: State, council: Council) -> tuple[tuple[str, str], ...]:
    """Return the workbook's instructions, as headings and texts, for a first-time reader."""
    noun = state.noun
    told = [
        (
            "What this is",
            f"The {noun}s of {council.name} as they stood on {say_date(state.as_of)}. Change what"
            " has changed, save the workbook, and send it back. A cell that you leave as it is"
            " undoes nothing that others change in the meantime.",
        ),
        (
            "What can be changed",
            "White cells. Grey cells are locked, because the register fills them in or they never"
            " change. Choose from the list where a cell has one; type dates as 31/10/2023.",
        ),
    ]
    if noun == "action":
        told += [
            (
                "When an action is done",
                "Choose Complete under Status, give the day under Completed, and say under"
                " Evidence where it can be seen.",
            ),
            (
                "When it will be late",
                "Type the new date under Due, and why under Reason for a change. The original due"
                " date stays.",
            ),
            (
                "When it will not be done",
                "Choose Withdrawn, Superseded, Risk Accepted or No Longer Applicable under Status,"
                " and say why under Reason for a change.",
            ),
        ]
    told += [
        (
            "Adding one",
            "Use the empty rows at the end. Leave Ref empty where it is grey; the register gives"
            " the reference.",
        ),
        (
            "Taking one out",
            "Deleting a row changes nothing in the register. The import only reports that the row"
            " is missing.",
        ),
        (
            "Sorting and filtering",
            "The buttons in the header filter. To sort, choose Review, Unprotect Sheet first;"
            " there is no password. Columns may be moved, hidden or renamed: row 1, which is"
            " hidden, says which is which, so leave that row where it is.",
        ),
    ]
    return tuple(told)
