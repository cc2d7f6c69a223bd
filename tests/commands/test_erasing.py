"""Erasing what is kept of people: to the last byte, and so that the chain still verifies."""

import csv
import io
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from shared.strategies import entry
from shared.transcript import Scene, as_csv, as_json, data, kept, rows_in

from irbtrack.domain.erasure import CopyMade
from irbtrack.domain.journal import (
    NO_DIGEST,
    Change,
    entry_digest,
    fields_to_json,
    fold,
    moment_text,
)
from irbtrack.domain.nouns.council import Council
from irbtrack.exports import backups
from irbtrack.register.erasing import OTHERS
from irbtrack.store.database import Location, locate
from irbtrack.store.gather import copies_made, entries
from irbtrack.store.migrate import upgrade
from irbtrack.store.reading import reading
from irbtrack.store.stamping import stamp
from irbtrack.store.version_rows import version_row
from irbtrack.store.write import writing

ADDED = (
    "init --council Council",
    "officer add ed-finance 'Executive Director' --name 'Ann Wetherby' --email a.w@example.org",
)
ERASE = "irbtrack officer erase ed-finance --reason Asked"
COMES_BACK = (
    "! a login name that records again is kept anew, because nothing of it is left by which it"
    " could be known; --officer, or IRBTRACK_OFFICER, records a post instead"
)
ERASED = "! officer ed-finance: the name and e-mail address of its holder are erased"


@pytest.fixture
def register(scene: Scene) -> Scene:
    """A register with one post and its holder."""
    for command in ADDED:
        assert "[exit" not in scene.run(f"irbtrack {command}")
    return scene


def bytes_kept(scene: Scene) -> bytes:
    """What stands in the database, and in any journal or log beside it."""
    beside = b"".join(path.read_bytes() for path in scene.folder.glob("irbtrack.db-*"))
    return kept(scene.folder / "irbtrack.db") + beside


@contextmanager
def careless(scene: Scene) -> Iterator[sqlite3.Connection]:
    """Write as an older version did, which left the bytes of what it deleted."""
    path = scene.folder / "irbtrack.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("UPDATE stamp SET writing = 1")
        yield connection
        connection.execute("UPDATE stamp SET writing = 0")
        connection.commit()
    assert stamp(locate(str(path)))


def digests(scene: Scene) -> list[tuple[str]]:
    return rows_in(scene.folder / "irbtrack.db", "SELECT digest FROM entry ORDER BY id")


@pytest.mark.files
@pytest.mark.parametrize("mode", ["delete", "persist", "truncate", "wal"])
def test_no_byte_of_a_name_is_left_whatever_journal_the_file_has(
    mode: str, register: Scene
) -> None:
    with careless(register) as connection:
        connection.execute("UPDATE person SET name = 'Bo Ackroyd'")
        connection.execute("UPDATE person SET name = 'Ann Wetherby'")
    with closing(sqlite3.connect(register.folder / "irbtrack.db")) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
    before = digests(register)
    assert b"Wetherby" in bytes_kept(register)
    assert register.run(ERASE).endswith(ERASED)
    left = bytes_kept(register)
    assert all(word not in left for word in (b"Wetherby", b"Ackroyd", b"a.w@example.org"))
    assert digests(register)[:-1] == before
    assert "[exit" not in register.run("irbtrack check")
    assert [row["code"] for row in as_csv(register, "officer list")] == ["ed-finance"]


@pytest.mark.files
def test_what_was_deleted_before_deleting_was_secure_is_overwritten_too(register: Scene) -> None:
    with careless(register) as connection:
        connection.execute("DELETE FROM person")
    assert b"Wetherby" in bytes_kept(register)
    none = "! officer ed-finance: no name or e-mail address is kept of its holder"
    assert register.run(ERASE) == none
    assert b"Wetherby" not in bytes_kept(register)


@pytest.mark.files
def test_writing_the_file_anew_keeps_everything_else(register: Scene) -> None:
    def kept() -> list[str]:
        with closing(sqlite3.connect(register.folder / "irbtrack.db")) as connection:
            every = connection.iterdump()
            return [one for one in every if not re.search('"(person|stamp)" VALUES', one)]

    register.run("irbtrack officer update ed-finance --name '' --email ''")
    before = kept()
    register.run(ERASE)
    after = kept()
    assert [line for line in before if line not in after] == []
    assert {line.split("(")[0] for line in after if line not in before} == {
        'INSERT INTO "entry" VALUES',
        'INSERT INTO "change" VALUES',
    }


@pytest.mark.files
def test_a_file_that_another_program_reads_is_told_with_what_to_do(register: Scene) -> None:
    register.wait = 0.01
    with closing(sqlite3.connect(register.folder / "irbtrack.db", isolation_level=None)) as reader:
        reader.execute("PRAGMA journal_mode = WAL")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM person").fetchall()
        *_, said = register.run(ERASE).partition("! officer")
        assert b"Wetherby" in bytes_kept(register)
    assert f"! officer{said}" == (
        f"{ERASED}\n! irbtrack: it is erased from the register, but its bytes may still be in the"
        " database, which could not be written anew; 'irbtrack officer erase ed-finance' tries"
        " that once more: irbtrack.db is in use by another program\n[exit 3]"
    )
    assert "[exit" not in register.run(ERASE)
    assert b"Wetherby" not in bytes_kept(register)


def test_copies_are_named_while_they_are_there(register: Scene) -> None:
    for file in ("a.xlsx", "b.csv", "c.json"):
        assert "[exit" not in register.run(f"irbtrack export officers {file}")
    register.run("irbtrack export officers b.csv --replace")
    (register.folder / "a.xlsx").unlink()
    elsewhere = CopyMade("another", "/srv/d.csv", "holders", register.now, "register-officer")
    other_things = elsewhere._replace(place="/srv/e", holds="something else")
    too_early = elsewhere._replace(place="/srv/f", made_at=datetime(2023, 1, 1, tzinfo=UTC))
    with writing(locate(os.environ["IRBTRACK_DATABASE"])) as journal:
        for copy in (elsewhere, other_things, too_early):
            journal.keep_copy(copy)
    assert register.run(ERASE) == (
        f"{ERASED}\n! copies that may have it, to be deleted or made anew: /srv/d.csv on another,"
        " of 23 November 2023; b.csv, of 23 November 2023; c.json, of 23 November 2023"
    )


def test_a_file_that_was_taken_in_is_named(scene: Scene) -> None:
    scene.run("irbtrack init --council Council")
    sheet = scene.folder / "posts.csv"
    sheet.write_text("Code,Post,Name\ned-finance,Executive Director,Ann Wetherby\n", "utf-8")
    assert "1 added" in scene.run("irbtrack import officers posts.csv")
    assert scene.run(ERASE) == (
        f"{ERASED}\n! files that may have it, because they were taken in: posts.csv (entry 2)"
    )


@pytest.mark.files
def test_a_copy_of_a_register_that_cannot_be_written_to_is_made_all_the_same(
    register: Scene,
) -> None:
    said = register.run("irbtrack export officers a.csv")
    assert said == "! 1 officer written to a.csv"
    register.wait = 0.01
    path = register.folder / "irbtrack.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        said = register.run("irbtrack export officers b.csv")
        assert "Ann Wetherby" in data(register, "officer list")
    assert said == (
        "! b.csv is to have the names of people, and the register cannot remember that it was"
        " made, so remember it yourself: irbtrack.db is in use by another program; try again in a"
        " moment\n"
        "! 1 officer written to b.csv"
    )
    with reading(locate(os.environ["IRBTRACK_DATABASE"])) as reader:
        [copy] = copies_made(reader, datetime(2023, 1, 1, tzinfo=UTC))
    assert (Path(copy.place).name, copy.holds) == ("a.csv", "holders")
    assert (copy.made_at, copy.made_by) == (register.now, "register-officer")


def test_former_holders_are_looked_for_by_the_names_that_are_given(register: Scene) -> None:
    register.run("irbtrack officer update ed-finance --name 'Bo Ackroyd' --email b.a@example.org")
    register.run("irbtrack officer update ed-finance --title 'Director, once of Ms Wetherby'")
    register.run("irbtrack officer add place Place --name 'Bo Ackroyd'")
    others = "! other posts that have the same name or address: place"
    assert register.run(f"{ERASE} --dry-run") == (
        "! would be recorded: officer ed-finance: the name and e-mail address of its holder are"
        f" erased\n{others}\n! {OTHERS}"
    )
    left = "! entries cannot be changed, and some still have it: the title of ed-finance in entry 4"
    asked = "--former 'Ann Wetherby' --former a.w@example.org"
    assert register.run(f"{ERASE} {asked}") == f"{ERASED}\n{left}\n{others}"
    named = "irbtrack officer erase ed-finance --reason 'Mr Wetherby asked' --former 'C. Wetherby'"
    assert "the reason has what is to be erased" in register.run(named)


BACK = (
    "! names are back that were erased after the backup was made: those of {}; erase them again"
    " with 'irbtrack officer erase' or 'irbtrack db pseudonym'"
)


@pytest.mark.files
def test_what_is_restored_is_said_to_be_though_it_is_gone_by_then(
    register: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.run("irbtrack db backup copy.db")
    (register.folder / "irbtrack.db").unlink()
    put = backups.put_register

    def and_lost(whole: Location, location: Location, former: Path | None) -> None:
        put(whole, location, former)
        (register.folder / "irbtrack.db").unlink()

    monkeypatch.setattr(backups, "put_register", and_lost)
    said = register.run("irbtrack db restore copy.db --force")
    assert re.fullmatch("! irbtrack.db is restored; its . entries end with the digest .{64}", said)


@pytest.mark.parametrize("ending", ["db", "jsonl.gz"])
def test_a_restored_backup_that_brings_names_back_says_so(ending: str, logins: Scene) -> None:
    logins.run(f"irbtrack db backup early.{ending}")
    assert ERASED in logins.run(ERASE)
    logins.run("irbtrack db pseudonym clerk --reason Asked")
    logins.run("irbtrack officer add place Place --name 'Bo Ackroyd'")
    logins.now += timedelta(minutes=1)
    logins.run(f"irbtrack db backup late.{ending}")
    logins.now += timedelta(minutes=1)
    restore = "irbtrack db restore {}.{} --force"
    assert "names are back" not in logins.run(restore.format("late", ending))
    logins.now += timedelta(minutes=1)
    said = logins.run(restore.format("early", ending))
    assert said.endswith(BACK.format("ed-finance, login:2"))
    assert ERASED in logins.run(ERASE)
    logins.now += timedelta(minutes=1)
    said = logins.run(restore.format("early", ending))
    assert said.endswith(BACK.format("ed-finance"))


@pytest.fixture
def logins(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A register in which two people recorded by their login names, and then the officer."""
    for who, command in (
        ("awetherby", ADDED[0]),
        ("clerk", ADDED[1]),
        ("awetherby", "directorate add place Place"),
        ("clerk", "snapshot take --as-of 31/10/2023"),
    ):
        monkeypatch.delenv("IRBTRACK_OFFICER", raising=False)
        monkeypatch.setenv("LOGNAME", who)
        assert "[exit" not in scene.run(f"irbtrack {command}")
    monkeypatch.setenv("IRBTRACK_OFFICER", "ed-finance")
    return scene


def recorders(scene: Scene) -> list[str]:
    """Who recorded, in the order of their first entries, as people see it."""
    return list(dict.fromkeys(row["recorded_by"] for row in as_json(scene, "history")))


def strangers(scene: Scene) -> list[str]:
    """Who recorded without being an officer."""
    found = scene.run("irbtrack check unknown-recorder --format csv").partition("[exit 5]")[0]
    return [row["ref"] for row in csv.DictReader(io.StringIO(found)) if row["noun"]]


def test_the_journal_has_references_and_people_see_login_names(logins: Scene) -> None:
    assert recorders(logins) == ["awetherby", "clerk"]
    with reading(locate(os.environ["IRBTRACK_DATABASE"])) as reader:
        assert [e.recorded_by for _, e in entries(reader)] == [
            *("login:1", "login:2", "login:1", "login:2")
        ]
    assert [row["taken_by"] for row in as_json(logins, "snapshot list")] == ["clerk"]


def test_a_login_name_is_forgotten_to_the_last_byte(logins: Scene) -> None:
    before = digests(logins)
    assert logins.run("irbtrack db pseudonym AWetherby --reason 'Has left'") == (
        f"! whoever recorded as awetherby is now shown as login:1\n{COMES_BACK}"
    )
    assert b"awetherby" not in bytes_kept(logins)
    assert recorders(logins) == ["login:1", "clerk", "ed-finance"]
    assert logins.run("irbtrack db pseudonym login:1 'Former clerk' --reason 'Clearer'") == (
        f"! whoever recorded as login:1 is now shown as Former clerk\n{COMES_BACK}"
    )
    assert recorders(logins) == ["Former clerk", "clerk", "ed-finance"]
    assert logins.run("irbtrack db pseudonym clerk Officer --reason 'Has left'") == (
        f"! whoever recorded as clerk is now shown as Officer\n{COMES_BACK}"
    )
    assert [row["taken_by"] for row in as_json(logins, "snapshot list")] == ["Officer"]
    assert digests(logins)[: len(before)] == before
    assert logins.run("irbtrack check") == ""


def test_the_same_login_gets_another_reference_once_it_was_forgotten(
    logins: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    logins.run("irbtrack db pseudonym clerk clerk-1 --reason 'Asked for'")
    monkeypatch.delenv("IRBTRACK_OFFICER")
    logins.run("irbtrack directorate add finance Finance")
    assert recorders(logins) == ["awetherby", "clerk-1", "ed-finance", "clerk"]


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ("clerk", "--reason is missing; give what is needed, or run this at a terminal, which asks"
         " for it\n[exit 2]"),
        ("clark --reason R", "no login name 'clark'; did you mean 'clerk'? 'irbtrack history' shows"
         " who recorded\n[exit 1]"),
        ("ed-finance --reason R", "no login name 'ed-finance'; 'irbtrack history' shows who"
         " recorded\n[exit 1]"),
        ("clerk --reason 'The clerk left'", "the reason has what is to be erased, and would stay in"
         " the journal; give one that does without it\n[exit 1]"),
        ("clerk AWetherby --reason R", "'AWetherby' is somebody else who records; give another"
         " pseudonym\n[exit 1]"),
        ("clerk ED-finance --reason R", "'ED-finance' is somebody else who records; give another"
         " pseudonym\n[exit 1]"),
        ("clerk login:1 --reason R", "'login:1' is somebody else who records; give another"
         " pseudonym\n[exit 1]"),
    ],
)  # fmt: skip
def test_what_is_refused_changes_nothing(arguments: str, refusal: str, logins: Scene) -> None:
    before = bytes_kept(logins)
    assert logins.run(f"irbtrack db pseudonym {arguments}") == f"! irbtrack: {refusal}"
    assert bytes_kept(logins) == before


def test_an_entry_that_replaced_a_login_name_has_nothing_to_take_back(logins: Scene) -> None:
    logins.run("irbtrack db pseudonym clerk --reason 'Has left'")
    assert "a login name was replaced" in data(logins, "history --last 1")
    assert logins.run("irbtrack undo 5 --reason No") == (
        "! irbtrack: entry 5 (db pseudonym) has nothing to take back: what is kept of people is"
        " not in the journal; 'irbtrack officer update' corrects who holds a post\n[exit 1]"
    )


def test_a_waiver_for_a_login_follows_it_and_keeps_no_name(logins: Scene) -> None:
    assert strangers(logins) == ["awetherby", "clerk"]
    waive = "irbtrack waiver add unknown-recorder --ref AWetherby --reason 'The keeper'"
    assert "nothing of that name" not in logins.run(waive)
    assert [row["about"] for row in as_csv(logins, "waiver list")] == ["awetherby"]
    logins.run("irbtrack db pseudonym awetherby Keeper --reason 'Asked for'")
    assert [row["about"] for row in as_csv(logins, "waiver list")] == ["Keeper"]
    assert strangers(logins) == ["clerk"]
    assert b"awetherby" not in bytes_kept(logins).lower()
    assert logins.run("irbtrack waiver drop W1") == (
        "! W1 dropped: unknown-recorder is made again for Keeper"
    )


@pytest.mark.files
def test_an_older_register_shows_who_recorded_and_cannot_forget_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("irbtrack.db").touch()
    location = locate("irbtrack.db")
    upgrade(location, "0006")
    change = Change("council", "council", scene.now.date(), {"name": "C", "sources": ()})
    made = entry(change, recorded_by="awetherby", command="init")
    recorded_at = moment_text(made.recorded_at).replace("T", " ")[:-6]
    with closing(sqlite3.connect("irbtrack.db")) as old:
        told = (1, recorded_at, "awetherby", "init", NO_DIGEST, entry_digest(NO_DIGEST, made))
        old.execute("INSERT INTO entry VALUES (?, ?, ?, ?, NULL, NULL, ?, ?)", told)
        kept = (*change[:2], change.effective_on.isoformat(), fields_to_json(change.fields))
        old.execute("INSERT INTO change VALUES (1, 0, ?, ?, ?, ?, NULL)", kept)
        [version] = fold(Council, "council", [change])
        row = {
            name: str(v) if isinstance(v, date) else v for name, v in version_row(version).items()
        }
        names = ", ".join(row), ", ".join(f":{name}" for name in row)
        old.execute(f"INSERT INTO council_version ({names[0]}) VALUES ({names[1]})", row)
        old.commit()
    assert scene.run("irbtrack db upgrade").endswith("is now at revision 0009, it was at 0006")
    assert recorders(scene) == ["awetherby"]
    assert scene.run("irbtrack check") == ""
    asked = "irbtrack db pseudonym awetherby Clerk --reason 'Has left'"
    assert scene.run(asked) == (
        "! irbtrack: 'awetherby' is an officer's code, or recorded before this register kept login"
        " names apart; it is within the digests of those entries, and has to stay there\n[exit 1]"
    )
    monkeypatch.delenv("IRBTRACK_OFFICER")
    monkeypatch.setenv("LOGNAME", "awetherby")
    scene.run("irbtrack directorate add place Place")
    assert scene.run(asked) == (
        f"! whoever recorded as awetherby is now shown as Clerk\n{COMES_BACK}\n"
        "! entries cannot be changed, and some still have it: who recorded entry 1\n"
        "! copies that may have it, to be deleted or made anew:"
        " irbtrack-at-0006-2023-11-23T090000Z.db, of 23 November 2023"
    )
    assert recorders(scene) == ["awetherby", "Clerk"]
    assert scene.run("irbtrack check") == ""


def test_a_login_name_is_no_officers_code_even_if_it_looks_like_one(
    logins: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IRBTRACK_OFFICER")
    monkeypatch.setenv("LOGNAME", "ed-finance")
    logins.run("irbtrack directorate add finance Finance")
    assert strangers(logins) == ["awetherby", "clerk", "ed-finance"]
