"""The checks that are switched off, and why."""

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.nouns.waiver import Waiver, waivers_in_force
from irbtrack.register.view import View
from irbtrack.store.gather import recorder_names

COLUMNS = (
    Column("ref", "Ref", Kind.CODE),
    Column("check", "Check", Kind.CODE),
    Column("about", "For"),
    Column("why", "Why"),
)


def waivers_told(view: View) -> list[Waiver]:
    """Return the waivers that hold on the day, by reference.

    One for a login, of which the journal has the reference, is for whoever that is called now.
    """
    names = recorder_names(view.reader)
    return [
        Waiver(**vars(waiver) | {"about": names.get(waiver.about or "", waiver.about)})
        for waiver in waivers_in_force(view.records(Waiver), view.day)
    ]


def waiver_list(view: View) -> Answer:
    """Return the waivers that hold on the day, by reference."""
    rows = [(one.ref, one.check_name, one.about, one.why) for one in waivers_told(view)]
    data = Table(COLUMNS, rows)
    if not rows:
        return Answer(data, remarks=("no check is switched off",))
    shown = [(ref, check, about or "(all)", why) for ref, check, about, why in rows]
    return Answer(data, (Table(COLUMNS, shown, f"Switched off {view.said}"),))
