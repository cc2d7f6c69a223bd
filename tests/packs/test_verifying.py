"""A pack is verified against the register, and what was altered is found and named."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from packs.conftest import MakePack

from irbtrack.cli import main
from irbtrack.packs.document import BoardPack
from irbtrack.packs.formats import FORMATS, written
from irbtrack.packs.settings import Settings


@pytest.fixture(scope="module")
def told_pack(make: MakePack, board_db: Path) -> BoardPack:
    """A pack of some sections of the example, which have every kind of block."""
    chosen = ("directions", "plan", "narrative", "tallies", "directorates")
    return make(board_db, settings=Settings(sections=chosen, years=("22/23",)))


@pytest.fixture(scope="module")
def told_files(told_pack: BoardPack) -> Mapping[str, bytes]:
    """That pack in every format, by its ending."""
    return {ending: written(told_pack, ending) for ending in FORMATS}


def verified(folder: Path, board_db: Path, content: bytes, ending: str) -> int:
    """The exit code of verifying a file with this content."""
    path = folder / f"pack.{ending}"
    path.write_bytes(content)
    return main(["--database", str(board_db), "report", "verify", str(path)])


def in_part(content: bytes, part: str, alter: Callable[[bytes], bytes]) -> bytes:
    """A packed document with those of its parts altered whose name fits."""
    altered = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(altered, "w") as made:
        for entry in given.infolist():
            inside = given.read(entry)
            made.writestr(entry, alter(inside) if re.fullmatch(part, entry.filename) else inside)
    return altered.getvalue()


def fewer(text: bytes) -> bytes:
    """The text with 225, the total of a year, made 224."""
    assert b"225" in text or b"<p:sld" in text or b"<worksheet" in text
    return text.replace(b">225<", b">224<").replace(b"| 225 |", b"| 224 |")


ALTERED: Mapping[str, Callable[[bytes], bytes]] = {
    "html": fewer,
    "md": fewer,
    "docx": lambda content: in_part(content, "word/document.xml", fewer),
    "pptx": lambda content: in_part(content, r"ppt/slides/slide\d+.xml", fewer),
    "xlsx": lambda content: in_part(content, r"xl/worksheets/sheet\d+.xml", fewer),
    "pdf": lambda content: content.replace(b"%%EOF", b"%%EOF\n"),
}


@pytest.mark.parametrize("ending", FORMATS)
def test_a_pack_that_nobody_touched_is_right(
    ending: str,
    tmp_path: Path,
    board_db: Path,
    told_pack: BoardPack,
    told_files: Mapping[str, bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert verified(tmp_path, board_db, told_files[ending], ending) == 0
    said = capsys.readouterr().out
    assert "it is, to the byte, what the register tells" in said
    assert told_pack.proof.journal in said


@pytest.mark.parametrize("ending", FORMATS)
def test_an_altered_figure_is_found(
    ending: str,
    tmp_path: Path,
    board_db: Path,
    told_files: Mapping[str, bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    altered = ALTERED[ending](told_files[ending])
    assert altered != told_files[ending]
    assert verified(tmp_path, board_db, altered, ending) == 5
    said = capsys.readouterr().err
    if ending == "pdf":
        assert "the file is not, to the byte," in said
    else:
        assert "22/23 as of 31 October 2023', Totals, Total: it says '224'" in said


def retold(text: bytes) -> bytes:
    """The text with what is said of overdue made better, in its sentences and captions."""
    return text.replace(b"from 60 to 59", b"from 60 to 9").replace(b"31 October", b"30 October")


RETOLD: Mapping[str, Callable[[bytes], bytes]] = {
    "html": retold,
    "md": retold,
    "docx": lambda content: in_part(content, "word/document.xml", retold),
    "pptx": lambda content: in_part(content, r"ppt/slides/slide\d+.xml", retold),
    "xlsx": lambda content: in_part(content, "xl/sharedStrings.xml", retold),
}


@pytest.mark.parametrize("ending", RETOLD)
def test_an_altered_sentence_is_found(
    ending: str,
    tmp_path: Path,
    board_db: Path,
    told_files: Mapping[str, bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert verified(tmp_path, board_db, RETOLD[ending](told_files[ending]), ending) == 5
    said = capsys.readouterr().err
    assert "its tables are those of the register, but not its words: it has" in said
    assert "it lacks" in said


def test_an_altered_chart_is_found(
    tmp_path: Path, board_db: Path, told_files: Mapping[str, bytes]
) -> None:
    def lower(chart: bytes) -> bytes:
        return chart.replace(b"<c:v>59</c:v>", b"<c:v>5</c:v>")

    altered = in_part(told_files["pptx"], r"ppt/charts/chart\d+.xml", lower)
    assert altered != in_part(told_files["pptx"], "nothing", lower)
    assert verified(tmp_path, board_db, altered, "pptx") == 5


@pytest.mark.parametrize("ending", ["docx", "pptx", "xlsx"])
def test_a_pack_that_another_program_saved_is_right(
    ending: str,
    tmp_path: Path,
    board_db: Path,
    told_files: Mapping[str, bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    saved = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(told_files[ending])) as given,
        zipfile.ZipFile(saved, "w") as to,
    ):
        for name in sorted(given.namelist()):
            to.writestr(name, given.read(name))
    assert verified(tmp_path, board_db, saved.getvalue(), ending) == 0
    assert "its tables and words are those of the register" in capsys.readouterr().out


def test_what_it_says_of_itself_is_verified_too(
    tmp_path: Path, board_db: Path, told_pack: BoardPack, capsys: pytest.CaptureFixture[str]
) -> None:
    told = told_pack.proof._replace(compared_on=date(2020, 1, 1), version="\x1b[31m9")
    forged = written(told_pack._replace(proof=told), "md")
    assert verified(tmp_path, board_db, forged, "md") == 5
    said = capsys.readouterr().err
    assert "the dates or the moment in the file's properties aren't those of the register" in said
    assert "\x1b" not in said


def test_a_register_that_tells_otherwise_is_found(
    tmp_path: Path,
    board_db: Path,
    told_files: Mapping[str, bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    import sqlite3

    tampered = tmp_path / "tampered.db"
    tampered.write_bytes(board_db.read_bytes())
    with sqlite3.connect(tampered) as connection:
        connection.execute("UPDATE stamp SET writing = 1")
        connection.execute(
            "UPDATE action_version SET completed_on = '2023-10-01' WHERE year='22/23'"
        )
    assert verified(tmp_path, tampered, told_files["md"], "md") == 5
    said = capsys.readouterr().err
    assert "the register doesn't tell the same any more of 31 October 2023" in said
    assert "it has" in said


def test_another_register_is_not_compared(
    tmp_path: Path,
    register: Callable[[str], None],
    told_files: Mapping[str, bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    register("init --council 'Another Council'")
    code = verified(tmp_path, tmp_path / "irbtrack.db", told_files["html"], "html")
    assert code == 5
    assert "this register has no such entry" in capsys.readouterr().err


@pytest.mark.parametrize("ending", FORMATS)
def test_a_file_without_proof_is_refused(
    ending: str, tmp_path: Path, board_db: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verified(tmp_path, board_db, b"nothing", ending) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_what_people_type_is_no_proof(
    tmp_path: Path, board_db: Path, told_files: Mapping[str, bytes]
) -> None:
    text = told_files["md"].decode()
    word = re.search(r"irbtrack-pack-[\w-]+", text)
    assert word is not None
    without = text.replace(word[0], "") + f"\n{word[0]}\n"
    assert verified(tmp_path, board_db, without.encode(), "md") == 1
