"""Ctrl-C at chosen points and at random moments: what is said of what was stored is true."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from shared.transcript import Scene
from stress import interrupts

from irbtrack import lasting
from irbtrack.cli import main
from irbtrack.exports import files
from irbtrack.register import session
from irbtrack.render import messages
from irbtrack.render.outlet import Outlet
from irbtrack.store.write import Journal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")


@pytest.fixture
def new(scene: Scene, databases: dict[str, Path]) -> Scene:
    shutil.copy(databases["new"], scene.folder / "irbtrack.db")
    return scene


@pytest.fixture
def today(scene: Scene, databases: dict[str, Path]) -> str:
    return scene.take(databases["today"])


ADDING = "irbtrack directorate add parks Parks"
NOTHING = "! irbtrack: interrupted; nothing was stored\n[exit 130]"
STORED = "! irbtrack: interrupted; entry 2 was stored\n[exit 130]"


def interrupted(
    action: Callable[..., Any], when: str = "before", time: int = 1
) -> Callable[..., Any]:
    """Return the action with a Ctrl-C before or after it, the first or another time it is done."""
    done: list[None] = []

    def wrapped(*given: Any, **named: Any) -> Any:
        done.append(None)
        if len(done) == time and when == "before":
            signal.raise_signal(signal.SIGINT)
        result = action(*given, **named)
        if len(done) == time and when == "after":
            signal.raise_signal(signal.SIGINT)
        return result

    return wrapped


def parks_are_there(scene: Scene) -> bool:
    return "parks" in scene.run("irbtrack directorate list --format csv --as-of 1/1/2099")


@pytest.mark.parametrize(
    ("owner", "name", "is_stored"),
    [
        (Journal, "record", False),
        (sqlalchemy.engine.base.RootTransaction, "_do_commit", True),
        (session, "_say", True),
        (session, "note", True),
        (Outlet, "flush", True),
    ],
    ids=["before the commit", "in the commit", "after it", "in printing", "in flushing"],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_interrupt_says_whether_the_entry_was_stored(
    owner: Any, name: str, is_stored: bool, when: str, new: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, interrupted(getattr(owner, name), when))
        said = new.run(ADDING)
    assert said.endswith(STORED if is_stored else NOTHING)
    assert parks_are_there(new) == is_stored
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_database_that_an_interrupt_left_is_named(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("irbtrack.commands.init.note", interrupted(messages.note))
    assert scene.run("irbtrack init --council Council") == (
        "! irbtrack: interrupted; irbtrack.db was made\n[exit 130]"
    )
    monkeypatch.undo()


def test_files_that_an_interrupt_left_are_named_and_no_others_are_there(
    new: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    new.run(ADDING)
    before = sorted(path.name for path in new.folder.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(files, "refuse_strange", interrupted(files.refuse_strange, time=2))
        assert new.run("irbtrack export directorates out.xlsx") == NOTHING
    assert sorted(path.name for path in new.folder.iterdir()) == before
    with monkeypatch.context() as patch:
        patch.setattr(files, "note", interrupted(files.note))
        assert new.run("irbtrack export directorates out.xlsx") == (
            "! irbtrack: interrupted; out.xlsx was written\n[exit 130]"
        )
    assert (new.folder / "out.xlsx").is_file()


def test_the_refused_rows_stay_if_the_others_are_stored(
    new: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = "Ref,Audit,Action,Priority,Directorate\nR1,Pay,One,High,p\nR2,Pay,Two,Odd,p\n"
    (new.folder / "sheet.csv").write_text(sheet, encoding="utf-8")
    committing = interrupted(lasting.lasts)
    monkeypatch.setattr("irbtrack.store.write.lasts", committing)
    said = new.run(
        "irbtrack import actions sheet.csv --default year=23/24 --create-missing --partial"
        " --rejects refused.csv"
    )
    assert said.endswith(STORED)
    assert "Odd" in (new.folder / "refused.csv").read_text(encoding="utf-8-sig")


def test_of_a_throwaway_database_nothing_is_said_to_be_stored(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("irbtrack.commands.demo._show", interrupted(lambda *_: None))
    assert scene.run("irbtrack demo") == NOTHING


def test_a_second_interrupt_ends_the_program_with_the_same_sentence(today: str) -> None:
    code = (
        "import signal, sys\n"
        "from irbtrack import __main__ as program, cli\n"
        "from irbtrack.register import session\n"
        "def interrupted(*given, **named): signal.raise_signal(signal.SIGINT)\n"
        "session._say = cli.note = interrupted\n"
        "sys.exit(program.main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--database", today, "directorate", "add", "parks", "Parks"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (130, "irbtrack: interrupted; entry 2 was stored\n")


AROUND_MAIN = """
import atexit, builtins, runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
moment, *sys.argv[1:] = sys.argv[1:]
really = builtins.__import__
def importing(name, *given, **named):
    if name == moment or (given and given[2:] and moment in (given[2] or ())):
        builtins.__import__ = really
        signal.raise_signal(signal.SIGINT)
    return really(name, *given, **named)
builtins.__import__ = importing
if moment == "exit":
    atexit.register(signal.raise_signal, signal.SIGINT)
runpy.run_module("irbtrack", run_name="__main__")
"""


@pytest.mark.parametrize(
    ("moment", "code", "said"),
    [
        ("typer.core", 130, "irbtrack: interrupted; nothing was stored\n"),
        ("irbtrack.store.write", 130, "irbtrack: interrupted; nothing was stored\n"),
        ("exit", 0, "directorate parks added: Parks\n"),
    ],
)
def test_an_interrupt_outside_of_a_command_shows_no_traceback(
    moment: str, code: int, said: str, today: str, scene: Scene
) -> None:
    adding = ["--database", today, "directorate", "add", "parks", "Parks"]
    done = subprocess.run(
        [sys.executable, "-c", AROUND_MAIN, moment, *adding],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (code, said)
    assert parks_are_there(scene) == (code == 0)


def test_an_interrupt_that_python_cannot_raise_ends_the_program() -> None:
    code = (
        "import signal, sys\n"
        "from irbtrack import __main__ as program, cli\n"
        "class Held:\n"
        "    def __del__(self): raise KeyboardInterrupt\n"
        "cli.main = lambda: Held() and 0\n"
        "sys.exit(program.main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (130, "irbtrack: interrupted; nothing was stored\n")


def test_interrupts_at_random_moments_are_true_to_what_they_say() -> None:
    tally = interrupts.tallied("sqlite", 4, 7, interrupts.COMMANDS[:1], by_calls=False)
    assert sum(tally.values()) == 4


def test_an_interrupt_is_held_back_in_another_thread_too() -> None:
    import threading

    done: list[bool] = []

    def work() -> None:
        with lasting.uninterrupted(), lasting.interruptible():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def test_an_ignored_interrupt_stays_ignored(new: Scene) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert main(["--database", new.database, "directorate", "list"]) == 0
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
