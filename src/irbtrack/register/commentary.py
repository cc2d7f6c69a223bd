"""Texts with dates of their own: the commentary that updates keep, and what a note begins as."""

from datetime import date
from typing import Any

from irbtrack.domain.dates import PartialDate, read_partial_date, say_partial_date
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.note import Note, Section, comment_date
from irbtrack.domain.words import read_text
from irbtrack.errors import Misused, Refused, quoted
from irbtrack.register.references import Allocator
from irbtrack.register.session import Planned
from irbtrack.store.database import Reader
from irbtrack.store.gather import refs


def dated_day(dated: str | None, comment: str | None, day: date) -> PartialDate:
    """Return the date of a commentary: ``--dated``, not after ``day``, or ``day``."""
    if dated is None:
        return PartialDate(day)
    if comment is None:
        raise Misused("--dated is the date of a text; give the text too")
    return comment_date(read_partial_date(dated, day), day)


def kept_comment(
    reader: Reader, about: tuple[str, str], text: str, dated: PartialDate, day: date
) -> Planned:
    """Return the plan for a commentary on a direction or milestone, from ``day``."""
    fields = {"section": Section.COMMENTARY.value, "text": read_text("the commentary", text)}
    noun, ref = about
    if text.strip().casefold() in {known.casefold() for known in refs(reader, noun)}:
        raise Refused(
            f"{quoted(text.strip())} is a {noun}, not commentary; update one {noun} at a time"
        )
    change = new_note(reader, {noun: ref} | fields, dated, day)
    when = say_partial_date(dated.day, dated.known_to)
    return Planned(change, f"{ref}: commentary of {when} kept as {change.ref}")


def new_note(reader: Reader, fields: dict[str, Any], dated: PartialDate, day: date) -> Change:
    """Return the change that adds a note with these fields from ``day`` on."""
    ref = Allocator(reader, Note).give(fields)
    own = {"dated_on": dated.day}
    closeness = {"dated_to": dated.known_to} if dated.known_to != "day" else {}
    return Change("note", ref, day, fields | own | closeness)
