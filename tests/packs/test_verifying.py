"""A pack is verified against the register, and what was altered is found and named."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from irbtrack.cli import main
from irbtrack.packs.document import BoardPack
from irbtrack.packs.formats import FORMATS, written


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
    board_pack: BoardPack,
    board_files: Mapping[str, bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert verified(tmp_path, board_db, board_files[ending], ending) == 0
    said = capsys.readouterr().out
    assert "it is, to the byte, what the register tells" in said
    assert board_pack.proof.journal in said


@pytest.mark.parametrize("ending", FORMATS)
def test_an_altered_figure_is_found(
    ending: str,
    tmp_path: Path,
    board_db: Path,
    board_files: Mapping[str, bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    altered = ALTERED[ending](board_files[ending])
    assert altered != board_files[ending]
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
    board_files: Mapping[str, bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert verified(tmp_path, board_db, RETOLD[ending](board_files[ending]), ending) == 5
    said = capsys.readouterr().err
    assert "its tables are those of the register, but not its words: it has" in said
    assert "it lacks" in said


def test_an_altered_chart_is_found(
    tmp_path: Path, board_db: Path, board_files: Mapping[str, bytes]
) -> None:
    def lower(chart: bytes) -> bytes:
        return chart.replace(b"<c:v>59</c:v>", b"<c:v>5</c:v>")

    altered = in_part(board_files["pptx"], r"ppt/charts/chart\d+.xml", lower)
    assert altered != in_part(board_files["pptx"], "nothing", lower)
    assert verified(tmp_path, board_db, altered, "pptx") == 5


@pytest.mark.parametrize("ending", ["docx", "pptx", "xlsx"])
def test_a_pack_that_another_program_saved_is_right(
    ending: str,
    tmp_path: Path,
    board_db: Path,
    board_files: Mapping[str, bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    saved = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(board_files[ending])) as given,
        zipfile.ZipFile(saved, "w") as to,
    ):
        for name in sorted(given.namelist()):
            to.writestr(name, given.read(name))
    assert verified(tmp_path, board_db, saved.getvalue(), ending) == 0
    assert "its tables and words are those of the register" in capsys.readouterr().out


def test_what_it_says_of_itself_is_verified_too(
    tmp_path: Path, board_db: Path, board_pack: BoardPack, capsys: pytest.CaptureFixture[str]
) -> None:
    told = board_pack.proof._replace(compared_on=date(2020, 1, 1), version="\x1b[31m9")
    forged = written(board_pack._replace(proof=told), "md")
    assert verified(tmp_path, board_db, forged, "md") == 5
    said = capsys.readouterr().err
    assert "the dates or the moment in the file's properties aren't those of the register" in said
    assert "\x1b" not in said


def test_a_register_that_tells_otherwise_is_found(
    tmp_path: Path,
    board_db: Path,
    board_files: Mapping[str, bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    import sqlite3

    tampered = tmp_path / "tampered.db"
    tampered.write_bytes(board_db.read_bytes())
    with sqlite3.connect(tampered) as connection:
        connection.execute(
            "UPDATE action_version SET completed_on = '2023-10-01' WHERE year='22/23'"
        )
    assert verified(tmp_path, tampered, board_files["md"], "md") == 5
    said = capsys.readouterr().err
    assert "the register doesn't tell the same any more of 31 October 2023" in said
    assert (
        "22/23 as of 31 October 2023', Overdue, Total: it says '59', and the register '0'" in said
    )


def test_another_register_is_not_compared(
    tmp_path: Path,
    register: Callable[[str], None],
    board_files: Mapping[str, bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    register("init --council 'Another Council'")
    code = verified(tmp_path, tmp_path / "irbtrack.db", board_files["html"], "html")
    assert code == 5
    assert "this register has no such entry" in capsys.readouterr().err


@pytest.mark.parametrize("ending", FORMATS)
def test_a_file_without_proof_is_refused(
    ending: str, tmp_path: Path, board_db: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verified(tmp_path, board_db, b"nothing", ending) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_what_people_type_is_no_proof(
    tmp_path: Path, board_db: Path, board_files: Mapping[str, bytes]
) -> None:
    text = board_files["md"].decode()
    word = re.search(r"irbtrack-pack-[\w-]+", text)
    assert word is not None
    without = text.replace(word[0], "") + f"\n{word[0]}\n"
    assert verified(tmp_path, board_db, without.encode(), "md") == 1
