"""An officer: a post, known by a code, and who holds it."""

from typing import ClassVar, NamedTuple

from irbtrack.domain.field import Field, Holds
from irbtrack.domain.record import Record

OFFICER = (
    Field("ref", "Code", Holds.CODE, ("ref", "reference", "post code", "id"), fixed=True, width=22),
    Field("title", "Post", Holds.LINE, (
        "title", "post title", "job title", "role", "position",
    ), needed=True, width=44),
    Field("directorate", "Directorate", Holds.DIRECTORATE, (
        "department", "dept", "service",
    ), width=22),
    Field("name", "Name", Holds.LINE, ("holder", "post holder", "postholder", "officer"), width=24),
    Field("email", "E-mail", Holds.LINE, (
        "email", "email address", "e mail", "e mail address",
    ), width=30),
)  # fmt: skip


class Officer(Record):
    """A post; ``ref`` is its code. Its holder's name and e-mail address are kept elsewhere."""

    NOUN: ClassVar[str] = "officer"
    ABOUT: ClassVar[str] = "the posts and their holders"
    LABEL: ClassVar[str] = "title"
    FIELDS: ClassVar[tuple[Field, ...]] = OFFICER
    KEY: ClassVar[tuple[str, ...]] = ("title",)
    MADE_BY_IMPORT: ClassVar[bool] = True
    title: str
    directorate: str | None = None


class Person(NamedTuple):
    """Who holds a post. It is outside the journal, so that it can be corrected or erased."""

    officer: str
    name: str | None = None
    email: str | None = None
