"""Registers that are unlike the example: every format tells of them, and tells it right."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from irbtrack.cli import main
from irbtrack.domain.journal import Change, Entry
from irbtrack.packs.document import BoardPack
from irbtrack.packs.formats import FORMATS
from irbtrack.packs.reading_back import as_read, tables_in
from irbtrack.store.database import Location
from irbtrack.store.write import writing

AS_OF = date(2023, 10, 31)
BEGUN = date(2022, 4, 1)
RECORDED = datetime(2023, 11, 1, 9, 30, tzinfo=UTC)

Changes = Iterator[Change]

LONG = "Directorate of Neighbourhoods, Regeneration, Public Protection and Community Wellbeing"
RIGHT_TO_LEFT = "מועצה مجلس"
EMOJI = "👩🏽‍🚒🇬🇧🚧 ✅"
MIXED = f"{RIGHT_TO_LEFT} of Example {EMOJI}"


def council(name: str = "Example Borough Council", **scales: Any) -> Change:
    """The change that a register begins with."""
    return Change("council", "council", BEGUN, {"name": name} | scales)


def directorate(ref: str, name: str) -> Change:
    return Change("directorate", ref, BEGUN, {"name": name})


def action(number: int, directorate: str = "finance", **fields: Any) -> Change:
    """The change that raises an action, overdue unless its fields say otherwise."""
    raised_on = date(2022, 9, 1)
    given = {
        "raised_on": raised_on,
        "year": "22/23",
        "title": f"Agree matter {number}",
        "priority": ("High", "Medium", "Low")[number % 3],
        "directorate": directorate,
        "owner": "head",
        "due_on": date(2023, 3, 31),
    }
    return Change("action", f"2223-{number:03}", raised_on, given | fields)


def direction(ref: str = "3a", title: str = "Financial sustainability") -> Change:
    given = {"title": title, "target_on": date(2024, 3, 31), "rag": "A"}
    return Change("direction", ref, BEGUN, given)


def note(number: int, text: str, **fields: Any) -> Change:
    given = {"section": "Commentary", "dated_on": date(2023, 10, 11), "text": text} | fields
    return Change("note", f"N{number}", date(2023, 10, 11), given)


def head(title: str = "Head of Service") -> Change:
    return Change("officer", "head", BEGUN, {"title": title})


def empty() -> Changes:
    yield council()


def nothing_overdue() -> Changes:
    yield from (council(), directorate("finance", "Finance"), head())
    yield from (action(number, due_on=date(2024, 3, 31)) for number in range(1, 6))


def forty_directorates() -> Changes:
    yield from (council(), head())
    for number in range(1, 41):
        yield directorate(f"d{number}", f"{LONG} {number}")
        yield action(2 * number, f"d{number}")
        yield action(2 * number + 1, f"d{number}", year="23/24")


def long_commentary() -> Changes:
    yield from (council(), direction())
    paragraph = "It is **said** at length, " * 19 + "and at last it ends."
    text = "\n\n".join([paragraph] * 50)
    assert len(text.split()) == 5_000
    yield note(1, text, direction="3a")
    yield note(2, text, section="Headline", position=1)


def other_scripts() -> Changes:
    yield from (council(MIXED), directorate("finance", MIXED), head(MIXED), direction(title=MIXED))
    yield Change("audit", "A1", BEGUN, {"name": MIXED, "year": "22/23", "status": "Draft"})
    yield Change("workstream", "plan", BEGUN, {"name": MIXED, "position": 1})
    yield Change("workstream", "within", BEGUN, {"name": MIXED, "position": 1, "within": "plan"})
    milestone = {"title": MIXED, "workstream": "within", "forecast_on": AS_OF, "rag": "G"}
    yield Change("milestone", "M001", BEGUN, milestone)
    for number, section in enumerate(("Headline", "Progress", "Next Step", "Commentary"), 1):
        about = {"direction": "3a"} if section != "Headline" else {}
        yield note(number, f"- **{MIXED}**\n- {EMOJI}", section=section, position=number, **about)
    yield note(5, MIXED, section="Theme", theme=MIXED, position=1)
    yield from (action(number, title=MIXED, audit="A1") for number in range(1, 4))


def five_priorities() -> Changes:
    scale = ("Critical", "High", "Medium", "Low", "Advisory and for information only")
    yield from (council(priorities=scale), directorate("finance", "Finance"), head())
    for number in range(1, 16):
        yield action(number, priority=scale[number % 5])


def two_of_a_name() -> Changes:
    yield from (council(), head(), directorate("north", "Housing"), directorate("south", "Housing"))
    yield from (action(1, "north"), action(2, "south"), action(3, "south"))


def everything_overdue() -> Changes:
    yield from (council(), directorate("finance", "Finance"), head())
    for year in ("21/22", "22/23", "23/24"):
        for number in range(1, 41):
            yield action(number + 100 * int(year[:2]), year=year)


@pytest.mark.long
@pytest.mark.parametrize(
    "changes",
    [
        empty,
        nothing_overdue,
        forty_directorates,
        long_commentary,
        other_scripts,
        five_priorities,
        two_of_a_name,
        everything_overdue,
    ],
)
def test_every_format_tells_of_it_and_tells_it_right(
    changes: Callable[[], Changes],
    database: Location,
    make: Callable[..., BoardPack],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with writing(database) as journal:
        journal.record(Entry(RECORDED, "register-officer", "import", None, tuple(changes())))
    assert database.path is not None
    report = ["--database", str(database.path), "report"]
    folder = database.path.with_name("packs")
    asked = ["--as-of", str(AS_OF), "--format", ",".join(FORMATS), "--output", str(folder)]
    assert main([*report, *asked]) == 0
    told = [as_read(grid) for grid in make(database.path).grids()]
    for ending in FORMATS:
        [file] = folder.glob(f"*.{ending}")
        expected = told if ending != "pdf" else None
        assert tables_in(file.read_bytes(), ending) == expected
        assert main([*report, "verify", str(file)]) == 0
        assert "to the byte" in capsys.readouterr().out
