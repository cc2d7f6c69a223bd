"""An export of more than an import takes in at once is several files, which come back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.transcript import Prepare, Scene

from irbtrack.domain.answers import Column, Table
from irbtrack.domain.tracker.sheet import Cell
from irbtrack.exports import parts as parting
from irbtrack.exports.files import FORMATS
from irbtrack.imports import sheet_rows
from irbtrack.render.data import to_csv, to_json
from irbtrack.sheets.form import CellKind, Form, FormColumn
from irbtrack.sheets.ods import to_ods
from irbtrack.sheets.opening import read_book
from irbtrack.sheets.xlsx import to_xlsx

TITLES = ("One", "Two", "Three", "Four")


@pytest.fixture
def register(prepared: Prepare, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Four actions in six versions. A file holds four rows."""
    for module in (parting, sheet_rows):
        monkeypatch.setattr(module, "RECORDS_LIMIT", 4)
    return prepared(
        'init --council "Test Council"',
        "directorate add finance Finance",
        'audit add "Council Tax" --year 22/23',
        *(
            f'action add {title} --audit "Council Tax" --priority high --directorate finance'
            " --raised 1/2/2023 --due 31/8/2023"
            for title in TITLES
        ),
        'action progress 2223-002 --note "Begun" --on 1/9/2023',
        "action complete 2223-002 --on 1/10/2023",
    )


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("history", ["", " --history"])
def test_each_file_comes_back_and_together_they_are_the_register(
    register: Scene, ending: str, history: str
) -> None:
    if not history:
        register.run(
            'irbtrack action add Five --audit "Council Tax" --priority low --directorate finance'
            " --raised 1/2/2023"
        )
    said = register.run(f"irbtrack export actions told{ending}{history}")
    count = "4 actions, in 6 versions," if history else "5 actions"
    assert said == (
        f"! {count} written to told{ending} and told-2{ending}; they are too many to come back in"
        " one file, so import one after the other"
    )
    for noun in ("directorates", "audits"):
        register.run(f"irbtrack export {noun} {noun}.csv --history")
    register.run(f"irbtrack export actions before.csv{history}")
    new = "irbtrack --database new.db"
    for command in (
        'init --council "Test Council"',
        "import directorates directorates.csv",
        "import audits audits.csv",
        f"import actions told{ending}",
        f"import actions told-2{ending}",
        f"export actions after.csv{history}",
    ):
        assert "exit" not in register.run(f"{new} {command}"), command
    for part in ("", "-2"):
        before, after = (register.folder / f"{when}{part}.csv" for when in ("before", "after"))
        assert before.read_text("utf-8") == after.read_text("utf-8")


def test_a_further_file_that_is_there_is_not_written_over(register: Scene) -> None:
    kept = Path(register.folder / "told-2.csv")
    kept.write_text("kept", encoding="utf-8")
    assert register.run("irbtrack export actions told.csv --history") == (
        "! irbtrack: 'told-2.csv' is there already; name another, or give --replace to write over"
        " a file\n[exit 1]"
    )
    assert not (register.folder / "told.csv").exists()
    register.run("irbtrack export actions told.csv --history --replace")
    assert kept.read_text("utf-8-sig").startswith("ref,")


@given(st.lists(st.integers(1, 7), max_size=30))
def test_as_many_records_go_into_a_file_as_fit_and_none_is_parted(versions: list[int]) -> None:
    records = [[[n, "text"]] * rows for n, rows in enumerate(versions)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parting, "RECORDS_LIMIT", 4)
        found = [versions[one] for one in parting.parts(records, ("ref", "title"))]
    assert [rows for part in found for rows in part] == versions
    assert all(sum(part) <= 4 or len(part) == 1 for part in found)
    assert all(sum(part) + after[0] > 4 for part, after in pairwise(found))


def test_an_eraser_is_told_of_every_file_that_has_names(register: Scene) -> None:
    for n in range(5):
        register.run(f'irbtrack officer add post-{n} "Post {n}" --name "Ada {n}"')
    register.run("irbtrack export officers people.csv")
    said = register.run("irbtrack officer erase post-0 --reason Asked")
    assert "people-2.csv, of 23 November 2023; people.csv, of 23 November 2023" in said


@pytest.mark.long
@pytest.mark.parametrize("ending", FORMATS)
def test_what_is_parted_by_its_size_is_read(ending: str, tmp_path: Path) -> None:
    """Rows with 90 MB of text: each file that they go into is one that is read."""
    names = ("ref", "title", "detail")
    rows = [[f"{n}", f"{n} é".ljust(9_000, "."), f"😀 {n}".ljust(9_000, ".")] for n in range(5_000)]
    found = list(parting.parts([[row] for row in rows], names))
    assert len(found) > 1
    assert [one.start for one in found] == [0, *(one.stop for one in found[:-1])]
    assert found[-1].stop == len(rows)
    for one in found:
        path = tmp_path / f"{one.start}{ending}"
        _written(path, names, rows[one])
        sheet = read_book(path).sheets[0]
        assert [list(row) for row in sheet.rows[-3:]] == rows[one][-3:]


def _written(path: Path, names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Write rows to a file as an export does."""
    if path.suffix in (".csv", ".json"):
        table = Table(tuple(map(Column, names)), rows)
        path.write_text((to_csv if path.suffix == ".csv" else to_json)(table), encoding="utf-8")
    else:
        columns = tuple(FormColumn(name, name, CellKind.TEXT) for name in names)
        made_at = datetime(2023, 11, 23, tzinfo=UTC)
        form = Form("Actions", "Actions", columns, rows, made_at, spare_rows=0)
        (to_xlsx if path.suffix == ".xlsx" else to_ods)(form, path)
