"""The README's commands do what it shows, word for word."""

import re
from datetime import datetime
from pathlib import Path

from shared.transcript import GOLDEN, Scene, replayed

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)


def test_every_command_of_the_readme_writes_what_it_shows(scene: Scene) -> None:
    shown = README.read_text(encoding="utf-8")
    scene.now = datetime.fromisoformat("2023-12-01T09:00Z")
    [tracker] = re.findall(r"```csv\n(.*?)```", shown, re.DOTALL)
    scene.folder.joinpath("tracker.csv").write_text(tracker, encoding="utf-8")

    def as_it_comes_out(block: re.Match[str]) -> str:
        return re.sub(r"^! ", "", replayed(block[0], scene), flags=re.MULTILINE)

    written = BLOCK.sub(as_it_comes_out, shown)
    if GOLDEN:
        README.write_text(written, encoding="utf-8")
    assert written == shown


def test_the_two_set_up_commands_are_what_ci_runs() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README.read_text(encoding="utf-8"), re.DOTALL)
    run = README.with_name(".ci").joinpath("run").read_text(encoding="utf-8")
    assert commands == ["pip install . && irbtrack demo", "pip install '.[dev]' && pytest"]
    assert commands[1] in run
