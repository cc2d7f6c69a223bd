"""Every command, good and bad, by its whole output."""

import re
from pathlib import Path

import pytest
from shared.transcript import GOLDEN, Scene, replayed

ABOUT_FILES = ("backups", "getting_started")
"""Transcripts that show a database that is not there yet, or the names of files."""

TRANSCRIPTS = sorted(Path(__file__).parent.joinpath("transcripts").glob("*.txt"))


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(
            path, id=path.stem, marks=[pytest.mark.files] if path.stem in ABOUT_FILES else []
        )
        for path in TRANSCRIPTS
    ],
)
def test_a_transcript_comes_out_as_it_is_written(
    path: Path, scene: Scene, databases: dict[str, Path]
) -> None:
    expected = path.read_text(encoding="utf-8")
    wanted = re.search(r"^# database: (\w+)$", expected, re.MULTILINE)
    assert wanted, f"{path.name} says no '# database:'"
    if wanted[1] != "none":
        scene.folder.joinpath("irbtrack.db").write_bytes(databases[wanted[1]].read_bytes())
    written = replayed(expected, scene)
    if GOLDEN:
        path.write_text(written, encoding="utf-8")
    assert written == expected
