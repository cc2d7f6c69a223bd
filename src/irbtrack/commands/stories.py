"""``irbtrack direction show``: the whole story of a direction."""

from collections.abc import Iterable
from typing import Any

import typer

from irbtrack.commands import find
from irbtrack.commands.directions import Asked, compared_with
from irbtrack.commands.histories import effective_by, history_answer
from irbtrack.commands.notes import notes_shown
from irbtrack.commands.options import AsOf, Compare, Form, KnownAt, as_of_day, known_at_moment
from irbtrack.commands.session import session_of
from irbtrack.domain.board import Answer, Block, Column, Kind, Table
from irbtrack.domain.dates import FOREVER, read_date, say_date, say_date_briefly, say_partial_date
from irbtrack.domain.directions import directions_table, say_posts, say_target
from irbtrack.domain.journal import Version
from irbtrack.domain.notes import commentary, in_force
from irbtrack.domain.plan import in_plan, milestones_table
from irbtrack.domain.rating import TREND_SIGNS, Trend, say_rag
from irbtrack.domain.records import Direction, Milestone, Note, Officer, Section, Workstream
from irbtrack.errors import Refused
from irbtrack.render import TABLE, put_out
from irbtrack.store.gather import (
    as_of_or_first,
    entries,
    names_as_of,
    records_as_of,
    versions_by,
)

RATING_COLUMNS = (
    Column("rag", "RAG", Kind.RAG),
    Column("from", "From", Kind.DATE),
    Column("until", "Until", Kind.DATE),
)


def show(
    ctx: typer.Context,
    direction: Asked,
    compare: Compare = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Form = TABLE,
) -> None:
    """The whole story of a direction up to a day.

    How it stands, its RAG over time, its commentary, notes and milestones, and every change.
    """
    session = session_of(ctx)
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    other = read_date(compare, session.today, month_end=True) if compare else None
    with session.reading() as reader:
        ref = find.direction(reader, direction).ref
        versions = versions_by(reader, Direction, day, moment).get(ref, [])
        if not versions:
            raise Refused(
                f"{ref} was not there on {say_date(day)}, as far as was known;"
                f" 'irbtrack history {ref}' tells its story"
            )
        now = versions[-1].record
        compared = compared_with(reader, day, other, moment)
        titles = names_as_of(reader, Officer, day, moment)
        notes = in_force(records_as_of(reader, Note, day, moment), day)
        own = [one for one in notes if one.direction == ref]
        milestones = [
            one
            for one in in_plan(records_as_of(reader, Milestone, day, moment))
            if one.direction == ref
        ]
        workstreams = as_of_or_first(reader, Workstream, day, moment)
        recorded = [
            (number, effective_by(entry, day))
            for number, entry in entries(reader, noun="direction", refs=[ref])
            if moment is None or entry.recorded_at <= moment
        ]
    comments = commentary(own, "direction", ref)
    row = directions_table([now], compared, {ref: comments})
    ratings = rated(versions)
    facts = [
        ("Strategic lead", say_posts(now.strategic_leads, titles)),
        ("Operational lead", say_posts(now.operational_leads, titles)),
        ("Member", say_posts(now.members, titles)),
        ("Target", say_target(now)),
        ("Earlier targets", _earlier_targets(versions)),
        ("RAG", say_rag(now.rag).capitalize()),
        ("Trend", _say_trend(row, compared.day)),
    ]
    head = (Column("field", ref), Column("value", now.title))
    blocks: list[Block] = [
        Table(head, [(name, value) for name, value in facts if value]),
        Table(
            (
                Column("rag", "RAG", Kind.RAG),
                Column("from", "From", Kind.DATE),
                Column("until", "Until", Kind.DATE),
            ),
            ratings,
        ),
        _texts("Commentary", comments),
    ]
    others = [one for one in own if one.section != Section.COMMENTARY]
    if others:
        blocks.append(_without(notes_shown(others), "about"))
    if milestones:
        blocks.append(_without(milestones_table(milestones, workstreams, day).shown(), "direction"))
    blocks.append(history_answer(recorded).blocks[0])
    put_out(Answer(_whole(row, ratings, comments), tuple(blocks)), form)


def rated(versions: Iterable[Version[Direction]]) -> list[tuple[str | None, Any, Any]]:
    """The RAG over time: each rating, from what day, and until which, None for no end yet."""
    spans: list[tuple[str | None, Any, Any]] = []
    for version in versions:
        ends = None if version.valid_to == FOREVER else version.valid_to
        if spans and spans[-1][0] == version.record.rag:
            spans[-1] = (*spans[-1][:2], ends)
        else:
            spans.append((version.record.rag, version.valid_from, ends))
    return spans


def _earlier_targets(versions: Iterable[Version[Direction]]) -> str | None:
    """The targets that it had before, in their order."""
    days = dict.fromkeys(v.record.target_on for v in versions if v.record.target_on)
    return ", ".join(say_date_briefly(day) for day in list(days)[:-1]) or None


def _say_trend(row: Table, since: Any) -> str | None:
    values = dict(zip((column.name for column in row.columns), row.rows[0], strict=True))
    if values["trend"] is None:
        return None
    said = f"{TREND_SIGNS[Trend(values['trend'])]} {values['trend']}"
    if values["trend_overruled"]:
        return f"{said}, an officer's word"
    return f"{said} since {say_date(since)}" if since else said


def _texts(label: str, notes: list[Note]) -> Table:
    """Notes with their dates and references, one row for each."""
    columns = (
        Column("dated", "Dated", Kind.CODE),
        Column("ref", "Ref", Kind.CODE),
        Column("text", label, Kind.MARKDOWN),
    )
    return Table(
        columns, [(say_partial_date(n.dated_on, n.dated_to), n.ref, n.text) for n in notes]
    )


def _without(table: Table, name: str) -> Table:
    return table.having([column for column in table.columns if column.name != name])


def _whole(row: Table, ratings: list[tuple[str | None, Any, Any]], comments: list[Note]) -> Table:
    """The row of ``direction list``, with all ratings and all commentary as lists."""
    more = {
        "ratings": [{"rag": rag, "from": start, "until": end} for rag, start, end in ratings],
        "comments": [
            {"ref": n.ref, "dated_on": n.dated_on, "dated_to": n.dated_to, "text": n.text}
            for n in comments
        ],
    }
    return Table((*row.columns, *map(Column, more)), [(*row.rows[0], *more.values())])
