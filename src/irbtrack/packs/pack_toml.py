"""Read ``pack.toml``, where a council chooses what its pack holds, and write one to begin with."""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from irbtrack.domain.dates import read_date, read_year
from irbtrack.errors import Misused, listed, near, printable, quoted
from irbtrack.packs.drawing.palette import PAPER, READABLE, contrast
from irbtrack.packs.settings import USUAL, Settings
from irbtrack.packs.telling.sections import SECTIONS

LARGEST = 100_000
"""The bytes that a file of settings has at most."""

LONGEST = 200
"""The characters that a title or a name has at most."""

PAGES = ("A4", "A4 landscape", "A3", "A3 landscape", "Letter", "Letter landscape")
"""The sizes that pages can have."""


def read_pack_toml(path: Path, filters: tuple[str, ...]) -> Settings:
    """Return the settings of a file.

    ``filters`` are the names of the filters that ``[actions]`` may have. The path of a logo is
    taken from where the file is. Raises :class:`Misused` for a file that can't be read, and for a
    setting that isn't one.
    """
    where = f"--pack {quoted(str(path))}"
    try:
        if path.stat().st_size > LARGEST:
            raise Misused(
                f"{where} is too long to be settings; 'irbtrack report --init-pack' begins one"
            )
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Misused(f"{where} cannot be read ({error.strerror or 'unknown reason'})") from None
    except ValueError as error:
        raise Misused(f"{where} is not TOML: {printable(str(error))}") from None
    try:
        settings = read_settings(told, filters)
    except Misused as error:
        raise Misused(f"{printable(path.name)}: {error}") from None
    return settings._replace(logo=settings.logo and str(path.parent / settings.logo))


def read_settings(told: Mapping[str, Any], filters: tuple[str, ...]) -> Settings:
    """Return the settings that plain values name. Raises :class:`Misused` for any other."""
    readers: Mapping[str, Callable[[str, Any], Any]] = {
        **dict.fromkeys(("title", "owner", "author", "marking", "logo"), _read_line),
        "meeting_on": _read_day,
        "colour": _read_colour,
        "page": _read_page,
        "sections": _read_sections,
        "titles": _read_titles,
        "years": lambda name, value: tuple(map(read_year, _read_texts(name, value))),
        "plans": _read_texts,
        "months": _read_months,
        "actions": lambda name, value: _read_filters(name, value, filters),
    }
    _refuse_unknown("a setting", told, readers)
    return Settings(**{name: readers[name](name, value) for name, value in told.items()})


def _refuse_unknown(what: str, told: Mapping[str, Any], known: Any) -> None:
    for name in told:
        if name not in known:
            meant = listed(near(name, known) or known)
            raise Misused(f"{quoted(name)} is not {what}; did you mean {meant}?")


def _read_line(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or "\n" in value or len(value) > LONGEST:
        raise Misused(f"{name} is a text of one line, in quotes, of at most {LONGEST} characters")
    return value.strip()


def _read_day(name: str, value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and (day := read_date(value, date.min)).year >= 1900:
        return day
    raise Misused(f"{name} is a date, such as 2023-11-23")


def _read_colour(name: str, value: Any) -> str:
    """Return a colour on which white can be read, as titles and table headers have it."""
    if not isinstance(value, str) or not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise Misused(f"{name} is six digits after a #, such as {quoted(USUAL['colour'])}")
    if (found := contrast(value, PAPER)) < READABLE:
        raise Misused(
            f"{name} {quoted(value)} is too pale to be read on white: its contrast is {found:.1f}"
            f" to 1, and the law asks for {READABLE}; choose a darker one"
        )
    return value.lower()


def _read_page(name: str, value: Any) -> str:
    for page in PAGES:
        if isinstance(value, str) and value.casefold().split() == page.casefold().split():
            return page
    raise Misused(f"{name} is one of {listed(map(quoted, PAGES))}")


def _read_texts(name: str, value: Any) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(one, str) for one in texts):
        raise Misused(f'{name} is a list of texts, such as ["one", "two"]')
    return tuple(dict.fromkeys(texts))


def _read_sections(name: str, value: Any) -> tuple[str, ...]:
    names = _read_texts(name, value)
    _refuse_unknown("a section", dict.fromkeys(names), SECTIONS)
    if not names:
        raise Misused(f"{name} names no section; leave it out for all of them")
    return names


def _read_titles(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise Misused(f'{name} is a table, with a line such as headline = "What matters"')
    _refuse_unknown("a section", value, SECTIONS)
    return {
        section: _read_line(f"the title of {section}", title) for section, title in value.items()
    }


def _read_months(name: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 2 <= value <= 60:
        return value
    raise Misused(f"{name} is a number from 2 to 60")


def _read_filters(name: str, value: Any, known: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        raise Misused(f'{name} is a table, with a line such as status = ["overdue"]')
    _refuse_unknown("a filter", value, known)
    return {
        option: () if one is True else _read_texts(option, _as_text(one))
        for option, one in value.items()
        if one is not False
    }


def _as_text(value: Any) -> Any:
    """Return a number or a date as it would be typed."""
    return str(value) if isinstance(value, int | date) else value


def pack_toml_text() -> str:
    """Return a file of settings to begin with, in which every line is explained."""
    names = "\n".join(
        f'#     "{name}",{" " * (14 - len(name))}# {title}' for name, (title, _) in SECTIONS.items()
    )
    return BEGINNING.format(
        sections=names,
        **{k: v for k, v in USUAL.items() if isinstance(v, str | int)},
        pages=listed(PAGES),
    )


BEGINNING = """\
# The settings of a board pack: irbtrack report --pack pack.toml
# Take the # from the beginning of a line to choose something else than what is usual.

# What the cover says. The meeting is the next board that a note is for, if it is left out.
title = "{title}"
# meeting_on = 2023-11-23
# owner = "Executive Director, Strategy and Improvement"
# author = "Improvement Team"
# marking = "OFFICIAL"

# A picture in PNG or JPEG; its path is taken from where this file is.
# logo = "logo.png"

# The colour of titles and table headers. White must be readable on it.
colour = "{colour}"

# The size of pages: {pages}.
page = "{page}"

# The years of the audit actions, and the plans that are drawn by their codes; all if left out.
# years = ["22/23", "23/24"]
# plans = ["recovery"]

# How many months the charts over time go back, from 2 to 60.
months = {months}

# The sections in their order, without those that you leave out. A section that has nothing to
# tell is left out in any case.
# sections = [
{sections}
# ]

# Titles of your own.
[titles]
# headline = "What matters this month"

# Which actions the annex lists: the filters of 'irbtrack action list'. Leave "annex" out of the
# sections to list none.
[actions]
status = ["overdue"]
# priority = ["high"]
# overdue-by = "90"
"""
