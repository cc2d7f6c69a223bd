"""What a council may choose of its pack, and what is refused."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from irbtrack.arguments.filters import FILTERS
from irbtrack.errors import Misused
from irbtrack.packs.pack_toml import pack_toml_text, read_pack_toml, read_settings
from irbtrack.packs.settings import Settings
from irbtrack.packs.telling.sections import SECTIONS


def read(folder: Path, text: str) -> Settings:
    """The settings of a file with this text."""
    path = folder / "pack.toml"
    path.write_text(text, encoding="utf-8")
    return read_pack_toml(path, FILTERS)


def test_the_file_to_begin_with_chooses_what_is_usual(tmp_path: Path) -> None:
    assert read(tmp_path, pack_toml_text()) == Settings()


def test_every_line_of_it_that_is_a_comment_can_be_taken_up(tmp_path: Path) -> None:
    lines = pack_toml_text().splitlines()
    settings = [line.removeprefix("# ") if _is_setting(line) else line for line in lines]
    chosen = read(tmp_path, "\n".join(settings))
    assert chosen.sections == tuple(SECTIONS)
    assert chosen.meeting_on == date(2023, 11, 23)
    assert chosen.actions == {
        "status": ("overdue",),
        "priority": ("high",),
        "overdue-by": ("90",),
    }


def _is_setting(line: str) -> bool:
    text = line.removeprefix("# ")
    return line != text and ("=" in text.partition("#")[0] or text.lstrip().startswith(('"', "]")))


def test_settings_are_read_again_from_what_they_tell() -> None:
    chosen = Settings(
        title="A title",
        meeting_on=date(2024, 2, 29),
        sections=("annex",),
        titles={"annex": "More"},
        years=("22/23",),
        actions={"unverified": (), "year": ("22/23", "23/24")},
    )
    assert read_settings(chosen.as_told(), FILTERS) == chosen
    assert read_settings({}, FILTERS) == Settings()


def test_a_logo_is_looked_for_beside_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, 'logo = "crest.png"').logo == str(tmp_path / "crest.png")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour = ", "is not TOML"),
        ('colur = "#000000"', "'colur' is not a setting; did you mean colour?"),
        ('colour = "red"', "colour is six digits after a #"),
        ('colour = "#ffee00"', "too pale to be read on white: its contrast is 1.2 to 1"),
        ('page = "B7"', "page is one of 'A4'"),
        ('sections = ["headlines"]', "'headlines' is not a section; did you mean headline or"),
        ("sections = []", "names no section"),
        ("sections = [1]", "sections is a list of texts"),
        ('years = ["22/24"]', "22/24"),
        ("months = 1", "months is a number from 2 to 60"),
        ("months = true", "months is a number from 2 to 60"),
        ('title = ""', "title is a text of one line"),
        ('title = "a\\nb"', "title is a text of one line"),
        ("meeting_on = 7", "meeting_on is a date"),
        ('meeting_on = "then"', "'then' is not a date"),
        ("meeting_on = 2023-11-23T10:00:00", "meeting_on is a date"),
        ('titles = "x"', "titles is a table"),
        ('[titles]\nheadline = ""', "the title of headline is a text"),
        ('[actions]\nstate = "x"', "'state' is not a filter; did you mean"),
        ('actions = "x"', "actions is a table"),
    ],
)
def test_what_is_no_setting_is_refused_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Misused) as refused:
        read(tmp_path, text)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="cannot be read"):
        read_pack_toml(tmp_path / "none.toml", FILTERS)
    (tmp_path / "pack.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(Misused, match="is not TOML"):
        read_pack_toml(tmp_path / "pack.toml", FILTERS)
    (tmp_path / "pack.toml").write_text("# long\n" * 20_000)
    with pytest.raises(Misused, match="too long"):
        read_pack_toml(tmp_path / "pack.toml", FILTERS)


def test_what_is_read_can_be_written(tmp_path: Path) -> None:
    told = tomllib.loads(pack_toml_text())
    assert set(told) == {"title", "colour", "page", "months", "titles", "actions"}
    assert read(tmp_path, "").actions == {"status": ("overdue",)}
