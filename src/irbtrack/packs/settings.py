"""What a council chooses of its pack, or what is usual where it chooses nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple


class Settings(NamedTuple):
    """What a pack holds and how it looks.

    ``sections`` are names of ``sections.SECTIONS`` in their order, all of them if there are none,
    and ``titles`` has the titles that the council gives them. ``years`` are those of the audit
    actions, and ``plans`` the codes of the plans that are drawn; all if there are none. ``months``
    is how far back charts go. ``actions`` has the filters of ``action list`` that choose the
    actions of the annex, each with its values as they are typed. ``logo`` is the path of a file.
    """

    title: str = "Improvement and Recovery Board: progress report"
    meeting_on: date | None = None
    owner: str | None = None
    author: str | None = None
    marking: str | None = None
    logo: str | None = None
    colour: str = "#1f3864"
    page: str = "A4"
    sections: tuple[str, ...] = ()
    titles: Mapping[str, str] = {}
    years: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    months: int = 12
    actions: Mapping[str, tuple[str, ...]] = {"status": ("overdue",)}

    def as_told(self) -> dict[str, Any]:
        """Return the settings that aren't the usual ones, as plain values.

        A logo isn't among them: its path is of one machine.
        """
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self._asdict().items()
            if name != "logo" and value != USUAL[name]
        }


USUAL: Mapping[str, Any] = Settings()._asdict()
"""The settings where the council chooses nothing."""
