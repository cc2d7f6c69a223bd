"""``irbtrack help``: the list of topics, and a page of each in a pipe and at a terminal."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from shared.transcript import Scene

import irbtrack.guide
from irbtrack.cli import main
from irbtrack.guide import TOPICS, page, purpose


def test_every_page_is_a_topic() -> None:
    pages = Path(irbtrack.guide.__file__).parent.glob("*.md")
    assert {path.stem for path in pages} == set(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_begins_with_its_title_and_a_sentence(topic: str) -> None:
    title, sentence, _ = page(topic).split("\n\n", maxsplit=2)
    assert title.startswith("# ")
    assert sentence == purpose(topic)
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    assert "\n" not in sentence


def test_the_list_has_every_topic_with_its_sentence(scene: Scene) -> None:
    lines = scene.run("irbtrack help").splitlines()
    assert [line.split(maxsplit=1) for line in lines[2:-2]] == [
        [topic, purpose(topic)] for topic in TOPICS
    ]
    assert lines[-1] == "'irbtrack help TOPIC' shows a page."


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_is_markdown_in_a_pipe(topic: str, scene: Scene) -> None:
    assert scene.run(f"irbtrack help {topic.upper()}") == page(topic).rstrip("\n")
    assert "<!--" not in page(topic)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_is_rendered_at_a_terminal(topic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("PAGER", "cat")
    assert main(["help", topic]) == 0
    shown = terminal.getvalue()
    assert page(topic).split("\n", maxsplit=1)[0].removeprefix("# ") in shown
    assert "\n#" not in shown
    assert "```" not in shown
    assert all(len(line.rstrip()) <= 100 for line in shown.splitlines())


def test_an_unknown_topic_is_refused_with_near_ones(scene: Scene) -> None:
    assert scene.run("irbtrack help spreadsheet") == (
        "! irbtrack: no topic 'spreadsheet'; did you mean 'spreadsheets'? 'irbtrack help' lists"
        " them, and 'irbtrack COMMAND --help' is about a command\n[exit 1]"
    )
    assert scene.run("irbtrack help xyzzy").startswith("! irbtrack: no topic 'xyzzy'; 'irbtrack")


@pytest.mark.usefixtures("scene")
def test_a_pipe_needs_no_rich() -> None:
    run = "from irbtrack.cli import main; main(['help', 'dates'])"
    probe = f"import sys; {run}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    modules = ran.stdout.splitlines()[-1].split()
    assert "irbtrack.render.manual" in modules
    assert "rich" not in modules
