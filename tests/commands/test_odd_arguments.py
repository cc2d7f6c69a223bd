"""Arguments that once ended in a traceback, or were taken for more than they are."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared.transcript import Prepare, Scene
from sqlalchemy.exc import StatementError

from irbtrack.cli import main
from irbtrack.domain.nouns.officer import Person
from irbtrack.store.database import Location
from irbtrack.store.write import writing

DIGITS = "9" * 5000


@pytest.fixture
def register(prepared: Prepare) -> Scene:
    return prepared(
        'init --council "Test Council"', "workstream add plan Plan", "direction add 3a Finance"
    )


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("workstream update plan --place {}", "is not a place; give 1 for the first"),
        ("import inspect sheet.csv --header-row {}", "is not a row; give its number, from 1 on"),
        ("ageing --bands {}", "are not bands; give the last day of each but the oldest"),
        ("due --within {}", "is not"),
        ("action list --overdue-by {}", "is not"),
    ],
)
def test_a_number_of_five_thousand_digits_is_refused(
    command: str, said: str, register: Scene
) -> None:
    (register.folder / "sheet.csv").write_text("Action\nOne\n", encoding="utf-8")
    told = register.run(f"irbtrack {command.format(DIGITS)}")
    assert told.startswith("! irbtrack: ")
    assert said in told
    assert told.endswith("[exit 2]")


def test_the_width_of_a_page_may_be_any_text(
    register: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = register.run("irbtrack plan")
    monkeypatch.setenv("COLUMNS", DIGITS)
    assert register.run("irbtrack plan") == usual


def test_a_home_that_is_not_known_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--database", "~nosuch-user/x.db", "summary"]) == 2
    assert capsys.readouterr().err == (
        "irbtrack: '~nosuch-user/x.db' names the home of a user who isn't known; give the whole"
        " path\n"
    )


@contextlib.contextmanager
def in_a_folder_that_is_gone(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    gone = folder / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    try:
        yield
    finally:
        os.chdir(before)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is in use")
def test_a_path_from_a_folder_that_is_gone_is_refused(
    tmp_path: Path, register: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Test Council" in register.run("irbtrack council show")
    with in_a_folder_that_is_gone(tmp_path):
        assert main(["--database", "x.db", "summary"]) == 3
        assert capsys.readouterr().err == (
            "irbtrack: 'x.db' is meant from a folder that is gone; change to another, or give the"
            " whole path\n"
        )
        assert main(["export", "directions", "out.csv"]) == 1
        assert "irbtrack: 'out.csv' cannot be written" in capsys.readouterr().err
        assert main(["council", "show"]) == 0


@pytest.mark.parametrize("option", ["--keep", "--pack"])
def test_a_null_character_is_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", option, "a\0b"]) == 2
    assert capsys.readouterr().err == (
        f"irbtrack: {option} 'a\\x00b' has a null character in it; type it again\n"
    )


def test_a_saved_mapping_goes_through_no_link(register: Scene) -> None:
    folder = register.folder
    register.run("irbtrack directorate add parks Parks")
    (folder / "sheet.csv").write_text("Direction,Ref\nFinance,9\n", encoding="utf-8")
    (folder / "how.toml").symlink_to(folder / "elsewhere.toml")
    for option in ("--save-mapping how.toml", "--partial --rejects how.toml"):
        assert register.run(
            f"irbtrack import directions sheet.csv --map title=Direction {option}"
        ) == ("! irbtrack: 'how.toml' is a symbolic link; name the file that it leads to\n[exit 1]")
    assert not (folder / "elsewhere.toml").exists()
    assert "Finance" not in register.run("irbtrack direction show 9")


def test_a_mapping_that_cannot_be_written_does_not_deny_what_was_stored(
    register: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    (register.folder / "sheet.csv").write_text("Direction,Ref\nFinance,9\n", encoding="utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    told = register.run(
        "irbtrack import directions sheet.csv --map title=Direction --save-mapping how.toml"
    )
    assert told.endswith(
        "! irbtrack: 'how.toml' cannot be written (No space left on device); entry 4 was stored"
        "\n[exit 1]"
    )


@pytest.mark.parametrize("form", ["table", "md", "csv", "json"])
def test_the_names_of_sheets_steer_no_terminal(form: str, register: Scene) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.worksheets[0].title = "A\x9b31m\u202eB"
    book.worksheets[0].append(["Direction", "Ref"])
    book.worksheets[0].append(["Finance", "9"])
    book.save(register.folder / "book\u202e.xlsx")
    out = register.run(f"irbtrack import inspect book\u202e.xlsx --as directions --format {form}")
    assert "\x9b" not in out
    assert "\u202e" not in out
    assert ("A\\u009b31m\\u202eB" if form == "json" else "31m") in out


def test_a_scale_that_looks_like_formulas_is_guarded_in_the_header_of_csv(scene: Scene) -> None:
    scene.run("irbtrack init --council Council --priorities =high,@low")
    out = scene.run("irbtrack summary --format csv")
    assert out == "as_of,year,status,total,'=high,'@low,percent"
    assert scene.run("irbtrack summary --format json") == "[]"


def test_a_note_keeps_only_links_to_pages_and_addresses_in_markdown(register: Scene) -> None:
    register.run(
        "irbtrack note add headline 'a [x](javascript:alert(1)) [y](https://example.org/)"
        " [z](data:text/html,x) [m](mailto:a@example.org) [r]: javascript:x'"
    )
    out = register.run("irbtrack note list --format md")
    assert "[x]&#40;javascript:alert(1)) [y](https://example.org/) [z]&#40;data:" in out
    assert "[m](mailto:a@example.org) [r]&#58; javascript:x" in out


@pytest.mark.files
def test_what_was_to_be_written_is_in_no_error_of_the_driver(register: Scene) -> None:
    refusing = (
        "CREATE TRIGGER no BEFORE INSERT ON person BEGIN SELECT RAISE(ABORT, 'not today'); END"
    )
    with writing(Location(register.folder / "irbtrack.db")) as journal:
        journal._connection.exec_driver_sql(refusing)
        with pytest.raises(StatementError, match="not today") as error:
            journal.set_person(Person("clerk", "Zebedee Quillfeather", "zq@example.org"))
    assert "INSERT INTO person" in str(error.value)
    assert "Quillfeather" not in str(error.value)


def test_an_argument_is_in_no_sentence_of_the_journal(register: Scene) -> None:
    register.run("irbtrack officer add clerk Clerk --name 'Zebedee Q' --email z@example.org")
    told = register.run("irbtrack history --format json")
    assert "Zebedee" not in told
    assert "example.org" not in told


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such arguments")
def test_a_list_is_no_way_to_smuggle_a_null_character(register: Scene) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "irbtrack", "demo", "--keep", "- kept.db"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=register.folder,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 0
    assert (register.folder / "- kept.db").is_file()
