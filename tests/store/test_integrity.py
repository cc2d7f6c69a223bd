"""What was changed by other means than by recording it is found, and said in plain words."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shared.strategies import entry
from shared.tampering import RECORDED, record, tampering

from irbtrack.cli import main
from irbtrack.domain.checks import Finding
from irbtrack.domain.journal import Login
from irbtrack.store.database import locate
from irbtrack.store.integrity import (
    broken_links,
    chain_findings,
    snapshot_findings,
    unknown_recorders,
    version_findings,
)
from irbtrack.store.reading import reading
from irbtrack.store.write import writing


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small register with something of each noun, and with an entry taken back."""
    return record(tmp_path_factory.mktemp("sound") / "irbtrack.db")


def everything(path: Path) -> dict[str, list[Finding]]:
    with reading(locate(str(path))) as reader:
        return {
            "journal-chain": list(chain_findings(reader)),
            "versions-equal-fold": list(version_findings(reader)),
            "snapshot-digest": list(snapshot_findings(reader)),
        }


def test_a_sound_register_has_nothing_wrong(sound: Path) -> None:
    assert not any(everything(sound).values())


@pytest.mark.parametrize(
    ("table", "check", "wrong"),
    [
        ("action_version", "versions-equal-fold", "action_version lacks"),
        ("change", "journal-chain", "entry.digest is not that of what the entry"),
        ("snapshot", "snapshot-digest", "took is not there"),
        ("snapshot_action", "snapshot-digest", "does not have the lines that were frozen"),
    ],
)
def test_a_row_that_is_removed_is_missed(
    table: str, check: str, wrong: str, sound: Path, tmp_path: Path
) -> None:
    with tampering(sound, tmp_path / "irbtrack.db") as connection:
        last = f'(SELECT MAX(rowid) FROM "{table}")'
        connection.execute(f'DELETE FROM "{table}" WHERE rowid = {last}')
    told = everything(tmp_path / "irbtrack.db")[check]
    assert any(wrong in one.wrong for one in told), told


def test_a_version_that_is_put_in_is_found(sound: Path, tmp_path: Path) -> None:
    with tampering(sound, tmp_path / "irbtrack.db") as connection:
        connection.execute(
            "INSERT INTO directorate_version (ref, valid_from, valid_to, name)"
            " VALUES ('ghost', '2023-01-01', '9999-12-31', 'Ghosts')"
        )
    told = everything(tmp_path / "irbtrack.db")["versions-equal-fold"]
    wrong = (
        "directorate_version has ghost from 2023-01-01 on, and the journal gives no such version"
    )
    assert told == [Finding("directorate", "ghost", wrong)]


def test_an_entry_that_is_removed_with_its_changes_breaks_the_chain(
    sound: Path, tmp_path: Path
) -> None:
    with tampering(sound, tmp_path / "irbtrack.db") as connection:
        connection.execute("DELETE FROM change WHERE entry = 8")
        connection.execute("DELETE FROM entry WHERE id = 8")
    told = everything(tmp_path / "irbtrack.db")["journal-chain"]
    assert [(one.ref, one.wrong) for one in told] == [
        ("8", "entry 8 is not there, and entry 9 is the next"),
        ("9", "entry 9: entry.previous_digest is not the digest of the entry before it"),
    ]
    with reading(locate(str(tmp_path / "irbtrack.db"))) as reader:
        assert broken_links(reader) == [9]


def test_overview_says_that_the_chain_is_broken(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "irbtrack.db"
    with tampering(sound, path) as connection:
        connection.execute("UPDATE entry SET digest = 'x' WHERE id = 8")
    assert main(["--database", str(path), "overview"]) == 0
    assert "1 error: 'irbtrack check' says what is wrong" in capsys.readouterr().out
    assert main(["--database", str(sound), "overview"]) == 0
    assert "irbtrack check" not in capsys.readouterr().out


def test_who_recorded_after_the_first_officer_and_is_none_is_told(
    sound: Path, tmp_path: Path
) -> None:
    location = locate(str(shutil.copy(sound, tmp_path / "irbtrack.db")))
    now = datetime.now(UTC)
    with writing(location) as journal:
        before = unknown_recorders(journal)
        last = journal.record(
            entry(at=now, recorded_by="ed-finance"),
            entry(at=now, recorded_by=Login("ed-finance")),
            entry(at=now, recorded_by="somebody"),
            entry(at=now, recorded_by=Login("somebody")),
        )
        found = unknown_recorders(journal)
    assert [(number, first) for _, number, first in before] == [(len(RECORDED) - 4, 5)]
    assert sorted(set(found) - set(before)) == [
        ("ed-finance", 1, last - 2),
        ("somebody", 2, last - 1),
    ]
