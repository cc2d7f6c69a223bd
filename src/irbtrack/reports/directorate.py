"""Directorates as a list."""

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.register.view import View

DIRECTORATE_COLUMNS = (Column("code", "Code", Kind.CODE), Column("name", "Name"))


def directorate_list(view: View) -> Answer:
    """Return the directorates that there were on the day of the view."""
    return Answer(Table(DIRECTORATE_COLUMNS, [(d.ref, d.name) for d in view.records(Directorate)]))
