"""Whatever is recorded, in whatever order, the figures foot, balance, and stay as they were known.

Random commands run with random days of effect, and undo among them. After each of them every
promise about figures is asked of several days.
"""

import contextlib
import io
import os
import shutil
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from irbtrack.cli import main
from irbtrack.domain.dates import FOREVER
from irbtrack.domain.figures.bridge import Bridge, unbalanced
from irbtrack.domain.figures.restatement import snapshot_counts
from irbtrack.domain.figures.selection import GROUPS, Selection
from irbtrack.domain.figures.tally import Bucket, tally, unfooted, unsummed
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.status import COUNTED
from irbtrack.register.view import View
from irbtrack.reports.movement import Ends, moved_between
from irbtrack.reports.question import Question
from irbtrack.reports.restatements import is_restated
from irbtrack.store.counting import counts_as_of
from irbtrack.store.database import Reader, locate
from irbtrack.store.gather import folded, versions_by
from irbtrack.store.positions import positions_as_of
from irbtrack.store.published import current_snapshots, published_lines
from irbtrack.store.reading import reading

PRIORITIES = ("High", "Medium", "Low")
BEGUN = datetime(2023, 11, 1, 9, tzinfo=UTC)
DAYS = [date(2023, 9, 30), date(2023, 10, 3), date(2023, 10, 31), date(2023, 11, 30)]

ADDED = "--audit Payroll --directorate finance --owner ed-finance --due 31/10/2023 --raised 1/9/23"
VERBS = [
    "reopen --reason Why",
    "allocate --owner none",
    "allocate --owner head-of-audit",
    "update --priority low",
    "update --directorate housing",
    "verify --by head-of-audit",
    "close --as superseded --reason Why",
]

effective = st.dates(date(2023, 9, 1), date(2023, 11, 1))
due = st.dates(date(2023, 9, 15), date(2023, 12, 15))
numbers = st.integers(1, 5)
priorities = st.sampled_from(PRIORITIES)
audits = st.sampled_from(["Payroll", "Tenancies"])


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with two directorates, two officers and two audits."""
    path = tmp_path_factory.mktemp("begun") / "begun.db"
    for command in (
        "init --council Council",
        "directorate add finance Finance --on 1/4/2023",
        "directorate add housing Housing --on 1/4/2023",
        "officer add ed-finance Executive --directorate finance --on 1/4/2023",
        "officer add head-of-audit Auditor --directorate finance --on 1/4/2023",
        "audit add Payroll --year 22/23 --on 1/4/2023",
        "audit add Tenancies --year 23/24 --on 1/4/2023",
    ):
        told = io.StringIO()
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
            code = main(["--database", str(path), *command.split()], now=BEGUN)
        assert code == 0, told.getvalue()
    return path


def counted(counts: Counter[Bucket]) -> Counter[Bucket]:
    """The counts without closed actions, as a snapshot has them."""
    return Counter({bucket: n for bucket, n in counts.items() if bucket.status in COUNTED})


def moved(bridge: Bridge) -> int:
    """By how much a figure moved."""
    return sum(step.total for step in bridge.causes)


class AnyRegister(RuleBasedStateMachine):
    """A register in which anything may be recorded."""

    begun: Path

    @initialize()
    def begin(self) -> None:
        """Copy the register that all begin with."""
        self.folder = Path(mkdtemp(prefix="irbtrack-any-"))
        self.path = Path(shutil.copy(self.begun, self.folder / "irbtrack.db"))
        self.now = BEGUN
        self.remembered: list[tuple[datetime, date, Counter[Bucket]]] = []
        for n in (1, 2):
            self.record(f"action add A{n} --priority high {ADDED}")

    def teardown(self) -> None:
        """Remove the copy."""
        shutil.rmtree(self.folder)

    def record(self, command: str) -> None:
        """Run a command, which may be refused but never fails."""
        self.now += timedelta(hours=1)
        told = io.StringIO()
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
            code = main(["--database", str(self.path), *command.split()], now=self.now)
        assert code in (0, 1), f"{command}: {told.getvalue()}"

    @rule(on=effective, due=st.none() | due, priority=priorities, audit=audits)
    def add(self, on: date, due: date | None, priority: str, audit: str) -> None:
        """Raise an action, allocated or not."""
        given = f" --owner ed-finance --due {max(due, on)}" if due else ""
        self.record(
            f"action add --audit {audit} --priority {priority} --directorate housing{given}"
            f" --raised {on} Another"
        )

    @rule(n=numbers, on=effective, verb=st.sampled_from(VERBS))
    def act(self, n: int, on: date, verb: str) -> None:
        """Do one of the things that need no more than a day."""
        name, _, options = verb.partition(" ")
        self.record(f"action {name} 2223-{n:03} {options} --on {on}")

    @rule(n=numbers, on=effective)
    def complete(self, n: int, on: date) -> None:
        """Complete an action."""
        self.record(f"action complete 2223-{n:03} --evidence Seen --on {on}")

    @rule(n=numbers, on=effective, due=due)
    def redate(self, n: int, on: date, due: date) -> None:
        """Move a due date."""
        self.record(f"action redate 2223-{n:03} --due {due} --on {on} --reason Why")

    @rule(n=numbers, on=effective, days=st.integers(0, 30))
    def accept(self, n: int, on: date, days: int) -> None:
        """Accept a risk for a time."""
        until = on + timedelta(days=days)
        closing = f"--as risk-accepted --expires {until} --reason Why"
        self.record(f"action close 2223-{n:03} --on {on} {closing}")

    @rule(on=effective, audit=audits)
    def review(self, on: date, audit: str) -> None:
        """Say that somebody else made a review."""
        self.record(f"audit update {audit} --source Inspection --on {on}")

    @rule(back=st.integers(0, 5))
    def undo(self, back: int) -> None:
        """Take one of the last entries back."""
        with self.reading() as reader:
            [(last,)] = reader.rows("SELECT MAX(id) FROM entry")
        self.record(f"undo {last - back} --reason Mistake")

    @rule(day=st.sampled_from(DAYS[:3]))
    def publish(self, day: date) -> None:
        """Take a snapshot."""
        self.record(f"snapshot take --as-of {day}")

    def reading(self) -> contextlib.AbstractContextManager[Reader]:
        """Open the register for reading."""
        return reading(locate(str(self.path)))

    @invariant()
    def holds(self) -> None:
        """Ask every promise of the register as it is."""
        with self.reading() as reader:
            self.foots(reader)
            self.balances(reader)
            self.stays_known(reader)
            self.equals_its_journal(reader)

    def foots(self, reader: Reader) -> None:
        """Statuses and priorities sum, groups sum, counts are positions, counts are lists."""
        for day in DAYS:
            counts = counts_as_of(reader, day)
            whole = tally(counts, PRIORITIES, day)
            assert unfooted(whole.figures) == []
            for by in GROUPS:
                grouped = tally(counts_as_of(reader, day, by=by), PRIORITIES, day)
                assert unfooted(grouped.figures) == unsummed(grouped, whole) == []
            positions = positions_as_of(reader, day)
            buckets = (Bucket(p.year, p.group, p.status, p.priority) for p in positions.values())
            assert Counter(buckets) == counts
            view = View(reader, day)
            for year in whole.years:
                for status in COUNTED:
                    wanted = Selection(years=frozenset([year]), statuses=frozenset([status]))
                    assert len(view.selected(wanted)) == whole.figure(year, status).total

    def balances(self, reader: Reader) -> None:
        """Every movement balances and reverses, between days and from what was published."""
        for by in (None, "directorate", "source"):
            for first, last in permutations(DAYS, 2):
                ends = Ends(View(reader, first), View(reader, last))
                bridges = moved_between(Question(ends.closing, by), ends).bridges
                assert unbalanced(bridges) == []
                if first < last:
                    back = moved_between(Question(ends.opening, by), ends.turned).bridges
                    for one, other in zip(bridges, back, strict=True):
                        assert moved(one) == -moved(other)
        for day, snapshot in current_snapshots(reader).items():
            published = published_lines(reader, snapshot)
            ends = Ends(View(reader, day, snapshot.taken_at), View(reader, day), snapshot)
            assert unbalanced(moved_between(Question(ends.closing), ends).bridges) == []
            then = counts_as_of(reader, day, known_at=snapshot.taken_at)
            assert counted(then) == snapshot_counts(published)
            restated = False
            for by in ("directorate", "audit", "owner"):
                now = {
                    ref: (p.year, p.group, p.priority, p.status)
                    for ref, p in positions_as_of(reader, day, by=by).items()
                    if p.status in COUNTED
                }
                told = {
                    line.ref: (line.year, getattr(line, by), line.priority, line.status)
                    for line in published
                }
                restated = restated or now != told
            assert is_restated(ends.closing) is restated

    def stays_known(self, reader: Reader) -> None:
        """What was known at a moment never changes."""
        for moment, day, counts in self.remembered[-12:]:
            assert counts_as_of(reader, day, known_at=moment) == counts
        self.remembered += [(self.now, day, counts_as_of(reader, day)) for day in DAYS]

    def equals_its_journal(self, reader: Reader) -> None:
        """The versions are those that the journal folds into."""
        for kind in NOUNS.values():
            kept = versions_by(reader, kind, FOREVER)
            told = {versions[0].record.ref: versions for versions in folded(reader, kind)}
            assert kept == told


def test_any_register_keeps_its_promises(begun: Path) -> None:
    machine = type("AnyRegister", (AnyRegister,), {"begun": begun})
    examples = int(os.environ.get("IRBTRACK_EXAMPLES", "6"))
    asked = settings(max_examples=examples, stateful_step_count=12, deadline=None)
    run_state_machine_as_test(machine, settings=asked)
