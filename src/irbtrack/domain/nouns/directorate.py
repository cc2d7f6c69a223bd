"""A directorate: a part of the council that answers for actions."""

from typing import ClassVar

from irbtrack.domain.field import Field, Holds
from irbtrack.domain.record import Record

DIRECTORATE = (
    Field("ref", "Code", Holds.CODE, ("ref", "reference", "id"), fixed=True, width=22),
    Field("name", "Directorate", Holds.LINE, ("name", "department"), needed=True, width=44),
)


class Directorate(Record):
    """A part of the council that answers for actions; ``ref`` is its code."""

    NOUN: ClassVar[str] = "directorate"
    ABOUT: ClassVar[str] = "the directorates"
    FIELDS: ClassVar[tuple[Field, ...]] = DIRECTORATE
    KEY: ClassVar[tuple[str, ...]] = ("name",)
    MADE_BY_IMPORT: ClassVar[bool] = True
    name: str
