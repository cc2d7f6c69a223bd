"""``irbtrack narrative``: what the report says of its figures, in sentences."""

from irbtrack.arguments.options import Compare, Explain, Refs, Viewed, Years
from irbtrack.domain.dates import read_date, read_year, say_date
from irbtrack.errors import Misused
from irbtrack.register.session import Session
from irbtrack.render import put_out
from irbtrack.reports.narrative import narrative_of


def narrative(
    session: Session,
    year: Years = None,
    compare: Compare = None,
    refs: Refs = False,
    explain: Explain = False,
    *,
    viewed: Viewed,
) -> None:
    """Write what the report says of its figures, in sentences.

    What is complete and overdue in each year, what moved since the last board and why, what the
    net figure hides, how far the audit plan is, and which directions moved. In JSON and CSV
    each number has the command that gives it.
    """
    years = [read_year(one) for one in year or ()]
    compared_on = read_date(compare, session.today, month_end=True) if compare else None
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        if compared_on and compared_on >= view.day:
            raise Misused(
                f"--compare {say_date(compared_on)} is not before {say_date(view.day)};"
                " give an earlier day"
            )
        answer = narrative_of(view, years, compared_on, refs=refs, explain=explain)
    put_out(answer, viewed.form)
