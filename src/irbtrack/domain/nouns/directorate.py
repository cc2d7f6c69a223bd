"""A directorate: a part of the council that answers for actions."""

from dataclasses import dataclass
from typing import ClassVar

from irbtrack.domain.nouns.field import Field, Holds
from irbtrack.domain.record import Record


@dataclass(frozen=True, kw_only=True)
class Directorate(Record):
    """A part of the council that answers for actions; ``ref`` is its code."""

    NOUN: ClassVar[str] = "directorate"
    name: str


DIRECTORATE = (
    Field("ref", "Code", Holds.CODE, ("ref", "reference", "id"), fixed=True, width=22),
    Field("name", "Directorate", Holds.LINE, ("name", "department"), needed=True, width=44),
)
