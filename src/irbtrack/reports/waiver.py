"""The checks that are switched off, and why."""

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.nouns.waiver import Waiver, waivers_in_force
from irbtrack.register.view import View

COLUMNS = (
    Column("ref", "Ref", Kind.CODE),
    Column("check", "Check", Kind.CODE),
    Column("about", "For"),
    Column("why", "Why"),
)


def waiver_list(view: View) -> Answer:
    """Return the waivers that hold on the day, by reference."""
    holding = waivers_in_force(view.records(Waiver), view.day)
    rows = [(one.ref, one.check_name, one.about, one.why) for one in holding]
    data = Table(COLUMNS, rows)
    if not rows:
        return Answer(data, remarks=("no check is switched off",))
    shown = [(ref, check, about or "(all)", why) for ref, check, about, why in rows]
    return Answer(data, (Table(COLUMNS, shown, f"Switched off {view.said}"),))
