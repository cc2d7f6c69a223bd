"""Who may read what irbtrack makes, and which files it leaves alone."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from irbtrack.cli import main
from irbtrack.errors import DatabaseUnusable, Refused
from irbtrack.exports.files import refuse_to_overwrite, write_whole
from irbtrack.file_rights import refuse_strange, rights_in
from irbtrack.store.database import Location, refuse_unless_file
from irbtrack.store.write import writing

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")


@pytest.fixture(params=[0o022, 0o077, 0o002])
def _mask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("_mask")
@pytest.mark.parametrize(
    ("folder_mode", "group"),
    [(0o755, 0), (0o777, 0), (0o1777, 0), (0o2755, 0o040), (0o775, 0o060), (0o2770, 0o060)],
)
def test_what_is_made_is_its_owners_or_its_groups(
    folder_mode: int, group: int, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(folder_mode)
    expected = 0o600 | group
    assert rights_in(folder) == expected
    register = folder / "register.db"
    assert main(["--database", str(register), "init", "--council", "Council"]) == 0
    assert mode(register) == expected
    for name in ("out.csv", "out.xlsx", "out.ods", "out.json"):
        exporting = ["--database", str(register), "export", "directorates", str(folder / name)]
        assert main(exporting) == 0
        assert mode(folder / name) == expected, name


def test_the_journal_of_a_write_is_as_closed_as_its_database(tmp_path: Path) -> None:
    register = tmp_path / "register.db"
    main(["--database", str(register), "init", "--council", "Council"])
    with writing(Location(register)) as journal:
        journal._connection.exec_driver_sql("CREATE TABLE t (x)")
        assert mode(register.with_name("register.db-journal")) == 0o600


def test_what_is_replaced_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "pack.md"
    write_whole(path, lambda to: to.write_text("one"))
    path.chmod(0o644)
    write_whole(path, lambda to: to.write_text("two"))
    assert (path.read_text(), mode(path)) == ("two", 0o644)


def test_a_link_is_never_written_through_nor_replaced(tmp_path: Path) -> None:
    for target in (tmp_path / "there", tmp_path / "missing"):
        link = tmp_path / f"to-{target.name}"
        link.symlink_to(target)
        (tmp_path / "there").touch()
        for refused in (
            lambda path: refuse_to_overwrite(path, replace=True),
            lambda path: write_whole(path, lambda to: to.write_text("written")),
        ):
            with pytest.raises(Refused, match="is a symbolic link; name the file that it leads to"):
                refused(link)
        assert link.is_symlink()
    assert not (tmp_path / "missing").exists()


def test_init_makes_nothing_where_a_link_leads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = tmp_path / "register.db"
    link.symlink_to(tmp_path / "elsewhere.db")
    assert main(["--database", str(link), "init", "--council", "Council"]) == 1
    assert capsys.readouterr().err.endswith("is there already; name another file\n")
    assert not (tmp_path / "elsewhere.db").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives away")
@pytest.mark.parametrize("journal", [False, True])
def test_what_somebody_else_put_where_everybody_may_is_refused(
    journal: bool, tmp_path: Path
) -> None:
    tmp_path.chmod(0o1777)
    register = tmp_path / "register.db"
    main(["--database", str(register), "init", "--council", "Council"])
    planted = tmp_path / "register.db-journal" if journal else register
    planted.touch()
    os.chown(planted, 65534, 65534)
    with pytest.raises(DatabaseUnusable, match="belongs to somebody else, in a folder to which"):
        refuse_unless_file(Location(register))
    with pytest.raises(Refused, match="belongs to somebody else, in a folder to which everybody"):
        refuse_strange(planted)
    tmp_path.chmod(0o755)
    refuse_unless_file(Location(register))
    refuse_strange(planted)


def test_what_is_erased_is_not_left_in_free_pages(tmp_path: Path) -> None:
    register = tmp_path / "register.db"
    at = ["--database", str(register)]
    main([*at, "init", "--council", "Council"])
    secret = "Zebedee Quillfeather"
    main([*at, "officer", "add", "clerk", "Clerk", "--name", secret])
    assert secret.encode() in register.read_bytes()
    main([*at, "officer", "update", "clerk", "--name", ""])
    assert secret.encode() not in register.read_bytes()


def test_a_commit_is_synced_with_its_folder(tmp_path: Path) -> None:
    register = tmp_path / "register.db"
    main(["--database", str(register), "init", "--council", "Council"])
    with writing(Location(register)) as journal:
        assert list(journal.rows("PRAGMA synchronous")) == [(3,)]
        assert list(journal.rows("PRAGMA secure_delete")) == [(1,)]


KILLED = """
import os, signal, sys
from irbtrack.cli import main
from irbtrack.store import migrate
from irbtrack.store.write import Journal
def killed(journal, *entries):
    journal._connection.exec_driver_sql("PRAGMA cache_size = 1")
    journal._connection.exec_driver_sql("PRAGMA cache_spill = 1")
    journal._connection.exec_driver_sql("CREATE TABLE filler AS WITH RECURSIVE n(x) AS"
        " (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000) SELECT x FROM n")
    os.kill(os.getpid(), signal.SIGKILL)
Journal.record = killed
main(sys.argv[1:])
"""


def test_an_init_that_was_killed_can_be_given_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register = tmp_path / "register.db"
    initialising = ["--database", str(register), "init", "--council", "Council"]
    subprocess.run([sys.executable, "-c", KILLED, *initialising], check=False, timeout=60)
    assert register.stat().st_size > 0
    assert register.with_name("register.db-journal").exists()
    assert main(initialising) == 0
    assert capsys.readouterr().err.endswith("'irbtrack directorate add' comes next\n")
    with closing(sqlite3.connect(register)) as connection:
        assert connection.execute("SELECT count(*) FROM entry").fetchone() == (1,)
        assert not connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'filler'"
        ).fetchone()
