"""Where a database is, and the sentence for each that cannot be used."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from shared.strategies import RAISED, entry, raised
from sqlalchemy import Engine, event

from irbtrack.domain.nouns.action import Action
from irbtrack.errors import DatabaseUnusable, Refused
from irbtrack.store.database import REVISION, Location, explained, locate
from irbtrack.store.gather import records_as_of
from irbtrack.store.migrate import create
from irbtrack.store.reading import reading
from irbtrack.store.write import writing

pytestmark = pytest.mark.files

Opening = Callable[[Location], AbstractContextManager[Any]]

both_ways = pytest.mark.parametrize("opening", [reading, writing])


def refusal_of(opening: Opening, location: Location) -> str:
    """The sentence with which a database is refused."""
    with pytest.raises(DatabaseUnusable) as refused, opening(location) as reader:
        list(reader.rows("SELECT * FROM entry"))
    return str(refused.value)


@both_ways
def test_a_good_database_is_opened(opening: Opening, database: Location) -> None:
    with opening(database) as reader:
        assert list(reader.rows("SELECT count(*) FROM entry")) == [(0,)]


@both_ways
def test_a_missing_database_is_refused_and_not_made(opening: Opening, tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    assert refusal_of(opening, locate(str(path))) == (
        f"there is no database at {path}; 'irbtrack init' makes one"
    )
    assert list(tmp_path.iterdir()) == []


@both_ways
def test_a_folder_is_refused(opening: Opening, tmp_path: Path) -> None:
    assert refusal_of(opening, locate(str(tmp_path))) == (
        f"{tmp_path} is a folder; name a database file with --database"
    )


@both_ways
@pytest.mark.parametrize("content", [b"ref,title\n2223-001,Reconcile\n", b"PK\x03\x04" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    opening: Opening, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "actions.csv"
    path.write_bytes(content)
    assert refusal_of(opening, locate(str(path))) == (
        f"{path} is not a database; name another with --database"
    )
    assert path.read_bytes() == content


@both_ways
def test_an_empty_file_is_refused_and_left_empty(opening: Opening, tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert refusal_of(opening, locate(str(path))) == (
        f"{path} is a database, but not one of irbtrack's; name another with --database,"
        " or make one with 'irbtrack init'"
    )
    assert path.read_bytes() == b""


@both_ways
def test_another_programs_database_is_refused(opening: Opening, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entry (id INTEGER)")
    assert refusal_of(opening, locate(str(path))) == (
        f"{path} is a database, but not one of irbtrack's; name another with --database,"
        " or make one with 'irbtrack init'"
    )


def _set_revision(location: Location, *revisions: str) -> None:
    assert location.path is not None
    with closing(sqlite3.connect(location.path)) as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.executemany("INSERT INTO alembic_version VALUES (?)", [(r,) for r in revisions])
        connection.commit()


@both_ways
def test_a_database_that_is_behind_is_refused(opening: Opening, database: Location) -> None:
    _set_revision(database, "0000")
    assert refusal_of(opening, database) == (
        f"{database} is at revision 0000, and this irbtrack needs {REVISION};"
        " 'irbtrack db upgrade' brings it up to date"
    )


@both_ways
def test_a_database_newer_than_the_program_is_refused(opening: Opening, database: Location) -> None:
    _set_revision(database, "9999")
    assert refusal_of(opening, database) == (
        f"{database} is at revision 9999, newer than this irbtrack knows ({REVISION});"
        " install the newer irbtrack that wrote it"
    )


@both_ways
def test_a_database_at_no_revision_is_refused(opening: Opening, database: Location) -> None:
    _set_revision(database)
    assert refusal_of(opening, database) == (
        f"{database} is a database, but not one of irbtrack's; name another with --database,"
        " or make one with 'irbtrack init'"
    )


@contextmanager
def held(location: Location, how: str) -> Iterator[None]:
    """A database that another program holds."""
    assert location.path is not None
    with closing(sqlite3.connect(location.path, isolation_level=None)) as connection:
        connection.execute(f"BEGIN {how}")
        yield
        connection.execute("ROLLBACK")


@both_ways
def test_a_database_that_another_program_holds_is_refused(
    opening: Opening, database: Location
) -> None:
    database = database._replace(wait=0.01)
    with held(database, "EXCLUSIVE"):
        assert refusal_of(opening, database) == (
            f"{database} is in use by another program; try again in a moment"
        )
    with opening(database) as reader:
        assert list(reader.rows("SELECT 1")) == [(1,)]


def test_reading_goes_on_beside_a_writer_and_writing_waits(database: Location) -> None:
    database = database._replace(wait=0.01)
    with held(database, "IMMEDIATE"):
        with reading(database) as reader:
            assert list(reader.rows("SELECT count(*) FROM entry")) == [(0,)]
        assert refusal_of(writing, database) == (
            f"{database} is in use by another program; try again in a moment"
        )


@pytest.fixture
def guarded() -> Iterator[None]:
    """Connections of writers that may only read, as of a file on a read-only disk."""

    def guard(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    event.listen(Engine, "connect", guard)
    yield
    event.remove(Engine, "connect", guard)


@pytest.mark.usefixtures("guarded")
def test_a_database_that_may_not_be_written_to_is_refused(database: Location) -> None:
    with pytest.raises(DatabaseUnusable) as refused:
        _record_something(database)
    assert str(refused.value) == (
        f"{database} is read-only; ask for permission to write to it and to its folder"
    )
    with reading(database) as reader:
        assert records_as_of(reader, Action, RAISED) == []


def test_a_file_that_is_read_only_is_explained(database: Location) -> None:
    assert database.path is not None
    read_only = f"{database.path.as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(read_only, uri=True)) as connection,
        pytest.raises(DatabaseUnusable) as refused,
        explained(database),
    ):
        connection.execute("INSERT INTO person VALUES ('ed-finance', 'A. Name', NULL)")
    assert str(refused.value) == (
        f"{database} is read-only; ask for permission to write to it and to its folder"
    )


def _record_something(location: Location) -> None:
    with writing(location) as journal:
        journal.record(entry(raised()))


def test_a_reader_cannot_write(database: Location) -> None:
    with pytest.raises(DatabaseUnusable, match="is read-only"), reading(database) as reader:
        list(reader.rows("DELETE FROM person"))


@both_ways
def test_a_damaged_database_is_refused(opening: Opening, database: Location) -> None:
    assert database.path is not None
    content = database.path.read_bytes()
    database.path.write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    assert refusal_of(opening, database) == f"{database} is damaged; restore it from a backup"


def test_a_file_that_cannot_be_opened_is_explained(tmp_path: Path) -> None:
    location = locate(str(tmp_path))
    assert location.path is not None
    with pytest.raises(DatabaseUnusable) as refused, explained(location):
        sqlite3.connect(location.path)
    assert str(refused.value) == (
        f"{location} cannot be opened; look at its permissions and its folder's"
    )


def test_a_full_disk_is_explained(database: Location) -> None:
    assert database.path is not None
    with closing(sqlite3.connect(database.path)) as connection:
        [(pages,)] = connection.execute("PRAGMA page_count")
        connection.execute(f"PRAGMA max_page_count = {pages}")
        connection.execute("UPDATE stamp SET writing = 1")
        with pytest.raises(DatabaseUnusable) as refused, explained(database):
            connection.execute("INSERT INTO person VALUES ('x', ?, NULL)", ["x" * 100_000])
    assert str(refused.value) == (
        f"there is no room left on the disk of {database}; make some and try again"
    )


@both_ways
def test_a_fault_of_the_program_passes_unchanged(opening: Opening, database: Location) -> None:
    with pytest.raises(Exception, match="no such column: nonsense"), opening(database) as reader:
        list(reader.rows("SELECT nonsense FROM entry"))
    with pytest.raises(ZeroDivisionError), opening(database):
        1 / 0  # noqa: B018
    with pytest.raises(Refused, match="as it was"), opening(database):
        raise Refused("as it was")


def test_a_database_is_never_made_over_a_file_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("kept")
    with pytest.raises(Refused) as refused:
        create(locate(str(path)))
    assert str(refused.value) == (f"{path} is there already; name another file")
    assert path.read_text() == "kept"


def test_a_database_is_made_in_an_empty_file_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "irbtrack.db"
    path.touch()
    create(locate(str(path)))
    with reading(locate(str(path))) as reader:
        assert records_as_of(reader, Action, RAISED) == []


def test_a_database_is_made_with_its_folders(tmp_path: Path) -> None:
    location = locate(str(tmp_path / "a" / "b" / "irbtrack.db"))
    create(location)
    with reading(location) as reader:
        assert records_as_of(reader, Action, RAISED) == []


def test_a_database_that_cannot_have_its_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    path = tmp_path / "file" / "irbtrack.db"
    with pytest.raises(DatabaseUnusable) as refused:
        create(locate(str(path)))
    assert str(refused.value) == (
        f"{path} cannot be opened (File exists); look at its permissions and its folder's"
    )
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize(
    "name",
    [
        "board.db",
        "the board's.db",
        "naïve – ledger.db",
        "100%41.db",
        "a#b.db",
        "a&b=c.db",
        "a@b.db",
        "a;b,c.db",
        "[b].db",
        "-x.db",
    ],
)
def test_a_database_is_kept_in_the_file_that_was_named(tmp_path: Path, name: str) -> None:
    _made_written_and_read(tmp_path / name)


@pytest.mark.skipif("os.name == 'nt'", reason="Windows has no such file names")
@pytest.mark.parametrize("name", ["what?.db", "what?mode=ro", "a:b.db", 'say "x".db', "a\\b.db"])
def test_a_database_is_kept_in_a_file_of_an_odd_name(tmp_path: Path, name: str) -> None:
    _made_written_and_read(tmp_path / name)


def _made_written_and_read(path: Path) -> None:
    location = locate(str(path))
    create(location)
    assert [made.name for made in path.parent.iterdir()] == [path.name]
    _record_something(location)
    with reading(location) as reader:
        assert [action.ref for action in records_as_of(reader, Action, RAISED)] == ["2223-001"]
    assert [made.name for made in path.parent.iterdir()] == [path.name]


def test_a_path_is_located_as_a_file_and_a_url_as_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert locate("board.db").path == tmp_path / "board.db"
    assert locate(f"sqlite:///{tmp_path / 'board.db'}").path == tmp_path / "board.db"
    assert locate("~/board.db").path == tmp_path / "home" / "board.db"
    assert locate("postgresql://board@host/irb").path is None


@pytest.mark.parametrize("named", [None, ""])
def test_a_database_that_is_not_named_is_in_the_users_data_folder(
    named: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("XDG_DATA_HOME", "HOME", "LOCALAPPDATA", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    path = locate(named).path
    assert path is not None
    assert path.name == "irbtrack.db"
    assert path.parent.name == "irbtrack"


def test_a_location_is_shown_without_control_characters_or_a_password() -> None:
    assert str(Location(Path("a\x1b[31m.db"), "")) == r"a\x1b[31m.db"
    shown = str(locate("postgresql://board:secret@host/irb"))
    assert shown == "postgresql://host/irb"


@both_ways
def test_a_file_that_is_moved_away_while_it_is_opened_is_not_made_anew(
    opening: Opening, database: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = database.path
    assert path is not None
    path.unlink()
    for module in ("reading", "write"):
        monkeypatch.setattr(f"irbtrack.store.{module}.refuse_unless_file", lambda _: None)
    with pytest.raises(DatabaseUnusable, match="was moved or removed meanwhile"), opening(database):
        pass
    assert not path.exists()


def test_a_file_that_is_moved_away_within_a_write_is_named(database: Location) -> None:
    path = database.path
    assert path is not None

    def record() -> None:
        with writing(database) as journal:
            path.rename(path.with_name("away.db"))
            journal.record(entry(raised()))

    with pytest.raises(DatabaseUnusable, match="was moved or removed meanwhile"):
        record()
    assert not path.exists()
