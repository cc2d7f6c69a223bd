"""Posts as a list, with those who hold them."""

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.nouns.officer import Officer
from irbtrack.register.view import View
from irbtrack.store.gather import people

OFFICER_COLUMNS = (
    Column("code", "Code", Kind.CODE),
    Column("title", "Title"),
    Column("directorate", "Directorate", Kind.CODE),
    Column("name", "Name"),
    Column("email", "E-mail"),
)


def officer_list(view: View) -> Answer:
    """Return the posts that there were on the day of the view, and who holds them now."""
    holders = people(view.reader)
    rows = [
        (post.ref, post.title, post.directorate, holders[post.ref].name, holders[post.ref].email)
        for post in view.records(Officer)
    ]
    return Answer(Table(OFFICER_COLUMNS, rows))
