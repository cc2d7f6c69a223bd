"""Work out what a row of a sheet changes of an action, as the verbs would one by one.

A sheet says how an action stands on its day; the register keeps what happened when. So a row
becomes the changes that lead there: raised on its day, re-dated and reported on by the
sheet's day, completed, closed and verified on the days it gives. What the verbs of
:mod:`irbtrack.domain.nouns.action` refuse is refused here in the same words.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from irbtrack.domain.dates import say_date
from irbtrack.domain.journal import effective_day, version_on
from irbtrack.domain.nouns import action as lifecycle
from irbtrack.domain.nouns.action import (
    ACTION,
    Action,
    Closure,
    assumed,
    before_raised,
    due_before_raised,
    due_day,
    named_days,
)
from irbtrack.domain.record import (
    Contradiction,
    FieldValues,
    different,
    only_given,
    settable_fields,
)
from irbtrack.domain.tracker.outcomes import Outcome, outcome
from irbtrack.domain.tracker.story import Occasion, Row, Story, refuse_after_sheet

_OF_VERBS = frozenset(
    {
        *("raised_on", "owner", "due_on", "progress", "percent_complete", "evidence"),
        *("completed_on", "verified_on", "verified_by"),
        *("closed_on", "closed_as", "expires_on", "outcome_on", "assumed_days"),
    }
)
"""The fields that verbs of their own set."""

_PLAIN = tuple(field.name for field in ACTION if field.name in settable_fields(Action) - _OF_VERBS)
"""The fields that a row changes as 'action update' does."""

_DATES = ("raised_on", "original_due_on", "due_on", "completed_on", "closed_on", "verified_on")

_EXPLAINED = ("due_on", "closed_on", "completed_on")
"""The changes that a row's reason explains."""


def tell_action(story: Story[Action], row: Row, day: Occasion) -> list[str]:
    """Add to a story what a row says of its action, and return the fields that were assumed.

    An action that the register does not have is raised first. A ``raised_on``, ``completed_on``
    or ``closed_on`` is assumed if the row does not give it. A ``due_on`` is among them if it is
    kept though it is before the action was raised.
    """
    row = _within_months(story, row, day)
    without_day = [f"{name} to the month" for name in sorted(row.to_month)]
    if day.raised_earliest:
        row = row._replace(said=_raised_before_done(row.said))
    if not story.known:
        if row.said.get("raised_on") is None:
            without_day.append("raised_on")
        _raise(story, row, day)
    elif "raised_on" in assumed(story.versions[0].record):
        _raise_anew(story, row)
    result = Outcome()
    with story.about("status"):
        result = outcome(row.said, story.on(day.of_sheet) if story.known else None, day.of_sheet)
    if not story.versions:
        return []
    _refuse_later(story, row, day)
    if result.assumed:
        without_day.append(result.assumed)
    if story.known:
        story.refuse_fixed(row)
    _settle(story, row, result, day)
    _count_redatings(story, row)
    story.explain(row, _EXPLAINED)
    if any(due_before_raised(one.record) for one in story.versions):
        without_day.append("due_on")
    return without_day


def _within_months(story: Story[Action], row: Row, day: Occasion) -> Row:
    """Return a row with a day for each date of which it has only the month.

    It is the day that the register has, if that is in this month. Otherwise it is the last one
    that it can be.
    """
    said = dict(row.said)
    now = story.versions[-1].record if story.known else None
    for name in row.to_month & said.keys():
        last = said[name]
        known = getattr(now, name, None)
        if known is not None and (known.year, known.month) == (last.year, last.month):
            said[name] = known
        elif (day.of_sheet.year, day.of_sheet.month) == (last.year, last.month):
            said[name] = min(last, day.of_sheet)
    if "raised_on" in row.to_month & said.keys():
        said["raised_on"] = _not_after_done(said["raised_on"], said)
    return row._replace(said=said)


def _not_after_done(raised_on: date, said: Mapping[str, Any]) -> date:
    done: list[date] = [said[name] for name in _DONE if said.get(name) is not None]
    return min([raised_on, *done])


def _raise_anew(story: Story[Action], row: Row) -> None:
    """Put what a row says in place of a day of raising that was only assumed.

    If the row doesn't say, the day is still not after the one on which the action was done.
    """
    assumed_on = story.versions[0].valid_from
    told = row.said.get("raised_on")
    raised_on = _not_after_done(assumed_on, row.said) if told is None else told
    still_assumed = not _is_told(row, "raised_on")
    if raised_on != assumed_on or not still_assumed:
        with story.about("raised_on"):
            changes = lifecycle.raised_anew(story.changes, raised_on, still_assumed=still_assumed)
            for on, fields in changes:
                story.add(on, fields)


_DONE = {"completed_on": "complete", "closed_on": "closed"}
"""The dates that can't be before an action was raised, and what it is then."""


def _raised_before_done(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a row says, raised on the day that it was done if that is earlier."""
    raised_on = said.get("raised_on")
    if raised_on is None:
        return said
    return {**said, "raised_on": _not_after_done(raised_on, said)}


def _refuse_done_before_raised(story: Story[Action], row: Row) -> None:
    """Note as problems the days on which an action was done before it was raised."""
    raised_on = row.said.get("raised_on")
    for field, what in _DONE.items():
        done_on = row.said.get(field)
        if raised_on is not None and done_on is not None and done_on < raised_on:
            why, _, _ = before_raised("the action", what, done_on, raised_on).rpartition(";")
            remedy = "--raised-earliest takes such actions as raised on the day they were done"
            story.problems.append((field, f"{why}; {remedy}"))


def raised_day(row: Row, day: date) -> date:
    """Return the day an action was raised.

    If the row doesn't say, it is the latest that it can be: the sheet's day, or the earliest
    date of the row.
    """
    dates: Mapping[str, date | None] = {field: row.said.get(field) for field in _DATES}
    return dates["raised_on"] or min([day, *filter(None, dates.values())])


def _raise(story: Story[Action], row: Row, day: Occasion) -> None:
    """Add the change that raises an action, with all that holds from its first day on."""
    said = row.said
    raised_on = raised_day(row, day.of_sheet)
    if raised_on > day.of_sheet:
        _refuse_later(story, row, day)
    first_due = said.get("original_due_on") or said.get("due_on")
    if day.as_told:
        _refuse_done_before_raised(story, row)
    with story.about("original_due_on" if said.get("original_due_on") else "due_on"):
        if first_due is not None and not day.as_told:
            due_day("the action", first_due, raised_on)
    fields = {field: said.get(field) for field in (*_PLAIN, "owner")}
    fields |= {"raised_on": raised_on, "due_on": first_due}
    if not _is_told(row, "raised_on"):
        fields["assumed_days"] = "raised_on"
    if not story.problems:
        story.add(raised_on, {f: value for f, value in fields.items() if value not in (None, ())})


def _refuse_later(story: Story[Action], row: Row, day: Occasion) -> None:
    """Note as problems the dates of what happened after the sheet's day.

    A sheet can't know of those.
    """
    for field in ("raised_on", "completed_on", "closed_on", "verified_on"):
        happened_on = row.said.get(field)
        if happened_on is not None and happened_on > day.of_sheet:
            with story.about(field):
                effective_day(happened_on, day.today)
                refuse_after_sheet(field, happened_on, day.of_sheet)


def _settle(story: Story[Action], row: Row, result: Outcome, day: Occasion) -> None:
    """Do what each verb that a row calls for would do.

    They come in an order in which none stands in the way of another.
    """
    said, on = row.said, day.of_sheet
    then = story.on(on) or story.versions[0].record
    ending = {f: v for f, v in result.fields.items() if getattr(then, f) != v}
    ending |= {f: v for f, v in result.fields.items() if f in assumed(then) and _is_told(row, f)}
    ended_on = ending and (result.fields.get("completed_on") or result.fields.get("closed_on"))
    first_on = min((one.effective_on for one in story.known if one.fields), default=date.min)
    before = min(on, max(ended_on, first_on)) if ended_on else on
    if result.reopened:
        with story.about("status"):
            _refuse_unless_explained(story, row, day, "reopened")
            story.add(on, lifecycle.reopened(story.versions, on))
    if story.known:
        plain = {field: said[field] for field in _PLAIN if field in said}
        with story.about("title"):
            story.add(on, lifecycle.amended(story.versions, on, plain))
    if not story.known or _differs(story, row, on):
        _allocate(story, row, day, before)
    _report(story, row, before, done="completed_on" in result.fields)
    if ending:
        _end(story, row, result, day)
    _amend_after(story, row, on)
    _verify(story, row)


def _is_told(row: Row, field: str) -> bool:
    """Return whether a row says on which day something was, and not only by an assumed day."""
    told = row.said.get(field) is not None and field not in row.to_month
    return told and field not in named_days(row.said.get("assumed_days"))


def _differs(story: Story[Action], row: Row, on: date) -> bool:
    """Return whether the owner or due date on the sheet's day is another than the row's."""
    now = story.on(on) or story.versions[0].record
    if now.due_on is None and row.said.get("original_due_on") is not None:
        return True
    return any(f in row.said and row.said[f] != getattr(now, f) for f in ("owner", "due_on"))


def _amend_after(story: Story[Action], row: Row, on: date) -> None:
    """Add what an earlier end, or a later report, would otherwise hide of the sheet's day."""
    now = story.on(on)
    if now is None or story.problems:
        return
    rest = {field: row.said[field] for field in ("progress", "evidence") if field in row.said}
    if now.completed_on is not None:
        rest["percent_complete"] = 100
    with story.about("evidence"):
        story.add(on, different(now, rest))


def _allocate(story: Story[Action], row: Row, day: Occasion, on: date) -> None:
    """Add another owner, a first due date or a revised one."""
    said = row.said
    then = version_on(story.versions, on)
    if then is None:
        return  # said when the verbs look for it
    if "owner" in said and said["owner"] != then.owner:
        with story.about("owner"):
            story.add(on, lifecycle.allocated(story.versions, on, {"owner": said["owner"]}))
    due_on = said.get("due_on", said.get("original_due_on") if then.due_on is None else then.due_on)
    if due_on == then.due_on:
        return
    with story.about("due_on"):
        if due_on is None:
            if then.due_on is not None and story.known:
                raise Contradiction(
                    "due_on",
                    f"{story.ref} is due on {say_date(then.due_on)}, and a due date is not taken"
                    " away; give another, with the reason",
                )
        elif then.due_on is None:
            first_on = said.get("original_due_on") or due_on
            first = {"due_on": first_on}
            story.add(on, lifecycle.allocated(story.versions, on, first, as_told=day.as_told))
            if first_on != due_on:
                story.add(on, _redated(story, row, on, due_on, day))
        else:
            what = f"re-dated from {say_date(then.due_on)} to {say_date(due_on)}"
            _refuse_unless_explained(story, row, day, what)
            fields = _redated(story, row, on, due_on, day)
            story.add(on, {f: v for f, v in fields.items() if v is not None or story.known})


def _redated(story: Story[Action], row: Row, on: date, due_on: date, day: Occasion) -> FieldValues:
    approved_by = row.said.get("approved_by")
    return lifecycle.redated(story.versions, on, due_on, approved_by, as_told=day.as_told)


def _refuse_unless_explained(story: Story[Action], row: Row, day: Occasion, what: str) -> None:
    """Raise unless a change that needs a reason has one.

    The reason is the row's, or that of the whole import.
    """
    if story.known and not row.reason and not day.explained:
        raise Contradiction(
            "due_on" if what.startswith("re-dated") else "status",
            f"{story.ref} would be {what} without a reason; give it in the column 'Reason for a"
            " change', or for all with --reason",
        )


def _report(story: Story[Action], row: Row, on: date, *, done: bool) -> None:
    """Add what the owner reports.

    A complete action is at 100%, whatever its column says.
    """
    then = version_on(story.versions, on)
    if then is None:
        return
    asked = ("progress",) if done or then.completed_on else ("progress", "percent_complete")
    fields = different(then, {field: row.said[field] for field in asked if field in row.said})
    if fields:
        with story.about("progress"):
            if any(value is not None for value in fields.values()):
                lifecycle.progressed(story.versions, on, None, None)  # not of a closed action
            story.add(on, fields)


def _end(story: Story[Action], row: Row, result: Outcome, day: Occasion) -> None:
    """Add the completion or closure of an action, on its own day."""
    fields = result.fields
    if (done_on := fields.get("completed_on")) is not None:
        with story.about("completed_on"):
            evidence = row.said.get("evidence")
            day_assumed = not _is_told(row, "completed_on")
            changes = lifecycle.completion(
                story.changes, done_on, evidence, None, day_assumed=day_assumed
            )
            for on, told in changes:
                story.add(on, told)
    else:
        closed_on = fields["closed_on"]
        with story.about("status"):
            _refuse_unless_explained(story, row, day, f"closed as {fields['closed_as']}")
            how, expires_on = Closure(fields["closed_as"]), fields["expires_on"]
            day_assumed = not _is_told(row, "closed_on")
            changes = lifecycle.closing(
                story.changes, closed_on, how, expires_on, day_assumed=day_assumed
            )
            for on, told in changes:
                shown = {"evidence": row.said.get("evidence")} if on == closed_on else {}
                story.add(on, told | only_given(shown))


def _verify(story: Story[Action], row: Row) -> None:
    """Add audit's confirmation, if the row has its date and the register has not."""
    newest = story.versions[-1].record
    verified_on = row.said.get("verified_on", newest.verified_on)
    by = row.said.get("verified_by", newest.verified_by)
    if (verified_on, by) == (newest.verified_on, newest.verified_by):
        return
    with story.about("verified_on"):
        if verified_on is None:
            raise Contradiction(
                "verified_on",
                f"{story.ref}: a verification needs its date, and is taken back by 'irbtrack undo'",
            )
        if by is not None and by == newest.owner:
            raise Contradiction(
                "verified_by",
                f"{by} owns {story.ref}, and an officer does not verify their own action; name"
                " another",
            )
        fields = lifecycle.verified(story.versions, verified_on, by)
        if newest.completed_on is None:  # it was complete on that day, and no longer is
            raise Contradiction(
                "verified_on", f"{story.ref} is not complete; only a complete action is verified"
            )
        story.add(verified_on, fields)


def _count_redatings(story: Story[Action], row: Row) -> None:
    """Keep the number of times that a new action was re-dated.

    It can be higher than the dates of its row tell.
    """
    told = row.said.get("times_redated") or 0
    if story.known or told <= story.versions[-1].record.times_redated:
        return
    for position, change in reversed(list(enumerate(story.added))):
        if "due_on" in change.fields:
            story.replace(position, {**change.fields, "times_redated": told})
            return
