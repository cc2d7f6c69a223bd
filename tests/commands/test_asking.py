"""What is missing: asked for at a terminal, an error elsewhere. The terminal is a real one."""

import contextlib
import os
import select
import shlex
import signal
import subprocess
import sys
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from shared.spreadsheets import xlsx_of
from shared.transcript import Prepare, Scene, as_json, kept

SECONDS = 30
"""How long a prompt may take to appear on a busy machine."""

if sys.platform == "win32":
    pytest.skip("Windows has other terminals", allow_module_level=True)


class Terminal:
    """A program at a terminal, and what it has written there."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str] = {}) -> None:
        import pty

        controller, terminal = pty.openpty()
        self._controller = controller
        self._seen = ""
        self._decoder = getincrementaldecoder("utf-8")()
        self.process = subprocess.Popen(
            [sys.executable, "-c", AT_A_TERMINAL, *arguments],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=os.environ
            | {"TERM": "dumb", "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"}
            | environment,
            start_new_session=True,
        )
        os.close(terminal)

    def until(self, wanted: str) -> str:
        """What was written up to and with ``wanted``, after what was read before."""
        return self._read(lambda seen: seen.find(wanted) + len(wanted) if wanted in seen else 0)

    def rest(self) -> str:
        """All that is written until the program ends."""
        return self._read(lambda _: 0, to_the_end=True)

    def _read(self, reached: Callable[[str], int], *, to_the_end: bool = False) -> str:
        deadline = time.monotonic() + SECONDS
        while not (end := reached(self._seen)):
            ready, _, _ = select.select([self._controller], [], [], deadline - time.monotonic())
            assert ready, f"nothing more came after {self._seen!r}"
            try:
                written = os.read(self._controller, 4096)
            except OSError:  # Linux says so when the program has gone
                written = b""
            if not written:
                assert to_the_end, f"the program ended after {self._seen!r}"
                end = len(self._seen)
                break
            self._seen += self._decoder.decode(written).replace("\r\n", "\n")
        found, self._seen = self._seen[:end], self._seen[end:]
        return found

    def answer(self, text: str) -> None:
        os.write(self._controller, f"{text}\n".encode())

    def press(self, key: bytes) -> None:
        """A key that ends the program, pressed as a person would: a moment after the prompt.

        Python misses an interrupt that comes just before it begins to wait for a line.
        """
        for _ in range(3):
            time.sleep(0.3)
            os.write(self._controller, key)
            if select.select([self._controller], [], [], 1)[0]:
                self._seen += os.read(self._controller, 4096).decode().replace("\r\n", "\n")
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
                return

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._controller)


# The terminal must be the program's own for Ctrl-C to reach it.
AT_A_TERMINAL = """
import fcntl, runpy, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
sys.argv[0] = "irbtrack"
runpy.run_module("irbtrack", run_name="__main__")
"""

Start = Callable[..., Terminal]


@pytest.fixture
def at_terminal(prepared: Prepare) -> Iterator[Start]:
    """Starts irbtrack at a terminal, on a register with a directorate, officer and audit."""
    prepared(
        'init --council "Test Council"',
        'directorate add finance "Finance and Commercial"',
        'directorate add housing "Housing"',
        'officer add ed-finance "Executive Director, Finance"',
        'officer add ha-audit "Head of Internal Audit"',
        'audit add "Council Tax"',
        'action add "The first" --audit "Council Tax" --priority high --directorate finance'
        " --owner ed-finance --due 31/3/2024",
        'direction add 3a "Financial Sustainability" --on 1/6/2023',
        'workstream add plan "The Plan" --on 1/6/2023',
        'milestone add "The first" --workstream plan --on 1/6/2023',
    )
    with contextlib.ExitStack() as started:

        def start(*arguments: str) -> Terminal:
            terminal = Terminal(list(arguments))
            started.callback(terminal.close)
            return terminal

        yield start


def test_action_add_asks_for_what_is_missing_and_again_after_a_bad_answer(
    at_terminal: Start, scene: Scene
) -> None:
    terminal = at_terminal("action", "add")
    assert terminal.until(": ") == "Title: "
    terminal.answer("   ")
    assert "the title is empty; give it at least a word\nTitle: " in terminal.until("Title: ")
    terminal.answer("Reconcile the suspense account")
    terminal.until("\n")
    assert terminal.until(": ") == "Audit: "
    terminal.answer("Councl Tax")
    assert "did you mean 'Council Tax'?" in terminal.until("\nAudit: ")
    terminal.answer("council tax")
    terminal.until("\n")
    assert terminal.until(": ") == "Priority (High, Medium or Low): "
    terminal.answer("urgent")
    assert "it is one of High, Medium or Low" in terminal.until(
        "\nPriority (High, Medium or Low): "
    )
    terminal.answer("m")
    terminal.until("\n")
    assert terminal.until(": ") == "Directorate (finance or housing): "
    terminal.answer("housing")
    terminal.until("\n")
    assert terminal.until(": ") == "Raised on (empty for today): "
    terminal.answer("1/1/2099")
    assert "is in the future" in terminal.until("\nRaised on (empty for today): ")
    terminal.answer("")
    terminal.until("\n")
    assert terminal.until(": ") == "Owner (empty if not allocated): "
    terminal.answer("ed-finanse")
    assert "did you mean 'ed-finance'?" in terminal.until("\nOwner (empty if not allocated): ")
    terminal.answer("ed-finance")
    terminal.until("\n")
    assert terminal.until(": ") == "Due date (empty if not allocated): "
    terminal.answer("31/9/2099")
    assert "'31/9/2099' is not a date" in terminal.until("\nDue date (empty if not allocated): ")
    terminal.answer("Sep 2099")
    written = terminal.rest()
    assert written.splitlines()[-2:] == [
        "2324-002 added to Council Tax (23/24), ed-finance, due 30 September 2099",
        "2324-002",
    ]
    assert terminal.process.wait(SECONDS) == 0
    kept = scene.run("irbtrack action list --text suspense --as-of 1/1/2099 --format csv")
    assert kept.splitlines()[1].startswith(
        "2324-002,23/24,Council Tax,Reconcile the suspense account,Medium,housing,ed-finance,"
    )
    assert ",2099-09-30,2099-09-30,0," in kept


def test_only_what_is_missing_is_asked_for_and_owner_and_date_may_be_left_empty(
    at_terminal: Start, scene: Scene
) -> None:
    terminal = at_terminal(
        "action", "add", "A title", "--priority", "low", "--directorate", "finance"
    )
    assert terminal.until(": ") == "Audit: "
    terminal.answer("2324-A01")
    terminal.until("Raised on (empty for today): ")
    terminal.answer("")
    terminal.until("Owner (empty if not allocated): ")
    terminal.answer("")
    terminal.until("Due date (empty if not allocated): ")
    terminal.answer("")
    assert "no owner, no due date: not allocated\n" in terminal.rest()
    assert terminal.process.wait(SECONDS) == 0
    assert "2324-002,23/24,Council Tax,A title,Low,finance,,Not Allocated," in scene.run(
        "irbtrack action list --as-of 1/1/2099 --format csv"
    )


def test_nothing_is_asked_for_if_nothing_is_missing(at_terminal: Start) -> None:
    terminal = at_terminal(
        *["action", "add", "A title", "--audit", "Council Tax"],
        *["--priority", "low", "--directorate", "finance"],
    )
    doubt, _, said = terminal.rest().partition("takes this back\n")
    assert doubt.startswith("the clock says ")
    assert said == (
        "2324-002 added to Council Tax (23/24), no owner, no due date: not allocated\n2324-002\n"
    )
    assert terminal.process.wait(SECONDS) == 0


def test_an_answer_that_contradicts_another_is_asked_for_again_and_nothing_is_lost(
    at_terminal: Start, scene: Scene
) -> None:
    terminal = at_terminal("action", "add", "A title", "--audit", "Council Tax")
    for question, answer in (
        ("Low): ", "low"),
        ("housing): ", "finance"),
        ("Raised on (empty for today): ", "1/6/2023"),
        ("Owner (empty if not allocated): ", ""),
        ("Due date (empty if not allocated): ", "31/5/2023"),
    ):
        terminal.until(question)
        terminal.answer(answer)
    again = terminal.until("\nDue date (empty if not allocated): ")
    assert "the action cannot be due on 31 May 2023, before it was raised on 1 June 2023" in again
    terminal.answer("30/6/2023")
    assert "raised 1 June 2023, no owner, due 30 June 2023: not allocated" in terminal.rest()
    assert terminal.process.wait(SECONDS) == 0
    assert ",2023-06-30," in scene.run("irbtrack action list --text 'A title' --format csv")


def test_a_day_raised_after_the_due_date_given_is_asked_for_again(at_terminal: Start) -> None:
    terminal = at_terminal(
        *["action", "add", "--audit", "Council Tax", "--priority", "low"],
        *["--directorate", "finance", "--owner", "ed-finance", "--due", "31/5/2023"],
    )
    terminal.until("Title: ")
    terminal.answer("A title")
    for late in ("1/6/2023", ""):  # an empty answer means today
        terminal.until("Raised on (empty for today): ")
        terminal.answer(late)
        terminal.until(" is after the due date, 31 May 2023; give an earlier day\n")
    terminal.until("Raised on (empty for today): ")
    terminal.answer("1/5/2023")
    assert "due 31 May 2023" in terminal.rest()
    assert terminal.process.wait(SECONDS) == 0


def test_what_was_given_wrongly_is_refused_before_anything_is_asked(at_terminal: Start) -> None:
    terminal = at_terminal("action", "add", "--due", "31/11/2023")
    assert terminal.rest() == "irbtrack: '31/11/2023' is not a date; November has 30 days\n"
    assert terminal.process.wait(SECONDS) == 2


def test_a_line_can_be_edited_and_its_prompt_stays(at_terminal: Start) -> None:
    pytest.importorskip("readline")
    terminal = at_terminal("directorate", "add", "place")
    assert terminal.until(": ") == "Name: "
    terminal.answer("lace\x7f\x7f\x01P\x05ce")  # rub two out, to the start, to the end
    written = terminal.rest()
    assert "Name: Plac" in written
    assert "directorate place added: Place" in written
    assert terminal.process.wait(SECONDS) == 0


def test_the_council_is_asked_for_its_name(at_terminal: Start, scene: Scene) -> None:
    terminal = at_terminal("--database", "other.db", "init")
    assert terminal.until(": ") == "Name of the council: "
    terminal.answer("Test Council")
    assert "is ready" in terminal.rest()
    assert terminal.process.wait(SECONDS) == 0
    assert "Test Council" in scene.run("irbtrack --database other.db overview")


@pytest.mark.parametrize("answers", [0, 2])
def test_ctrl_c_stores_nothing(answers: int, at_terminal: Start, scene: Scene) -> None:
    before = kept(scene.folder / "irbtrack.db")
    terminal = at_terminal("action", "add")
    terminal.until("Title: ")
    for answer, question in (("A title", "Audit: "), ("Council Tax", "Low): ")):
        if answers:
            terminal.answer(answer)
            terminal.until(question)
    terminal.press(b"\x03")
    assert terminal.rest().endswith("irbtrack: interrupted; nothing was stored\n")
    assert terminal.process.wait(SECONDS) == 130
    assert kept(scene.folder / "irbtrack.db") == before


def test_ctrl_d_stores_nothing(at_terminal: Start, scene: Scene) -> None:
    before = kept(scene.folder / "irbtrack.db")
    terminal = at_terminal("action", "add")
    terminal.until("Title: ")
    terminal.press(b"\x04")
    assert terminal.rest().endswith("irbtrack: interrupted; nothing was stored\n")
    assert terminal.process.wait(SECONDS) == 130
    assert kept(scene.folder / "irbtrack.db") == before


def test_the_signal_of_ctrl_c_while_it_waits_is_the_same(at_terminal: Start) -> None:
    terminal = at_terminal("action", "redate", "2324-001", "--due", "31/12/2099")
    terminal.until("Reason: ")
    time.sleep(0.3)
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.rest().endswith("irbtrack: interrupted; nothing was stored\n")
    assert terminal.process.wait(SECONDS) == 130


@pytest.mark.parametrize(
    ("arguments", "asked", "bad", "refused", "good", "said"),
    [
        (
            ["action", "redate", "2324-001", "--reason", "Supplier delay"],
            "Revised due date: ",
            "soon",
            "'soon' is not a date",
            "31/12/2099",
            "2324-001 re-dated to 31 December 2099",
        ),
        (
            ["action", "close", "2324-001", "--reason", "The service has ended"],
            "Closed as: ",
            "finished",
            "'finished' is not a closure",
            "withdrawn",
            "as Withdrawn",
        ),
        (
            ["directorate", "add", "place"],
            "Name: ",
            "  ",
            "the name is empty",
            "Place and Environment",
            "directorate place added: Place and Environment",
        ),
        (
            ["audit", "add"],
            "Name of the review: ",
            " ",
            "the name is empty",
            "Housing Benefit",
            "added: Housing Benefit",
        ),
        (
            ["officer", "add", "ed-housing"],
            "Title of the post: ",
            " ",
            "the title is empty",
            "Executive Director, Housing",
            "officer ed-housing added: Executive Director, Housing",
        ),
        (
            ["direction", "add", "3b"],
            "Title: ",
            " ",
            "the title is empty",
            "Democratic Governance",
            "direction 3b added: Democratic Governance, no target, not rated",
        ),
        (
            ["direction", "update", "3a", "--trend", "down"],
            "Reason: ",
            " ",
            "the reason is empty",
            "The board was told so",
            "3a: trend now down, it was computed",
        ),
        (
            ["direction", "update", "3a", "--target", "30/6/2024"],
            "Reason: ",
            " ",
            "the reason is empty",
            "Elections in May",
            "3a: target now 30 June 2024, it was none",
        ),
        (
            ["workstream", "add", "ict"],
            "Name: ",
            "\u2003",
            "the name is empty",
            "ICT & Digital",
            "workstream ict added: ICT & Digital",
        ),
        (
            ["milestone", "add", "--workstream", "plan"],
            "Title: ",
            " ",
            "the title is empty",
            "Budget set",
            "M002 added to The Plan: Budget set, no date",
        ),
        (
            ["milestone", "drop", "M001"],
            "Reason: ",
            " ",
            "the reason is empty",
            "No longer wanted",
            "M001 dropped from the plan",
        ),
        (
            ["note", "add", "headline"],
            "Text: ",
            " ",
            "the note is empty",
            "Overdue actions fell",
            "N1 added to Headline",
        ),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_other_commands_ask_too(
    arguments: list[str],
    asked: str,
    bad: str,
    refused: str,
    good: str,
    said: str,
    at_terminal: Start,
) -> None:
    terminal = at_terminal(*arguments)
    assert terminal.until(asked) == asked
    terminal.answer(bad)
    assert refused in terminal.until(f"\n{asked}")
    terminal.answer(good)
    assert said in terminal.rest()
    assert terminal.process.wait(SECONDS) == 0


def test_all_that_a_new_record_needs_is_asked_for_in_turn(at_terminal: Start, scene: Scene) -> None:
    for arguments, answers, said in (
        (
            ["direction", "add"],
            [("Reference: ", "3 b"), ("Reference: ", "3b"), ("Title: ", "Democratic Governance")],
            "direction 3b added: Democratic Governance",
        ),
        (
            ["milestone", "add"],
            [("Title: ", "Budget set"), ("Workstream: ", "the plan")],
            "M002 added to The Plan: Budget set, no date",
        ),
        (
            ["workstream", "add", "--within", "plan"],
            [("Code: ", "none"), ("Code: ", "ict"), ("Name: ", "ICT & Digital")],
            "workstream ict added to plan: ICT & Digital",
        ),
        (
            ["note", "add"],
            [("Section: ", "commentary"), ("Section: ", "head"), ("Text: ", "Overdue fell")],
            "N1 added to Headline",
        ),
    ):
        terminal = at_terminal(*arguments)
        for question, answer in answers:
            terminal.until(question)
            terminal.answer(answer)
        assert said in terminal.rest()
        assert terminal.process.wait(SECONDS) == 0
    assert "3b,Democratic Governance" in scene.run(
        "irbtrack direction list --as-of 1/1/2099 --format csv"
    )


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        (["action", "add"], "the TITLE, --audit, --priority and --directorate are"),
        (
            ["action", "add", "A title", "--audit", "Council Tax"],
            "--priority and --directorate are",
        ),
        (["action", "redate", "2324-001", "--due", "31/12/2099"], "--reason is"),
        (["action", "close", "2324-001", "--reason", "Why"], "--as is"),
        (["action", "verify", "2324-001"], "--by is"),
        (["--database", "other.db", "init"], "--council is"),
        (["audit", "add"], "the NAME is"),
        (["directorate", "add"], "the CODE is"),
        (["direction", "add"], "the REF is"),
        (["direction", "add", "9"], "the TITLE is"),
        (["direction", "update", "3a", "--trend", "up"], "--reason is"),
        (["direction", "update", "3a", "--target", "Mar-24"], "--reason, or commentary, is"),
        (["workstream", "add"], "the CODE is"),
        (["workstream", "add", "ict"], "the NAME is"),
        (["milestone", "add"], "the TITLE is"),
        (["milestone", "add", "Budget set"], "--workstream is"),
        (["milestone", "drop", "M001"], "--reason is"),
        (["note", "add"], "the SECTION is"),
        (["note", "add", "headline"], "the TEXT is"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_without_a_terminal_what_is_missing_is_an_error(
    arguments: list[str], missing: str, at_terminal: Start, scene: Scene
) -> None:
    del at_terminal  # only its register is wanted
    before = kept(scene.folder / "irbtrack.db")
    done = subprocess.run(
        [sys.executable, "-m", "irbtrack", *arguments],
        input="An answer\n" * 9,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        f"irbtrack: {missing} missing; give what is needed, or run this at a terminal,"
        " which asks for it\n",
    )
    assert kept(Path("irbtrack.db")) == before


TRACKER = """Rec no.,Agreed action,Rating,Dept,Responsible officer,Target date,Status,Year,Completed
C1,Publish arrears,P1,Finance,Head of Revenues,30/09/2023,Partly implemented,23/24,
C2,Keep a log,P2,Finance,Head of Revenues,30/09/2023,Implemented,23/24,1/10/2023
C3,Review it,P3,Finance,Head of Revenues,30/09/2023,Closed,23/24,2/10/2023
"""


def test_an_import_without_options_asks_only_what_is_in_doubt(
    at_terminal: Start, scene: Scene
) -> None:
    scene.folder.joinpath("t.csv").write_text(TRACKER, encoding="utf-8")
    terminal = at_terminal("import", "actions", "t.csv")
    for question, answer in [
        ("column of priority (Rating if empty): ", ""),
        ("priority, or none (High if empty): ", ""),
        ("priority, or none (Medium if empty): ", ""),
        ("priority, or none (Low if empty): ", ""),
        ("status is 'Partly implemented' in 1 cell", "in progress"),
        ("status, or none (complete if empty): ", ""),
        ("make them, yes or no (yes if empty): ", ""),
    ]:
        terminal.until(question)
        terminal.answer(answer)
    seen = terminal.until("store this, yes or no: ")
    assert "3 would be added" in seen
    terminal.answer("yes")
    terminal.rest()
    assert terminal.process.wait(SECONDS) == 0
    told: dict[str, dict[str, object]] = {}
    for one in as_json(scene, "history"):
        told.setdefault(one["ref"], {}).update(one["fields"])
    assert [told[ref]["priority"] for ref in ("C1", "C2", "C3")] == ["High", "Medium", "Low"]
    done = [told[ref].get("completed_on") for ref in ("C1", "C2", "C3")]
    assert done == [None, "2023-10-01", "2023-10-02"]
    said = scene.run("irbtrack import actions t.csv --mapping t.toml --create-missing")
    assert "added" not in said.replace("0 added", "")


def test_an_answer_that_cannot_be_used_is_asked_again(at_terminal: Start, scene: Scene) -> None:
    lines = TRACKER.replace("Rating", "Shade").replace("P1", "Blue").replace("P2", "Pink")
    text = lines.replace("P3", "Grey").replace("Partly implemented", "Begun")
    scene.folder.joinpath("t.csv").write_text(text, encoding="utf-8")
    terminal = at_terminal("import", "actions", "t.csv", "--create-missing")
    for question, answer, said in [
        ("the priority of all: ", "Zebra", "'Zebra' is not a priority"),
        ("the priority of all: ", "low", "status"),
        ("what it means as status, or none", "Zebra", "'Zebra' is not a status"),
        ("what it means as status, or none", "in progress", "status is 'Closed'"),
        ("status, or none (complete if empty): ", "Zebra", "'Zebra' is not a status"),
    ]:
        terminal.until(question)
        terminal.answer(answer)
        terminal.until(said)
    terminal.until("status, or none (complete if empty): ")
    terminal.answer("")
    assert "3 would be added" in terminal.until("store this, yes or no: ")
    terminal.answer("yes")
    terminal.rest()
    assert {one["priority"] for one in as_json(scene, "action list C1 C2 C3")} == {"Low"}


def test_a_column_that_is_not_there_is_asked_again(at_terminal: Start, scene: Scene) -> None:
    scene.folder.joinpath("t.csv").write_text(TRACKER, encoding="utf-8")
    terminal = at_terminal("import", "actions", "t.csv", "--create-missing")
    terminal.until("column of priority (Rating if empty): ")
    terminal.answer("Zebra")
    terminal.until("Zebra")
    assert "Zebra" in terminal.until("column of priority (Rating if empty): ")
    terminal.answer("c")
    terminal.until("priority, or none (High if empty): ")
    terminal.press(b"\x03")


def test_ranges_that_mean_no_priority_are_asked_again(at_terminal: Start, scene: Scene) -> None:
    rows = [f"C{n},Act on {n},{n},finance,23/24" for n in (4, 9, 12, 15, 25)]
    text = "\n".join(["Ref,Action,Priority,Directorate,Year", *rows])
    scene.folder.joinpath("t.csv").write_text(text, encoding="utf-8")
    terminal = at_terminal("import", "actions", "t.csv")
    for answer, said in [
        ("15-25=Zebra, 4-14=low", "'Zebra' is not a priority"),
        ("15-25", "has no field, text and meaning"),
        ("15-25=high, 4-14=low", "5 would be added"),
    ]:
        terminal.until("with commas between them: ")
        terminal.answer(answer)
        terminal.until(said)
    terminal.until("store this, yes or no: ")
    terminal.answer("no")


@pytest.mark.usefixtures("at_terminal")
def test_the_command_that_is_proposed_can_be_pasted(scene: Scene) -> None:
    scene.folder.joinpath("t.csv").write_text(TRACKER, encoding="utf-8")
    piped = scene.run("irbtrack import inspect t.csv").splitlines()[-1]
    assert len(piped) > 80
    narrow = Terminal(["import", "inspect", "t.csv"], {"COLUMNS": "80"}).rest().splitlines()
    assert narrow[-1] == piped


def test_nothing_is_stored_if_the_answer_is_no(at_terminal: Start, scene: Scene) -> None:
    text = "Ref,Action,Priority,Directorate,Year\nC1,Publish arrears,High,finance,23/24\n"
    scene.folder.joinpath("t.csv").write_text(text, encoding="utf-8")
    terminal = at_terminal("import", "actions", "t.csv")
    terminal.until("store this, yes or no: ")
    terminal.answer("no")
    assert "nothing was stored" in terminal.rest()
    assert not scene.folder.joinpath("t.toml").exists()


READER = """
import pathlib, subprocess, sys
text = sys.stdin.read()
added = subprocess.run(
    [sys.executable, "-m", "irbtrack", "officer", "add", "clerk", "Clerk"],
    capture_output=True, text=True, stdin=subprocess.DEVNULL,
)
pathlib.Path("read.txt").write_text(text + added.stdout + added.stderr, encoding="utf-8")
"""
"""A pager that leaves what it showed, and what another program could record meanwhile."""


def test_others_can_record_while_what_would_change_is_read(prepared: Prepare) -> None:
    scene = prepared('init --council "Test Council"', "directorate add finance Finance")
    rows = [f"C{n},Publish arrears {n},High,finance,23/24" for n in range(20)]
    text = "\n".join(["Ref,Action,Priority,Directorate,Year", *rows])
    scene.folder.joinpath("t.csv").write_text(text, encoding="utf-8")
    scene.folder.joinpath("reader.py").write_text(READER, encoding="utf-8")
    pager = {"PAGER": shlex.join([sys.executable, "reader.py"]), "TERM": "xterm"}
    Terminal(["import", "actions", "t.csv", "--dry-run"], pager).rest()
    read = scene.folder.joinpath("read.txt").read_text(encoding="utf-8")
    assert "Publish arrears 1" in read
    assert "officer clerk added" in read


# What an import can't know.


def test_an_import_asks_which_sheet_and_whether_a_title_is_the_same(prepared: Prepare) -> None:
    scene = prepared('init --council "Test Council"', "directorate add finance Finance")
    header = ["Audit", "Year", "Agreed action", "Priority", "Directorate", "Due date"]
    row = ["Council Tax", "23/24", "Keep a log of refunds", "High", "finance", "31/3/2024"]
    (scene.folder / "t.xlsx").write_bytes(xlsx_of({"One": [header, row], "Two": [header, row]}))
    importing = ["import", "actions", "t.xlsx", "--create-missing"]
    terminal = Terminal(importing)
    asked = terminal.until("which sheet, or all (One if empty): ")
    assert "'Two' could be meant as well as 'One'" in asked
    terminal.answer("two")
    terminal.until("store this, yes or no: ")
    terminal.answer("yes")
    assert "sheet Two: 1 added, 0 changed" in terminal.rest()
    row[2] = "Keep a log of all refunds"
    (scene.folder / "t.xlsx").write_bytes(xlsx_of({"Two": [header, row]}))
    terminal = Terminal(importing)
    asked = terminal.until("same action with another title, or new: ")
    assert "row 2 of Two: 'Keep a log of all refunds'" in asked
    assert "may be 2324-001: 'Keep a log of refunds'" in asked
    terminal.answer("perhaps")
    terminal.until("same action with another title, or new: ")
    terminal.answer("same")
    terminal.until("store this, yes or no: ")
    terminal.answer("yes")
    said = terminal.rest()
    assert "0 added, 1 changed" in said
    assert "known actions with another title: row 2" in said


@pytest.mark.parametrize("option", ["", "--map title=Action"])
def test_of_sheets_that_are_near_all_may_be_meant(prepared: Prepare, option: str) -> None:
    scene = prepared('init --council "Test Council"', "directorate add finance Finance")
    header = ["Ref", "Year", "Action", "Priority", "Directorate"]
    sheets = {
        name: [header, [ref, "23/24", f"Act on {ref}", "High", "finance"]]
        for name, ref in (("Open", "C1"), ("Closed", "C2"))
    }
    (scene.folder / "t.xlsx").write_bytes(xlsx_of(sheets))
    terminal = Terminal(["import", "actions", "t.xlsx", *option.split()])
    terminal.until("which sheet, or all (Open if empty): ")
    terminal.answer("all")
    if not option:
        terminal.until("store this, yes or no: ")
        terminal.answer("yes")
    assert "sheets Open and Closed: 2 added" in terminal.rest()
    if not option:
        kept = scene.folder.joinpath("t.toml").read_text("utf-8")
        assert kept.startswith('sheet = [\n    "Open",\n    "Closed",\n]')
