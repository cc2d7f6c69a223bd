"""The directions' progress table, for any day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.nouns.direction import Direction, leads, say_posts, say_target, trend_of
from irbtrack.domain.nouns.note import Note, commentary, in_force, recent, say_comments
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.nouns.rating import TREND_SIGNS
from irbtrack.register.view import View
from irbtrack.store.published import as_published, snapshot_before


class Compared(NamedTuple):
    """The day that directions are compared with, and how they stood then, by reference.

    ``published`` says that this is what was known when the day's snapshot was taken.
    """

    day: date | None
    then: Mapping[str, Direction]
    published: bool = False

    @property
    def since(self) -> str | None:
        """Since when trends are, in words; None if there is nothing to compare with."""
        if self.day is None:
            return None
        what = "what was published for " if self.published else ""
        return f"since {what}{say_date(self.day)}"


DIRECTION_COLUMNS = (
    Column("ref", "Ref", Kind.CODE),
    Column("title", "Direction"),
    Column("strategic_leads", "Strategic lead", rank=2),
    Column("operational_leads", "Operational lead", rank=3),
    Column("members", "Member", rank=4),
    Column("target_on", "Target", Kind.DATE),
    Column("target_note"),
    Column("original_target_on", kind=Kind.DATE),
    Column("times_redated", kind=Kind.NUMBER),
    Column("rag_before"),
    Column("rag", "RAG", Kind.RAG),
    Column("trend", "Trend", Kind.CODE),
    Column("trend_overruled"),
    Column("commented_on"),
    Column("commentary", "Commentary", Kind.MARKDOWN, rank=1),
)


def directions_table(
    directions: Iterable[Direction],
    compared: Compared,
    comments: Mapping[str, Sequence[Note]],
) -> Table:
    """Return one row for each direction, with recent commentary and the codes of its posts."""
    rows = []
    for one in directions:
        then = compared.then.get(one.ref)
        trend, overruled = trend_of(one, then, compared.day)
        newest = next(iter(comments[one.ref]), None)
        rows.append(
            (
                one.ref,
                one.title,
                one.strategic_leads,
                one.operational_leads,
                one.members,
                one.target_on,
                one.target_note,
                one.original_target_on,
                one.times_redated,
                then.rag if then else None,
                one.rag,
                trend.value if trend else None,
                overruled,
                newest.dated_on if newest else None,
                _recent_text(one, compared, comments),
            )
        )
    return Table(DIRECTION_COLUMNS, rows)


def progress_table(
    directions: Iterable[Direction],
    compared: Compared,
    comments: Mapping[str, Sequence[Note]],
    titles: Mapping[str, str],
) -> Table:
    """Return the report's progress table: posts by their titles, the trend as a sign.

    Of the commentary, the newest first, what is newer than the day compared with, and the
    newest of all in any case.
    """
    target = Kind.TEXT  # its note may be long
    columns = [
        column._replace(kind=target) if column.name == "target_on" else column
        for column in DIRECTION_COLUMNS
        if column.label
    ]
    rows = []
    for one in directions:
        trend, overruled = trend_of(one, compared.then.get(one.ref), compared.day)
        rows.append(
            (
                one.ref,
                one.title,
                *(say_posts(c, titles) for c in (one.strategic_leads, one.operational_leads)),
                say_posts(one.members, titles),
                say_target(one, link="\n"),
                one.rag,
                TREND_SIGNS[trend] + ("*" if overruled else "") if trend else None,
                _recent_text(one, compared, comments),
            )
        )
    return Table(tuple(columns), rows)


def _recent_text(
    one: Direction, compared: Compared, comments: Mapping[str, Sequence[Note]]
) -> str | None:
    return say_comments(recent(comments[one.ref], compared.day)) or None


def direction_list(
    view: View,
    other: date | None = None,
    ratings: frozenset[str] = frozenset(),
    posts: frozenset[str] = frozenset(),
    *,
    brief: bool = False,
) -> Answer:
    """Return the progress table of the directions of some ratings and posts; of all without any.

    ``other`` is the day to compare with, or None for what was published before. A ``brief``
    table has a line for each, without leads and commentary.
    """
    found = [
        one
        for one in view.records(Direction)
        if (not ratings or one.rag in ratings) and (not posts or posts & set(leads(one)))
    ]
    compared = compared_with(view, other)
    comments = comments_on(view, found)
    data = directions_table(found, compared, comments)
    if not found:
        return Answer(data, remarks=("no direction fits",))
    table = progress_table(found, compared, comments, view.names(Officer))
    kept = [column for column in table.columns if not (brief and column.rank)]
    table = table.having(kept)._replace(title=f"Directions {view.said}")
    since = [f"Trend {compared.since}."] if compared.since else []
    if any(trend_of(one, None, compared.day)[1] for one in found):
        since.append("* An officer's word, in place of the computed trend.")
    if compared.day is None:
        since.append(
            f"There is no snapshot before {say_date(view.day)} to compare with;"
            " --compare DATE gives trends."
        )
    return Answer(data, (table, " ".join(since)) if since else (table,))


def compared_with(view: View, other: date | None) -> Compared:
    """Return how directions stood on ``other``, or as was published before the view's day."""
    if other is not None:
        then = view.on(other).records(Direction)
        return Compared(other, {one.ref: one for one in then})
    before = snapshot_before(view.reader, view.day, view.known_to)
    if before is None:
        return Compared(None, {})
    then = as_published(view.reader, Direction, before.as_of, before.entry, view.known_to)
    return Compared(before.as_of, {one.ref: one for one in then}, published=True)


def comments_on(view: View, directions: Iterable[Direction]) -> dict[str, list[Note]]:
    """Return the commentary that holds on the day, the newest first, by direction."""
    notes = in_force(view.records(Note), view.day)
    return {one.ref: commentary(notes, Direction.NOUN, one.ref) for one in directions}
