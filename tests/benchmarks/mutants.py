"""Alter the rules in many small ways, and count how many of the alterations their tests find.

mutmut makes the mutants: each is a function or method of ``irbtrack.domain`` in which one thing is
another. mutmut would start pytest anew for each of them, and pass every call through a function
of its own. Here pytest collects the tests once. A copy of the process gives a function its altered
code, and runs the tests that ran through that function, the quickest first, until one fails.

What runs only while modules are imported can't be altered in this way, and counts as not found.
It needs a system that can copy a process, as Linux and macOS can.
"""

import argparse
import ast
import difflib
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from inspect import getsourcefile
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple

import coverage
import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation.file_mutation import mutate_file_contents

import irbtrack.domain

RULES = Path(irbtrack.domain.__file__).parent
TESTS = [str(Path(__file__).parents[1] / name) for name in ("domain", "test_doctests.py")]
MEMORY = 4 << 30
"""The bytes that a copy of the process may take; a mutant may never stop asking for more."""


class Mutant(NamedTuple):
    """A function with one thing altered: its name, its lines, and both codes.

    ``said`` is what differs, as lines with - and +.
    """

    name: str
    number: int
    function: FunctionType
    altered: FunctionType
    said: list[str]


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield the mutants of a module of rules."""
    name = ".".join(["irbtrack.domain", *path.relative_to(RULES).with_suffix("").parts])
    module = import_module(name.removesuffix(".__init__"))
    source = mutate_file_contents(str(path), path.read_text("utf-8")).code
    lines = source.splitlines()
    texts = {
        node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name
    }
    altered: dict[str, Any] = {"__name__": module.__name__}
    exec(compile(source, str(path), "exec"), altered)  # noqa: S102 - mutmut gives a text
    for called in texts:
        mangled, _, number = called.rpartition("__mutmut_")
        if number == "orig":
            continue
        of_class, _, own = mangled.removeprefix("xǁ").rpartition("ǁ")
        own = own if of_class else mangled.removeprefix("x_")
        function = _plain(getattr(module, of_class, module), own)
        before, after = (
            texts[one].replace(one, own).splitlines() for one in (f"{mangled}__mutmut_orig", called)
        )
        diff = difflib.unified_diff(before, after, n=0, lineterm="")
        yield Mutant(
            f"{name.removeprefix('irbtrack.domain.')}.{f'{of_class}.' if of_class else ''}{own}",
            int(number),
            function,
            _plain(altered[of_class] if of_class else altered, called),
            [f"{line[0]} {line[1:].strip()}" for line in list(diff)[2:] if line[0] != "@"],
        )


def _plain(holder: Any, name: str) -> FunctionType:
    """Return a function of a module, or a method, without what makes it one of a class."""
    found = holder[name] if isinstance(holder, dict) else vars(holder)[name]
    return getattr(found, "__func__", found)  # type: ignore[no-any-return]


def alter(mutant: Mutant) -> None:
    """Give a function the altered code, wherever it was imported to."""
    function, altered = mutant.function, mutant.altered
    function.__code__ = altered.__code__
    for name in ("__defaults__", "__kwdefaults__"):
        if repr(getattr(altered, name)) != repr(getattr(function, name)):
            setattr(function, name, getattr(altered, name))


class Trial:
    """Runs the tests once, to see what they run through, and then some of them for each mutant."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.asked = asked
        self.found: Counter[str] = Counter()
        self.made: Counter[str] = Counter()
        self.seconds: dict[str, float] = {}
        self.through: dict[str, dict[int, set[str]]] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant that was asked for with the tests that were collected."""
        self.items = {item.nodeid: item for item in session.items}
        self._look()
        running: dict[int, Mutant] = {}
        for mutant in self._mutants():
            tests = self._tests_of(mutant)
            self.made[_module(mutant)] += 1
            if not tests:
                self._survived(mutant)
                continue
            if len(running) == self.asked.processes:
                self._wait(running)
            child = os.fork()
            if not child:
                self._try(mutant, tests)
            running[child] = mutant
        while running:
            self._wait(running)
        return True

    def _look(self) -> None:
        """Run each test as it is, and keep which lines of the rules it runs through."""
        watch = coverage.Coverage(data_file=None, source=[str(RULES)], config_file=False)
        watch.start()
        for name, item in self.items.items():
            watch.switch_context(name)
            began = time.process_time()
            if any(report.failed for report in runtestprotocol(item, log=False)):
                pytest.exit(f"{name} fails before anything is altered", 1)
            self.seconds[name] = time.process_time() - began
        watch.stop()
        data = watch.get_data()
        for path in data.measured_files():
            self.through[path] = {
                line: set(names) for line, names in data.contexts_by_lineno(path).items()
            }

    def _mutants(self) -> Iterator[Mutant]:
        """Yield the mutants that were asked for."""
        number = 0
        for path in sorted(RULES.rglob("*.py")):
            part = ".".join(path.relative_to(RULES).with_suffix("").parts)
            if self.asked.parts and not any(part.startswith(asked) for asked in self.asked.parts):
                continue
            for mutant in mutants_of(path):
                number += 1
                if number % self.asked.every == 0:
                    yield mutant

    def _tests_of(self, mutant: Mutant) -> list[str]:
        """Return the tests that run through a function, the quickest first."""
        code = mutant.function.__code__
        lines = self.through.get(str(getsourcefile(mutant.function)), {})
        body = {line for *_, line in code.co_lines() if line and line != code.co_firstlineno}
        names = {name for line in body for name in lines.get(line, ()) if name in self.items}
        return sorted(names, key=lambda name: self.seconds[name])

    def _try(self, mutant: Mutant, tests: list[str]) -> None:
        """Run tests in a copy of the process until one fails, and end it."""
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        alter(mutant)
        for name in tests:
            signal.setitimer(signal.ITIMER_PROF, 2 + 10 * self.seconds[name])
            reports = runtestprotocol(self.items[name], log=False)
            if any(report.failed for report in reports):
                os._exit(1)
        os._exit(0)

    def _wait(self, running: dict[int, Mutant]) -> None:
        """Wait for a copy of the process: one that ran to its end found nothing."""
        child, status = os.wait()
        mutant = running.pop(child)
        if status:
            self.found[_module(mutant)] += 1
        else:
            self._survived(mutant)

    def _survived(self, mutant: Mutant) -> None:
        """Show a mutant that no test finds."""
        if self.asked.survivors:
            print(f"{mutant.name} {mutant.number}", *mutant.said, sep="\n    ", flush=True)

    def say(self) -> int:
        """Print how many were found, by module, and return 1 if it is too few."""
        for module, made in sorted(self.made.items()):
            print(f"{module:32} {self.found[module]:6,} of {made:6,}")
        made, found = self.made.total(), self.found.total()
        share = 100 * found / made if made else 100.0
        print(f"{found:,} of {made:,} mutants found, {share:.1f}%")
        return share < self.asked.least


def _module(mutant: Mutant) -> str:
    return mutant.function.__module__.removeprefix("irbtrack.domain.")


def main() -> int:
    """Try the mutants that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("parts", nargs="*", help="such as figures or tracker.mentions; all")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="all of the rules'")
    parser.add_argument("--every", type=int, default=1, help="only every so many of them")
    parser.add_argument("--least", type=float, default=90, help="the per cent to be found")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--survivors", action="store_true", help="show each that isn't found")
    trial = Trial(parser.parse_args())
    options = ["-n", "0", "-p", "no:cacheprovider", "--hypothesis-profile", "mutants"]
    status = pytest.main([*options, "-q", "-s", *trial.asked.tests], plugins=[trial])
    return int(status) or trial.say()


if __name__ == "__main__":
    sys.exit(main())
