"""Actions on a day: a list of them, and the story of one."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.nouns import UNSAID
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.status import Status, days_overdue, status_as_of
from irbtrack.domain.words import folded, natural_order, read_choice
from irbtrack.errors import Misused, Refused, listed, near, quoted
from irbtrack.register.view import View
from irbtrack.render.cell_text import cell_text
from irbtrack.reports.history import history_answer
from irbtrack.store.facts import sources_as_of

ACTION_COLUMNS = (
    Column("ref", "Ref", Kind.CODE),
    Column("year"),
    Column("audit", "Audit", rank=3),
    Column("title", "Title"),
    Column("priority", "Priority", Kind.CODE),
    Column("directorate", "Directorate", Kind.CODE, rank=2),
    Column("owner", "Owner", Kind.CODE, rank=1),
    Column("status", "Status", Kind.CODE),
    Column("raised_on", kind=Kind.DATE),
    Column("original_due_on", kind=Kind.DATE),
    Column("due_on", "Due", Kind.DATE),
    Column("times_redated", "Re-dated", Kind.NUMBER, rank=4),
    Column("completed_on", kind=Kind.DATE),
    Column("verified_on", kind=Kind.DATE),
    Column("days_overdue", "Days overdue", Kind.NUMBER),
)


_LISTED = {column.name: column for column in ACTION_COLUMNS}
_NAMES_OF_FIELDS = {field.name: field.label for field in Action.FIELDS}


def _column_of(field: str) -> Column:
    """Return the column of a field, with the words that a spreadsheet has above it."""
    label = _NAMES_OF_FIELDS.get(field) or field.replace("_", " ").capitalize()
    if field in _LISTED:
        return _LISTED[field]._replace(label=_LISTED[field].label or label, rank=0)
    if field.endswith("_on"):
        return Column(field, label, Kind.DATE)
    return Column(field, label, Kind.NUMBER if field == "percent_complete" else Kind.TEXT)


@cache
def columns_by_field() -> dict[str, Column]:
    """Return the columns that a list can have, by the fields that they are of."""
    return {
        name: _column_of(name)
        for name in (*_LISTED, "source", *Action.TYPES)
        if name not in Action.UNSAID
    }


class SortKey(NamedTuple):
    """A field by which a list is sorted, and whether the greatest comes first."""

    field: str
    descending: bool = False


def read_fields(text: str) -> tuple[str, ...]:
    """Return the fields that ``--columns`` names, parted by commas, once each.

    Raises :class:`Misused`, with near ones, for what is no field.
    """
    return tuple(dict.fromkeys(_read_field(one) for one in text.split(",")))


def read_sort(text: str) -> tuple[SortKey, ...]:
    """Return the fields that ``--sort`` names, parted by commas.

    A ``-`` after a field sorts downwards. Raises :class:`Misused`, with near ones, for what is no
    field.
    """
    given = [one.strip() for one in text.split(",")]
    return tuple(SortKey(_read_field(one.removesuffix("-")), one.endswith("-")) for one in given)


def _read_field(text: str) -> str:
    try:
        return read_choice("a field", text, columns_by_field())
    except Misused:
        alike = near(text, columns_by_field())
        meant = f"; did you mean {listed(alike)}?" if alike else ";"
        raise Misused(
            f"{quoted(text)} is not a field of a list of actions{meant} the fields are"
            f" {listed(columns_by_field(), 'and')}"
        ) from None


def action_list(
    view: View,
    wanted: Selection,
    *,
    sort: Sequence[SortKey] = (),
    fields: Sequence[str] = (),
) -> Answer:
    """Return the actions that pass the filters, as they stood on the day of the view.

    They come by reference, or sorted by fields: texts alphabetically, a priority or status by its
    place on the scale, and what has no value last. ``fields`` are the columns; without them they
    are those of DESIGN section 5. Below the list stands how many there are, and how many days
    they are overdue in all.
    """
    found = view.selected(wanted)
    listing = _Listing(view, wanted.original)
    columns = [columns_by_field()[field] for field in fields] if fields else listing.columns
    remarks = _absent(view, wanted, found)
    if not found:
        closed = wanted._replace(statuses=frozenset({Status.CLOSED}))
        also = not wanted.with_closed and view.selected(closed)
        remark = "no action fits" + ("; --status closed lists some that are" if also else "")
        return Answer(Table(tuple(columns), []), remarks=(*remarks, remark))
    table = listing.table(listing.in_order(found, sort), columns)
    count = "1 action" if len(found) == 1 else f"{len(found):,} actions"
    days = sum(map(listing.getters["days_overdue"], found))
    if days:
        count += f", {days:,} {'day' if days == 1 else 'days'} overdue"
        count += " in all" if len(found) > 1 else ""
    return Answer(table, (table.shown(), count), remarks)


def _absent(view: View, wanted: Selection, found: Sequence[Action]) -> tuple[str, ...]:
    """Say which actions that were asked for weren't in the register on the day."""
    if not wanted.refs - {one.ref for one in found}:
        return ()
    there = {one.ref for one in view.selected(Selection(refs=wanted.refs))}
    missing = sorted(wanted.refs - there, key=natural_order)
    if not missing:
        return ()
    verb = "was" if len(missing) == 1 else "were"
    day = say_date(view.day)
    return (f"{listed(missing, 'and')} {verb} not in the register on {day}{view.known}",)


def action_story(view: View, ref: str) -> Answer:
    """Return an action as it stood on the day of the view, and how it came to be so.

    Raises :class:`Refused` if it was not in the register on that day.
    """
    then = [action for action in view.records(Action) if action.ref == ref]
    if not then:
        raise Refused(
            f"{ref} was not in the register on {say_date(view.day)}{view.known};"
            f" 'irbtrack history {ref}' tells its story"
        )
    data = _all_fields(then[0], actions_table(view, then))
    facts = Table(
        (Column("field", ref), Column("value", then[0].title)),
        [
            (_label(column), cell_text(value, Kind.TEXT))
            for column, value in zip(data.columns, data.rows[0], strict=True)
            if value not in (None, "", 0, ()) and column.name not in ("ref", "title")
        ],
    )
    return Answer(data, (facts, *history_answer(view.entries([ref], Action.NOUN)).blocks))


def _label(column: Column) -> str:
    return column.label or column.name.removesuffix("_on").replace("_", " ").capitalize()


def _all_fields(action: Action, row: Table) -> Table:
    """Return the row of ``action list``, and after it the fields of an action that no list has."""
    names = {column.name for column in ACTION_COLUMNS}
    names.update(UNSAID)
    more = [name for name in Action.TYPES if name not in names]
    return Table(
        (*row.columns, *map(Column, more)),
        [(*row.rows[0], *(getattr(action, name) for name in more))],
    )


def actions_table(view: View, actions: Iterable[Action]) -> Table:
    """Return one row for each action: the fields of ``action list`` (DESIGN section 5)."""
    listing = _Listing(view, original=False)
    return listing.table(actions, listing.columns)


Getter = Callable[[Action], Any]


class _Listing:
    """What the fields of a list are, on the day of a view.

    With ``original`` an action is overdue by its original due date, and that is the date people
    see.
    """

    def __init__(self, view: View, original: bool) -> None:
        self._view = view
        day, audits = view.day, view.names(Audit)

        def status(action: Action) -> str:
            return status_as_of(standing(action, original=original), day).value

        self.getters: dict[str, Getter] = {
            **{field: attrgetter(field) for field in columns_by_field() if field in Action.TYPES},
            "audit": lambda action: audits.get(action.audit or ""),
            "source": lambda action: self._sources.get(action.audit or ""),
            "status": status,
            "days_overdue": lambda action: days_overdue(standing(action, original=original), day),
        }
        scale = {priority: n for n, priority in enumerate(view.council.priorities)}
        statuses = {status.value: n for n, status in enumerate(Status)}
        self._ranks: dict[str, Callable[[Any], Any]] = {
            "ref": natural_order,
            "priority": lambda priority: (scale.get(priority, len(scale)), priority),
            "status": statuses.__getitem__,
        }
        counted, other = (
            ("original_due_on", "due_on") if original else ("due_on", "original_due_on")
        )
        labels = {counted: "Original due" if original else "Due", other: None}
        self.columns = [c._replace(label=labels.get(c.name, c.label)) for c in ACTION_COLUMNS]

    @cached_property
    def _sources(self) -> dict[str, str]:
        """Who made each review, which few lists show."""
        return sources_as_of(self._view.reader, self._view.day, self._view.known_to)

    def table(self, actions: Iterable[Action], columns: Sequence[Column]) -> Table:
        """Return one row for each action: the fields of the columns."""
        chosen = [self.getters[column.name] for column in columns]
        return Table(tuple(columns), [tuple(get(one) for get in chosen) for one in actions])

    def in_order(self, actions: Sequence[Action], sort: Sequence[SortKey]) -> list[Action]:
        """Return the actions sorted; the first key decides, and the later ones among equals."""
        ordered = list(actions)
        for field, descending in reversed(sort):
            get, rank = self.getters[field], self._ranks.get(field, _rank)
            valued = [(get(one), one) for one in ordered]
            empty = [one for value, one in valued if value in (None, "", ())]
            there = [(rank(value), one) for value, one in valued if value not in (None, "", ())]
            there.sort(key=itemgetter(0), reverse=descending)
            ordered = [*(one for _, one in there), *empty]
        return ordered


def _rank(value: Any) -> Any:
    return folded(value) if isinstance(value, str) else value
