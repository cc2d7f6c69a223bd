"""What irbtrack db proves, what it makes anew, and clocks that are wrong."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from shared.transcript import Prepare, Scene, as_json, data, rows_in

ADDED = (
    "init --council Council",
    "directorate add finance Finance --on 1/4/2023",
    "officer add ed-finance Executive --name Ann --on 1/4/2023",
    "audit add Payroll --year 23/24 --on 1/4/2023",
    "action add Reconcile --audit Payroll --priority high --directorate finance --owner ed-finance"
    " --due 31/8/2023 --raised 1/5/2023",
    "action add Review --audit Payroll --priority low --directorate finance --raised 1/5/2023",
    "snapshot take --as-of 31/10/2023",
    "action complete 2324-001 --on 1/11/2023",
)


@pytest.fixture
def register(prepared: Prepare) -> Scene:
    """A small register in the folder's irbtrack.db."""
    return prepared(*ADDED)


def tampered(scene: Scene, *statements: str) -> None:
    """Change the register as another program does that takes the triggers out and puts them back.

    ``statements`` are executed in between.
    """
    if scene.places:
        with psycopg.connect(scene.database) as connection:
            connection.execute("SET session_replication_role = replica")
            for statement in statements:
                connection.execute(statement.encode())
        return
    with closing(sqlite3.connect(scene.folder / "irbtrack.db")) as connection:
        guards = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        there = connection.execute(guards).fetchall()
        for name, _ in there:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in there:
            connection.execute(sql)
        connection.commit()


def wrong(scene: Scene, command: str) -> set[str]:
    """What a command finds wrong."""
    told, _, _ = data(scene, f"{command} --format json").rpartition("\n[exit")
    return {one["wrong"] for one in json.loads(told)}


NOTICED = (
    "! irbtrack.db was written to by another program since entry 8;"
    " 'irbtrack db verify' says whether it is as irbtrack recorded it"
)


@pytest.mark.files
def test_what_another_program_wrote_is_noticed_until_it_was_verified(register: Scene) -> None:
    assert "another program" not in register.run("irbtrack action list")
    with closing(sqlite3.connect(register.folder / "irbtrack.db")) as connection:
        connection.execute("VACUUM")
    assert NOTICED in register.run("irbtrack action list")
    said = register.run("irbtrack action update 2324-002 --priority high")
    assert "! 2324-002" in said
    assert said.startswith(NOTICED)
    assert NOTICED.replace("entry 8", "entry 9") in register.run("irbtrack action list")
    assert register.run("irbtrack db verify").endswith(
        "! irbtrack.db was written to by another program, and all in it is as irbtrack recorded it;"
        " it is stamped anew"
    )
    assert "another program" not in register.run("irbtrack action list")
    assert "another program" not in register.run("irbtrack db verify")


@pytest.mark.files
def test_what_stands_in_a_log_beside_the_file_is_noticed(register: Scene) -> None:
    summary = "irbtrack summary --as-of 23/11/2023"
    with closing(sqlite3.connect(register.folder / "irbtrack.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert "it is stamped anew" in register.run("irbtrack db verify")
    assert "another program" not in register.run(summary)
    path = register.folder / "irbtrack.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("UPDATE stamp SET writing = 1")
        connection.execute("UPDATE action_version SET completed_on = '2023-05-02'")
        connection.execute("UPDATE stamp SET writing = 0")
        connection.commit()
        assert path.with_name("irbtrack.db-wal").stat().st_size
        assert NOTICED in register.run(summary)
        assert "things differ in action_version" in register.run("irbtrack db verify")
    assert "[exit" not in register.run("irbtrack db rebuild")
    assert NOTICED in register.run(summary)
    assert "it is stamped anew" in register.run("irbtrack db verify")
    assert "another program" not in register.run(summary)


@pytest.mark.files
def test_a_file_in_use_keeps_its_log_and_is_not_stamped(register: Scene) -> None:
    register.wait = 0.01
    with closing(sqlite3.connect(register.folder / "irbtrack.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        connection.execute("SELECT * FROM stamp").fetchall()
        assert "it could not be stamped anew" in register.run("irbtrack db verify")
    assert NOTICED in register.run("irbtrack summary")


@pytest.mark.files
def test_versions_that_were_changed_are_noticed_found_and_made_anew(register: Scene) -> None:
    before = register.run("irbtrack action list --format csv")
    tampered(register, "UPDATE action_version SET completed_on = NULL, priority = 'Low'")
    assert NOTICED in register.run("irbtrack summary --as-of 23/11/2023")
    told = register.run("irbtrack db verify")
    assert "! irbtrack: 2 things differ in action_version; 'irbtrack db rebuild' makes" in told
    assert "completed_on is nothing, and the journal gives '2023-11-01'" in told
    assert register.run("irbtrack db rebuild").startswith("! 2 rows of the versions differed;")
    assert "as irbtrack recorded it; it is stamped anew" in register.run("irbtrack db verify")
    assert register.run("irbtrack action list --format csv") == before
    assert register.run("irbtrack db rebuild").startswith("! 0 rows of the versions differed;")


def test_nothing_is_made_anew_from_a_journal_that_fails(register: Scene) -> None:
    tampered(register, 'UPDATE change SET fields = \'{"priority":"Low"}\' WHERE entry = 5')
    told = register.run("irbtrack db verify")
    assert "! irbtrack: entry 5 is the first of the journal that fails; restore" in told
    assert "[exit 5]" in told
    refused = register.run("irbtrack db rebuild")
    assert "! irbtrack: nothing was made anew, because the journal is not as it was" in refused
    assert "[exit 5]" in refused


def test_entries_that_were_cut_off_are_missed_and_nothing_is_recorded(register: Scene) -> None:
    tampered(register, "DELETE FROM change WHERE entry = 8", "DELETE FROM entry WHERE id = 8")
    assert NOTICED in register.run("irbtrack action list")
    assert "the journal ends with entry 7, and irbtrack last left entry 8" in register.run(
        "irbtrack db verify"
    )
    refused = register.run("irbtrack action update 2324-002 --priority high")
    assert "! irbtrack: the journal does not end where irbtrack left it" in refused
    assert "[exit 5]" in refused


def test_a_digest_and_a_seal_are_proven_together(register: Scene) -> None:
    digests = dict(rows_in(register.folder / "irbtrack.db", "SELECT id, digest FROM entry"))
    register.run("irbtrack db seal seal.txt")
    register.run("irbtrack action update 2324-002 --priority high")
    told = register.run(f"irbtrack db verify --digest {digests[6]} --seal seal.txt")
    assert "[exit" not in told
    assert [line for line in told.splitlines() if "has this digest" in line] == [
        f"Entry {entry} of 23 November 2023, 09:00 UTC has this digest: the journal up to it is"
        " unchanged."
        for entry in (6, 8)
    ]
    told = register.run(f"irbtrack db verify --digest {'0' * 64} --seal seal.txt")
    assert "Entry 8 of" in told
    assert "! irbtrack: no entry of the journal has the digest 000000000000…" in told


def test_the_digest_that_info_shows_is_never_broken(register: Scene) -> None:
    told = register.run("irbtrack db info")
    [(digest,)] = rows_in(register.folder / "irbtrack.db", "SELECT digest FROM entry WHERE id = 8")
    assert told.endswith(f"\nThe journal ends with entry 8, which has the digest {digest}.")
    assert "Digest" not in told  # in a table it would be broken where the terminal ends


def test_a_journal_that_cannot_be_read_is_said_to_be_so(register: Scene) -> None:
    path = register.folder / "irbtrack.db"
    [(digest,)] = rows_in(path, "SELECT digest FROM entry WHERE id = 8")
    tampered(register, "ALTER TABLE change RENAME COLUMN reason TO why")
    told = register.run("irbtrack db verify")
    assert told.endswith(
        "! irbtrack: the journal cannot be read; restore the database from a backup\n[exit 5]"
    )
    if register.places:
        return  # a server says no more after that
    told = register.run(f"irbtrack db verify --digest {digest}")
    assert "has the digest " + digest[:12] + "…, but the journal cannot be read; restore" in told


@pytest.mark.files
def test_a_snapshot_that_says_nothing_is_not_said_to_be_of_a_post(register: Scene) -> None:
    tampered(register, "UPDATE change SET fields = '{}' WHERE noun = 'snapshot'")
    told = register.run("irbtrack history --last 2")
    assert "nothing" in told
    assert "who holds the post" not in told


def test_a_digest_proves_the_journal_up_to_its_entry(register: Scene) -> None:
    digests = dict(rows_in(register.folder / "irbtrack.db", "SELECT id, digest FROM entry"))
    [frozen] = [one["digest"] for one in as_json(register, "snapshot list")]
    for digest, entry in ((digests[6], 6), (digests[8].upper(), 8), (frozen, 7)):
        told = register.run(f"irbtrack db verify --digest {digest}")
        assert f"Entry {entry} of 23 November 2023, 09:00 UTC has this digest: the journal" in told
        assert "[exit" not in told
    tampered(register, "UPDATE entry SET reason = 'Another' WHERE id = 7")
    told = register.run(f"irbtrack db verify --digest {digests[6]}")
    assert "Entry 6 of 23 November 2023, 09:00 UTC has this digest" in told
    assert "entry 7 is the first of the journal that fails" in told
    told = register.run(f"irbtrack db verify --digest {digests[8]}")
    assert "but entry 7 fails, which comes before it" in told
    assert "Entry 8" not in told


@pytest.mark.parametrize(
    ("options", "said", "code"),
    [
        ("--digest abc", "'abc' is not a digest; one has 64 characters, 0 to 9 and a to f", 2),
        (f"--digest {'0' * 64}", "no entry of the journal has the digest 000000000000…", 5),
        (f"--digest {'0' * 64} --since 2", "--digest and --seal ask for the whole journal", 2),
        ("--since 9", "there is no entry 9; 'irbtrack history' has the numbers", 1),
        ("--since x", "'x' is not an entry; give a whole number from 0 to", 2),
        ("--sample 8/7", "'8/7' is not a part of the register; give one such as 1/7", 2),
        ("--sample 0/7", "'0/7' is not a part of the register; give one such as 1/7", 2),
    ],
)
def test_what_cannot_be_verified_is_said(
    options: str, said: str, code: int, register: Scene
) -> None:
    told = register.run(f"irbtrack db verify {options}")
    assert f"! irbtrack: {said}" in told
    assert f"[exit {code}]" in told


def test_the_samples_together_find_what_the_whole_finds(register: Scene) -> None:
    tampered(
        register,
        "UPDATE action_version SET priority = 'Medium'",
        "UPDATE entry SET reason = 'Another'",
    )
    whole = wrong(register, "db verify")
    assert len(whole) == 3 + 8
    parts = [wrong(register, f"db verify --sample {part}/3") for part in (1, 2, 3)]
    assert set.union(*parts) == whole
    assert sum(map(len, parts)) == len(whole)
    late = wrong(register, "db verify --since 8")
    assert late < whole
    assert {one.partition(":")[0] for one in late if "entry" in one} == {"entry 8"}


@pytest.mark.files
def test_a_value_that_cannot_be_read_is_named(register: Scene) -> None:
    tampered(register, "UPDATE action_version SET due_on = '30 February' WHERE due_on > '2023'")
    told = register.run("irbtrack summary --as-of 23/8/2023")
    assert "cannot be read: action_version, 2324-001 from 2023-05-01 on: due_on is" in told
    assert "[exit 3]" in told
    told = register.run("irbtrack action redate 2324-001 --due 1/12/2023 --reason Delay")
    assert "[exit 3]" in told or "2324-001" in told


def test_a_clock_that_was_set_back_is_refused_unless_it_is_right(register: Scene) -> None:
    register.now = datetime(2023, 11, 20, 9, tzinfo=UTC)
    said = register.run("irbtrack action update 2324-002 --priority high")
    assert said == (
        "! irbtrack: the clock says 20 November 2023, 09:00:00 UTC, and the last entry was recorded"
        " later, on 23 November 2023, 09:00:00 UTC; set the clock right, or if it is right, give"
        " --clock-is-right before the command\n[exit 1]"
    )
    assert "[exit 1]" in register.run("irbtrack snapshot take --as-of 30/9/2023")
    said = register.run("irbtrack --clock-is-right action update 2324-002 --priority high")
    assert "recorded as of 23 November 2023, 09:00:00 UTC, right after the last entry" in said
    assert "2324-002: priority now High" in said
    last = as_json(register, "history 2324-002 --as-of 23/11/2023")[-1]
    assert last["recorded_at"] == "2023-11-23T09:00:00.000001+00:00"
    assert "[exit" not in register.run("irbtrack db verify")


@pytest.mark.files
def test_an_entry_out_of_the_order_of_time_is_named(
    register: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as as_it_once_was:
        as_it_once_was.setattr("irbtrack.store.write.refuse_before", lambda *_: None)
        register.now = datetime(2023, 10, 2, 9, tzinfo=UTC)
        register.run("irbtrack action update 2324-002 --priority high --on 2/10/2023")
    register.now = datetime(2023, 11, 23, 9, tzinfo=UTC)
    register.run("irbtrack action update 2324-002 --priority low")
    told = register.run("irbtrack db verify")
    assert (
        "entry 9 is of 2 October 2023, 09:00:00 UTC, and entry 8 before it of 23 November 2023,"
        " 09:00:00 UTC" in " ".join(told.split())
    )
    assert told.endswith(
        "! irbtrack: entry 9 is the first that is out of the order of time; nothing was changed,"
        " but what goes by moments, as '--known-at' and 'history --since' do, can be wrong about"
        " it\n[exit 5]"
    )
    assert "[exit" not in register.run("irbtrack db verify --since 10")
    assert len(wrong(register, "db verify --since 9")) == 1
    assert "[exit" not in register.run("irbtrack db backup kept.db")
    assert "[exit" not in register.run("irbtrack db rebuild")


def test_a_clock_that_is_far_ahead_is_doubted(register: Scene) -> None:
    register.now += timedelta(days=366)
    assert "the clock says" not in register.run("irbtrack action update 2324-002 --priority high")
    register.now += timedelta(days=367)
    said = register.run("irbtrack action update 2324-002 --priority low")
    assert "the clock says 25 November 2025, 09:00:00 UTC, more than a year after the last" in said
    assert "2324-002: priority now Low" in said


def fit_stamp(scene: Scene, writing: int = 0) -> None:
    """Make the stamp fit what another program wrote, as one that knows of it does."""
    path = scene.folder / "irbtrack.db"
    counter = int.from_bytes(path.read_bytes()[24:28], "big")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE stamp SET counter = ?, writing = ?", (counter + 1, writing))


@pytest.mark.files
def test_no_snapshot_is_taken_of_versions_that_the_journal_does_not_give(register: Scene) -> None:
    tampered(register, "UPDATE action_version SET completed_on = '2023-06-01'")
    fit_stamp(register)
    assert "another program" not in register.run("irbtrack summary --as-of 23/11/2023")
    told = register.run("irbtrack snapshot take --as-of 23/11/2023")
    assert "! irbtrack: no snapshot was taken: action_version, 2324-001 from" in told
    assert told.endswith("'irbtrack db verify' says what to do\n[exit 5]")
    assert len(as_json(register, "snapshot list")) == 1


@pytest.mark.files
def test_a_write_that_was_left_open_is_noticed(register: Scene) -> None:
    fit_stamp(register)
    assert "another program" not in register.run("irbtrack action list")
    fit_stamp(register, writing=1)
    assert NOTICED in register.run("irbtrack action list")


@pytest.mark.files
@pytest.mark.parametrize(
    "statements",
    [
        (
            "CREATE TRIGGER sqlite_evil AFTER INSERT ON change BEGIN"
            " UPDATE action_version SET completed_on = '2023-10-01'; END",
        ),
        (
            "DROP VIEW action",
            "CREATE VIEW action AS SELECT * FROM action_version WHERE valid_to = '\"9999-12-31\"'",
        ),
        (
            'CREATE TRIGGER action_version_update_by_irbtrack BEFORE UPDATE ON "action_version"'
            ' WHEN "NOT EXISTS (SELECT 1 FROM stamp WHERE writing = 1)"'
            " BEGIN SELECT RAISE(ABORT, 'only irbtrack writes to action_version'); END",
        ),
    ],
    ids=["an object of SQLite's", "a text in quotes", "a condition that is a text"],
)
def test_what_only_looks_like_the_tables_of_irbtrack_is_found(
    statements: tuple[str, ...], register: Scene
) -> None:
    with closing(sqlite3.connect(register.folder / "irbtrack.db")) as connection:
        connection.execute("DROP TRIGGER action_version_update_by_irbtrack")
        for statement in statements:
            if "sqlite_evil" in statement:
                connection.execute(statement.replace("sqlite_evil", "evil"))
                connection.execute("PRAGMA writable_schema = 1")
                connection.execute(
                    "UPDATE sqlite_master SET name = 'sqlite_evil',"
                    " sql = replace(sql, 'evil', 'sqlite_evil') WHERE name = 'evil'"
                )
            else:
                connection.execute(statement)
        connection.commit()
    told = register.run("irbtrack db verify")
    assert told.endswith("[exit 5]")
    expected = "sqlite_evil" if "sqlite_evil" in statements[0] else "as irbtrack makes it"
    assert expected in told


@pytest.mark.files
def test_what_was_changed_is_not_washed_by_a_copy_or_by_making_versions_anew(
    register: Scene,
) -> None:
    tampered(register, "UPDATE person SET name = 'Bea'")
    for command in ("db backup b.db", "db backup b.jsonl.gz", "db copy irbtrack.db c.db"):
        told = register.run(f"irbtrack {command}")
        assert "does not verify: person, recorder or copy_made is not as irbtrack left it" in told
        assert told.endswith("[exit 5]")
    assert not list(register.folder.glob("[bc].*"))
    assert "[exit" not in register.run("irbtrack db rebuild")
    assert "person, recorder or copy_made is not as" in register.run("irbtrack db verify")


def test_a_journal_that_was_cut_is_not_sealed(register: Scene) -> None:
    tampered(register, "DELETE FROM change WHERE entry = 8", "DELETE FROM entry WHERE id = 8")
    told = register.run("irbtrack db seal")
    assert "! irbtrack: nothing is sealed, because the journal does not end where" in told
    assert told.endswith("[exit 5]")


@pytest.mark.files
@pytest.mark.parametrize("table", ["stamp", "entry", "snapshot", "action_version"])
def test_a_table_that_is_missing_is_said_by_every_command(table: str, register: Scene) -> None:
    with closing(sqlite3.connect(register.folder / "irbtrack.db")) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        if table == "action_version":
            connection.execute("DROP VIEW action")
        connection.execute(f"DROP TABLE {table}")
    for command in ("db info", "db backup b.jsonl.gz", "summary", "db verify", "db rebuild"):
        told = register.run(f"irbtrack {command}")
        assert "[exit" not in told or re.search(r"no such table: \w+|is not there", told), command


@pytest.mark.files
def test_a_snapshot_whose_seal_cannot_be_written_is_taken(register: Scene) -> None:
    told = register.run("irbtrack snapshot take --as-of 23/11/2023 --seal nosuch/seal.txt")
    assert told.startswith("! snapshot of 23 November 2023 taken: 2 actions, but 'nosuch/seal.txt'")
    assert "[exit" not in told
    assert len(as_json(register, "snapshot list")) == 2


@pytest.mark.files
def test_an_erasure_in_a_copy_does_not_name_the_copy_itself(register: Scene) -> None:
    register.run("irbtrack db copy irbtrack.db other.db")
    register.run("irbtrack --database other.db db backup third.db")
    told = register.run("irbtrack --database other.db officer erase ed-finance --reason Asked")
    assert "third.db, of" in told
    assert "other.db, of" not in told
