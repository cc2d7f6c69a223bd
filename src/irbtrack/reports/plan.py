"""The plans on a day: their workstreams, their milestones, and the plan on a page."""

from datetime import date
from typing import NamedTuple

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.plan_on_a_page import milestones_table, months_around, timeline
from irbtrack.domain.nouns.milestone import Milestone, in_plan, is_late, slipped_days, upon
from irbtrack.domain.nouns.workstream import Workstream, outline
from irbtrack.register.view import View


class MilestonesWanted(NamedTuple):
    """Which milestones a list is of: None and an empty set let everything through.

    ``workstream`` is the code of a plan or workstream, and ``direction`` a reference. ``late``
    wants those whose date has passed, ``slipped`` those that are later than first planned.
    """

    workstream: str | None = None
    direction: str | None = None
    ratings: frozenset[str] = frozenset()
    late: bool = False
    slipped: bool = False

    def fits(self, one: Milestone, day: date) -> bool:
        """Return whether a milestone is one of them."""
        return (
            self.direction in (None, one.direction)
            and (not self.ratings or one.rag in self.ratings)
            and (not self.late or is_late(one, day))
            and (not self.slipped or slipped_days(one) > 0)
        )


def milestone_list(view: View, wanted: MilestonesWanted) -> Answer:
    """Return the milestones that are wanted, in the order of the plan."""
    known = view.records_or_first(Workstream)
    there = in_plan(view.records(Milestone))
    found = [
        one
        for one in upon(outline(known.values(), wanted.workstream), there)
        if wanted.fits(one, view.day)
    ]
    table = milestones_table(found, known, view.day)
    shown = table.shown()._replace(title=f"Milestones {view.said}")
    return Answer(table, (shown,), () if found else ("no milestone fits",))


def workstream_list(view: View) -> Answer:
    """Return the plans and their workstreams, with how many milestones are on each."""
    there = outline(view.records(Workstream))
    milestones = in_plan(view.records(Milestone))
    columns = (
        Column("code", "Code", Kind.CODE),
        Column("name"),
        Column("shown_name", "Name"),
        Column("within", "Within", Kind.CODE),
        Column("milestones", "Milestones", Kind.NUMBER),
    )
    rows = [
        (
            one.ref,
            one.name,
            f"{'  ' * depth}{one.name}",
            one.within,
            sum(milestone.workstream == one.ref for milestone in milestones),
        )
        for depth, one in there
    ]
    shown = Table(columns, rows)
    data = shown.having([c for c in columns if c.name != "shown_name"])
    remark = f"no workstream was there on {say_date(view.day)}"
    return Answer(data, (shown.shown(),), () if rows else (remark,))


def plan_on_a_page(
    view: View, top: str | None = None, months: tuple[date, date] | None = None
) -> Answer:
    """Return the plan as a drawing, or one workstream of it; the data have its milestones.

    ``months`` are the first days of the first and the last month that are drawn. Without them
    it is a year and a month around the day.
    """
    known = view.records_or_first(Workstream)
    rows = outline(known.values(), top)
    shown = upon(rows, in_plan(view.records(Milestone)))
    table = milestones_table(shown, known, view.day)
    drawing = timeline(shown, rows, view.day, months or months_around(view.day), table.shown())
    return Answer(table, (drawing,) if rows else (), () if shown else ("no milestone fits",))
