"""A pack is written whole or not at all, and never over a file without a word."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from irbtrack.cli import main
from irbtrack.errors import Refused
from irbtrack.packs import formats, to_markdown
from irbtrack.packs.formats import read_formats


@pytest.fixture
def board(board_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Ask for the example's pack, in the temporary folder."""
    monkeypatch.chdir(tmp_path)

    def report(*arguments: str) -> int:
        return main(["--database", str(board_db), "report", "--as-of", "31/10/2023", *arguments])

    return report


def test_nothing_is_written_if_one_format_fails(
    board: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> bytes:
        raise Refused("the pack can't be written")

    monkeypatch.setattr(to_markdown, "to_markdown", fails)
    assert board("--format", "xlsx,md", "--output", "out") == 1
    assert list(tmp_path.rglob("*.*")) == []


def test_nothing_is_replaced_if_one_file_is_there(
    board: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    there = tmp_path / "out" / "board-pack-2023-10-31.md"
    there.write_text("mine")
    assert board("--format", "xlsx,md", "--output", "out") == 1
    assert "give --force" in capsys.readouterr().err
    assert there.read_text() == "mine"
    assert [path.name for path in (tmp_path / "out").iterdir()] == [there.name]
    assert board("--format", "md", "--output", "out", "--force") == 0
    assert there.read_text().startswith("# ")


def test_a_folder_is_never_replaced(board: Callable[..., int], tmp_path: Path) -> None:
    (tmp_path / "board.md").mkdir()
    assert board("--format", "md", "--output", "board.md", "--force") == 0
    assert (tmp_path / "board.md" / "board-pack-2023-10-31.md").is_file()


def test_the_pack_goes_to_standard_output(
    board: Callable[..., int], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert board("--format", "md", "--output", "-") == 0
    written = capfdbinary.readouterr().out
    assert board("--format", "md", "--output", "x.md") == 0
    assert Path("x.md").read_bytes() == written


def test_without_the_extra_it_says_what_the_others_need(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    missing = {"typst", "docx", "pptx", "lets_plot"}
    monkeypatch.setattr(formats, "find_spec", lambda name: None if name in missing else found(name))
    assert read_formats("html,md,xlsx") == ("html", "md", "xlsx")
    with pytest.raises(Refused) as refused:
        read_formats("pdf,md,docx")
    assert str(refused.value) == (
        "pdf and docx cannot be written without typst and lets-plot; pip install 'irbtrack[pack]'"
        " installs what is needed. Only html, xlsx and md can be written without it"
    )
