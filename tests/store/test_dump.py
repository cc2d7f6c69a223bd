"""The dump: the same lines of the same register, and nothing else is taken for one."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.small_register import fill_small
from shared.strategies import another

from irbtrack.errors import CheckFailed, Refused
from irbtrack.store.backup import dumping, fill, register_dump
from irbtrack.store.database import REVISION, Location, locate
from irbtrack.store.dump import KEPT, KIND, read_dump, reading_dump, write_dump
from irbtrack.store.integrity import chain_findings, snapshot_findings, version_findings
from irbtrack.store.reading import reading


@pytest.fixture(scope="module")
def small(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Location:
    return fill_small(another(migrated, tmp_path_factory))


@pytest.fixture(scope="module")
def lines(small: Location) -> list[str]:
    with dumping(small) as told:
        return list(told)


@pytest.fixture
def empty(tmp_path: Path) -> Location:
    return locate(str(tmp_path / "filled.db"))


def told(lines: list[str]) -> list[tuple[str, dict[str, object]]]:
    return list(read_dump(iter(lines), "it").rows)


def test_a_dump_has_every_table_that_is_not_worked_out(lines: list[str]) -> None:
    told_of = list(dict.fromkeys(table for table, _ in told(lines)))
    assert told_of == [table for table in KEPT if table in told_of]
    of_people = {"person", "recorder", "copy_made"}
    assert set(KEPT) == of_people | {"entry", "change", "snapshot", "snapshot_action"}
    assert set(KEPT) - set(told_of) <= {"recorder", "copy_made"}
    assert read_dump(iter(lines), "it").head.revision == REVISION


def test_a_dump_is_the_same_after_it_was_loaded(lines: list[str], empty: Location) -> None:
    fill(empty, read_dump(iter(lines), "it"), "it")
    with dumping(empty) as again:
        assert list(again) == lines
    with reading(empty) as reader:
        found = [*chain_findings(reader), *version_findings(reader), *snapshot_findings(reader)]
    assert found == []


def test_the_rows_of_a_table_are_sorted_by_their_key(lines: list[str]) -> None:
    refs = [row["ref"] for table, row in told(lines) if table == "change" and row["entry"] == 4]
    assert refs == ["2223-001", "2223-010", "2223-009"]  # in the order of recording


def test_the_same_register_gives_the_same_bytes(lines: list[str], tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_dump(lines, tmp_path / name)
    assert tmp_path.joinpath("one").read_bytes() == tmp_path.joinpath("two").read_bytes()


@given(data=st.data())
def test_one_character_that_is_changed_is_found(lines: list[str], data: st.DataObject) -> None:
    text = "".join(lines)
    place = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.sampled_from(["", "0", "a", '"', "\n", "ü"]).filter(text[place].__ne__))
    changed = (text[:place] + put + text[place + 1 :]).splitlines(keepends=True)
    with pytest.raises(Refused):
        told(changed)


@given(data=st.data())
def test_a_dump_that_is_cut_off_is_refused(lines: list[str], data: st.DataObject) -> None:
    with pytest.raises(Refused):
        told(lines[: data.draw(st.integers(0, len(lines) - 1))])


def test_what_stands_after_the_end_is_refused(lines: list[str]) -> None:
    with pytest.raises(Refused, match="it is damaged"):
        told([*lines, lines[1]])


@pytest.mark.parametrize(
    "first",
    ["", "{}", "[]", "null", "[" * 99999, f'{{"{KIND}": {{}}}}', f'{{"{KIND}": null}}'],
    ids=lambda first: first[:20],
)
def test_what_does_not_begin_as_a_dump_is_none(first: str) -> None:
    with pytest.raises(Refused, match="it is not a dump"):
        read_dump(iter([first]), "it")


@pytest.mark.parametrize("revision", [7, None, "7", "head", "base", "../x"])
def test_a_revision_that_is_none_is_refused(revision: object) -> None:
    head = {"revision": revision, "register": "", "entries": 0, "digest": ""}
    with pytest.raises(Refused, match="it is not a dump"):
        read_dump(iter([json.dumps({KIND: head})]), "it")


def test_bytes_that_gzip_cannot_read_are_refused(lines: list[str], tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    write_dump(lines, path)
    whole = path.read_bytes()
    for content in (whole[:-9], whole[:300] + b"\0\0\0\0" + whole[304:], whole + b"more"):
        path.write_bytes(content)
        with pytest.raises(Refused, match=r"damaged|not a dump"), reading_dump(path) as dump:
            list(dump.rows)
    path.write_bytes(gzip.compress(b"\xff\xfe"))
    with pytest.raises(Refused, match="is not a dump"), reading_dump(path):
        pass


def resealed(lines: list[str], *changes: tuple[str, str]) -> list[str]:
    """The dump with its rows changed, as somebody would who knows how its end is made."""
    from irbtrack.store.dump import _to_json, sha256

    text = "".join(lines[:-1])
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    rows = text.count("\n") - 1
    end = {"rows": rows, "sha256": sha256(text.encode()).hexdigest()}
    return [*text.splitlines(keepends=True), _to_json({"end": end}) + "\n"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("Half", "Done"), "entry 5: entry.digest is not that of what the entry"),
        (("Said on", "Read on"), "entry 5: entry.digest"),
        (('"status":"Not Due"', '"status":"Overdue"'), "does not have the lines that were frozen"),
        (('"ref":"2223-009"', '"ref":"2223-010"'), "entry 4: entry.digest"),
        (("2023-01-10", "soon"), "effective_on cannot be read"),
    ],
)
def test_a_register_that_does_not_verify_is_not_loaded(
    lines: list[str], empty: Location, change: tuple[str, str], said: str
) -> None:
    with pytest.raises(CheckFailed, match="it does not verify: ") as refusal:
        fill(empty, read_dump(iter(resealed(lines, change)), "it"), "it")
    assert said in str(refusal.value)
    assert _tables(empty) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('{"person":', '{"persons":'), "it has rows of 'persons', which is no table"),
        (('"email":null', '"telephone":null'), "it, person: a row has not the columns"),
        (('"email":null', '"email":[]'), "it is damaged"),
        (('{"snapshot":{"id":1', '{"snapshot":{"id":1.5'), "it is damaged"),
        (('{"entry":{"id":2', '{"entry":{"id":1'), "it, entry: its rows contradict one another"),
    ],
)
def test_rows_that_no_register_has_are_refused(
    lines: list[str], empty: Location, change: tuple[str, str], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        fill(empty, read_dump(iter(resealed(lines, change)), "it"), "it")
    assert _tables(empty) == []


def _tables(location: Location) -> list[tuple[object, ...]]:
    import sqlite3
    from contextlib import closing

    assert location.path is not None
    with closing(sqlite3.connect(location.path)) as connection:
        return connection.execute("SELECT name FROM sqlite_master").fetchall()


def test_a_dump_of_an_older_revision_is_brought_up_to_date(
    lines: list[str], empty: Location
) -> None:
    older = resealed(lines, (f'"revision":"{REVISION}"', '"revision":"0005"'))
    fill(empty, read_dump(iter(older), "it"), "it")
    with dumping(empty) as again:
        assert list(again) == lines


def test_a_dump_of_a_newer_revision_is_refused(lines: list[str], empty: Location) -> None:
    newer = resealed(lines, (f'"revision":"{REVISION}"', '"revision":"9000"'))
    with pytest.raises(Refused, match="it is at revision 9000, newer than this irbtrack knows"):
        fill(empty, read_dump(iter(newer), "it"), "it")


def test_what_is_neither_text_nor_number_is_not_dumped(small: Location, tmp_path: Path) -> None:
    import shutil
    import sqlite3
    from contextlib import closing

    assert small.path is not None
    path = shutil.copy(small.path, tmp_path / "odd.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE stamp SET writing = 1")
        connection.execute("UPDATE person SET name = x'00ff'")
        connection.commit()
    with (
        pytest.raises(Refused, match="person holds what is neither a text nor a number"),
        register_dump(locate(str(path)), verified=True) as dump,
    ):
        list(dump.rows)
