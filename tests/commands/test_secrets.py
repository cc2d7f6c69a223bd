"""No command shows the password of a database, whatever becomes of it."""

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shared.servers import Server

from irbtrack.cli import COMMANDS, main, module_of

SECRET = "s3cr3t-w0rd"

Said = Callable[[], str]


def commands() -> Iterator[list[str]]:
    """Every command with each of its verbs, and with arguments of any kind."""
    for noun in COMMANDS:
        for verb in getattr(module_of(noun), "VERBS", {"": None}):
            words = [noun, verb] if verb else [noun]
            yield words
            yield [*words, "x"]
            yield [*words, "x.csv", "y"]
            yield [*words, "1", "--reason", "x"]
    yield ["import", "actions", "list.csv", "--dry-run"]
    yield ["export", "actions", "out.csv"]
    yield ["init", "--council", "Council"]
    yield ["directorate", "add", "x", "X"]
    yield ["action", "list"]
    yield ["summary"]


@pytest.fixture
def said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[], str]:
    """What commands have written since it was asked last, in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text("ref,title\n2223-001,A title\n", encoding="utf-8")
    return lambda: "".join(capsys.readouterr())


def urls(host: str, more: str = "") -> list[str]:
    """URLs of a database with the secret in each place that it may have."""
    return [
        f"postgresql://board:{SECRET}@{host}/irb{more.replace('&', '?', 1)}",
        f"postgresql://{host}/irb?user=board&password={SECRET}{more}",
        f"postgresql://{host}/irb?user=board&sslpassword={SECRET}{more}",
        f"postgresql://board:x@{SECRET}@{host}/irb",
        f"postgresql:/board:{SECRET}@{host}/irb",
        f"host={host} user=board password={SECRET}",
    ]


def test_no_command_shows_the_password_of_a_server_that_is_not_there(
    said: Said,
) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        for url in urls(f"127.0.0.1:{bound.getsockname()[1]}"):
            for one in commands():
                main(["--database", url, *one], wait=0)
            for form in ("table", "json", "csv", "md"):
                main(["--database", url, "db", "info", "--format", form], wait=0)
            main(["demo", "--keep", url], wait=0)
            main(["db", "copy", url, "to.db"], wait=0)
            main(["db", "copy", "to.db", url], wait=0)
    written = said()
    assert written.count("cannot be connected to") > len(COMMANDS)
    assert SECRET not in written
    assert [one.name for one in Path().iterdir() if SECRET in str(one)] == []


def test_no_command_shows_the_password_of_a_server_that_answers(server: Server, said: Said) -> None:
    name = server.make()
    places = [
        f"postgresql://postgres:{SECRET}@/{name}?host={server.socket}",
        f"{server.url(name)}&password={SECRET}&sslpassword={SECRET}",
    ]
    assert main(["demo", "--keep", places[0]]) == 0
    for url in places:
        for form in ("table", "json", "csv", "md"):
            assert main(["--database", url, "db", "info", "--format", form]) == 0
        for one in (["init", "--council", "C"], ["db", "upgrade"], ["db", "verify"], ["check"]):
            main(["--database", url, *one])
        assert main(["--database", url, "import", "inspect", "list.csv"]) == 0
        assert main(["--database", f"{url}&nosuch={SECRET}&port=1", "summary"]) == 3
    server.drop(name)
    assert SECRET not in said()


def test_a_server_that_refuses_the_password_does_not_show_it(server: Server, said: Said) -> None:
    for url in (
        f"postgresql://nobody:{SECRET}@/postgres?host={server.socket}",
        f"postgresql://postgres:{SECRET}@/none?host={server.socket}",
    ):
        for one in commands():
            main(["--database", url, *one], wait=0)
    written = said()
    assert 'role "nobody" does not exist' in written
    assert SECRET not in written


def test_a_password_may_stand_in_a_file_or_in_the_environment(
    server: Server, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = server.make()
    service = tmp_path / "services.conf"
    service.write_text(
        f"[irb]\nhost={server.socket}\nuser=postgres\ndbname={name}\npassword={SECRET}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PGSERVICEFILE", str(service))
    assert main(["demo", "--keep", "postgresql://?service=irb"]) == 0
    monkeypatch.setenv("IRBTRACK_DATABASE", "postgresql://")
    for variable, value in (
        ("PGHOST", server.socket),
        ("PGUSER", "postgres"),
        ("PGDATABASE", name),
    ):
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("PGPASSWORD", SECRET)
    said()
    assert main(["db", "info", "--format", "json"]) == 0
    written = said()
    assert json.loads(written)[0]["database"] == "postgresql://"
    assert SECRET not in written
    server.drop(name)
