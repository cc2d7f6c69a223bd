"""The commands of every document do what it shows, word for word.

A document's commands run in order in one folder, at nine in the morning of 1 December 2023.
The example is there as board.db. A block of CSV is there as tracker.csv, and a block of TOML
is what the commands wrote to tracker.toml. A first line such as ``<!-- after: README.md -->``
runs that document's commands before.
"""

import re
from collections.abc import Callable
from datetime import datetime
from itertools import takewhile
from pathlib import Path

import pytest
from shared.transcript import GOLDEN, Scene, replayed

from irbtrack.cli import main
from irbtrack.guide import TOPICS

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
GUIDE = ROOT / "src/irbtrack/guide"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *GUIDE.glob("*.md"), *ROOT.glob("examples/*/*.md")])

AFTER = re.compile(r"<!-- after: (\S+) -->\n")


def named(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


def block(kind: str) -> re.Pattern[str]:
    return re.compile(rf"^```{kind}\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def filled(text: str, kind: str, fill: Callable[[str], str]) -> str:
    """The text with the contents of its blocks of one kind replaced."""
    return block(kind).sub(lambda found: f"```{kind}\n{fill(found[1])}```", text)


def as_it_comes_out(document: Path, scene: Scene) -> str:
    """The document as it is when its commands are run now."""
    shown = document.read_text(encoding="utf-8")
    if after := AFTER.match(shown):
        as_it_comes_out(ROOT / after[1], scene)
    for tracker in block("csv").findall(shown):
        scene.folder.joinpath("tracker.csv").write_text(tracker, encoding="utf-8")

    def run(commands: str) -> str:
        return re.sub(r"^! ", "", replayed(commands, scene), flags=re.MULTILINE)

    def mapping(_: str) -> str:
        return scene.folder.joinpath("tracker.toml").read_text(encoding="utf-8")

    return filled(filled(shown, "console", run), "toml", mapping)


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_command_of_a_document_writes_what_it_shows(
    document: Path, scene: Scene, databases: dict[str, Path]
) -> None:
    shown = document.read_text(encoding="utf-8")
    scene.now = datetime.fromisoformat("2023-12-01T09:00Z")
    scene.folder.joinpath("board.db").write_bytes(databases["board"].read_bytes())
    written = as_it_comes_out(document, scene)
    if GOLDEN:
        document.write_text(written, encoding="utf-8")
    assert written == shown


def test_the_two_set_up_commands_are_what_ci_runs() -> None:
    contributing = README.with_name("CONTRIBUTING.md")
    set_up, pack = block("sh").findall(README.read_text(encoding="utf-8"))
    [develop] = block("sh").findall(contributing.read_text(encoding="utf-8"))
    run = README.with_name(".ci").joinpath("run").read_text(encoding="utf-8")
    assert set_up == "pip install . && irbtrack demo\n"
    assert pack == "pip install '.[pack]' && irbtrack demo --pack out/\n"
    assert develop == "pip install '.[dev]' && pytest\n"
    assert develop.strip() in run


def test_the_front_page_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 226


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_a_document_points_only_at_what_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert all(document.parent.joinpath(link).exists() for link in links), links
    assert set(re.findall(r"irbtrack help ([a-z]+)", text)) <= set(TOPICS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
@pytest.mark.usefixtures("scene")
def test_a_command_named_in_a_sentence_is_one_and_has_the_options_named(
    document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def help_of(*command: str) -> str:
        assert main([*command, "--help"]) == 0, command
        return capsys.readouterr().out

    text = block("[a-z]+").sub("", document.read_text(encoding="utf-8"))
    for said in re.findall(r"`irbtrack ((?:[a-z]|--)[^`]*)`", text):
        words = re.sub(r"^--(database|officer) \S+ ?", "", said).split()
        command = [*takewhile(lambda word: not word.startswith("-"), words)]
        shown = help_of(*command[:1])
        if "COMMAND [ARGS]" in shown:
            shown = help_of(*command[:2])
        for option in re.findall(r"--[a-z-]+", " ".join(words)):
            assert option in shown, f"{said} has no {option}"


CONTRIBUTING = README.with_name("CONTRIBUTING.md").read_text(encoding="utf-8")
MADE_UP = ("risk.py", "ageing.py")
"""The files that the recipes of CONTRIBUTING.md tell a contributor to write."""


@pytest.mark.parametrize("path", sorted({*re.findall(r"`((?:src|tests)/[^` ]+)`", CONTRIBUTING)}))
def test_a_file_that_contributors_are_sent_to_is_there(path: str) -> None:
    folder, _, name = path.rpartition("/")
    assert ROOT.joinpath(path).exists() or (name in MADE_UP and ROOT.joinpath(folder).is_dir())


def test_the_readme_names_every_page_of_the_manual() -> None:
    text = README.read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| \[(\w+)\]\(src/irbtrack/guide/\1\.md\)", text, re.M)) == sorted(
        TOPICS
    )
