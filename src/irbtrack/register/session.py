"""What every command is given: the database, the moment, and who is at work.

The clock and the environment are read once, in ``cli``; commands find them here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from irbtrack.domain.dates import read_date, read_moment, say_date, say_moment
from irbtrack.domain.journal import FAR_AHEAD, Change, Entry, Login, effective_day
from irbtrack.domain.nouns.officer import Officer, Person
from irbtrack.domain.words import read_text, unknown
from irbtrack.errors import Refused, printable
from irbtrack.register.view import View
from irbtrack.render.messages import note
from irbtrack.store.database import Location, Reader
from irbtrack.store.gather import LastEntry, has_recorded, last_entry, last_number, refs
from irbtrack.store.reading import reading

if TYPE_CHECKING:
    from irbtrack.store.write import Journal  # importing it imports SQLModel


class Planned(NamedTuple):
    """A change to record, the sentence that says it, and who holds the post, if that changes.

    The sentence is empty if another's says it too, as when many records are undone at once.
    """

    change: Change
    sentence: str
    person: Person | None = None


class Outrun(Exception):
    """Something was recorded between planning and writing, so the plan may be wrong."""


class Session(NamedTuple):
    """One run of the program.

    ``now`` is when it began, and ``clock`` tells the moment. ``officer`` is the code of the
    officer who records, or None if none was named. ``clock_is_right`` says that the clock was
    looked at.
    """

    location: Location
    now: datetime
    clock: Callable[[], datetime]
    officer: str | None = None
    clock_is_right: bool = False

    @property
    def today(self) -> date:
        """Return the day it is where the program runs."""
        return self.now.astimezone().date()

    @property
    def recorder(self) -> str:
        """Return who records: the code of the officer, or else the user's login name."""
        if self.officer:
            return self.officer
        from getpass import getuser  # loads termios, which reading does without

        try:
            return Login(printable(getuser())[:100])
        except (OSError, KeyError, ImportError):
            return Login("unknown")

    def reading(self) -> AbstractContextManager[Reader]:
        """Open the database for reading."""
        return reading(self.location, note)

    @contextmanager
    def viewing(self, as_of: str | None = None, known_at: str | None = None) -> Iterator[View]:
        """Open the register as it was on a day, as far as was recorded by a moment.

        Without ``as_of`` the day is today, and a month alone is its last day.
        """
        day = read_date(as_of, self.today, month_end=True) if as_of else self.today
        moment = read_moment(known_at, self.today) if known_at else None
        with self.reading() as reader:
            yield View(reader, day, moment)

    def day(self, on: str | None) -> date:
        """Return the day that ``--on`` names, or today.

        Raises :class:`IrbtrackError` for a day in the future, or what is no date.
        """
        return effective_day(read_date(on, self.today), self.today) if on else self.today

    def entry(
        self,
        journal: "Journal",
        command: str,
        changes: Iterable[Change],
        reason: str | None = None,
        undoes: int | None = None,
    ) -> Entry:
        """Return the journal entry of a command, recorded at this moment.

        A write makes its entry when it has its turn, so that moments and entries have the same
        order.
        """
        moment, remark = self._moment_after(last_entry(journal))
        if remark:
            journal.remarks.append(remark)
        return Entry(moment, self.recorder, command, reason, tuple(changes), undoes)

    def _moment_after(self, last: LastEntry | None) -> tuple[datetime, str]:
        """Return the moment of the next entry, and what is odd about it in a sentence, if anything.

        If the clock is behind the last entry and said to be right, that is the moment after it.
        """
        moment = self.clock()
        if last is None:
            return moment, ""
        was = say_moment(last.recorded_at, seconds=True)
        if moment < last.recorded_at and self.clock_is_right:
            remark = f"recorded as of {was}, right after the last entry, which the clock is behind"
            return last.recorded_at + timedelta(microseconds=1), remark
        if moment - last.recorded_at > FAR_AHEAD:
            return moment, (
                f"the clock says {say_moment(moment, seconds=True)}, more than a year after the"
                f" last entry, of {was}; if the clock is wrong, 'irbtrack undo' takes this back"
            )
        return moment, ""

    @contextmanager
    def writing(self) -> Iterator["Journal"]:
        """Open a write. When it has ended, say what is odd about its moment or its database."""
        from irbtrack.store.write import writing

        with writing(self.location) as journal:
            yield journal
        for remark in filter(None, [*journal.remarks, journal.strange]):
            note(remark)

    def refuse_unknown_recorder(self, reader: Reader) -> None:
        """Raise :class:`Refused` if who is named to record is no officer of the register.

        A register without officers takes any code. So does one in which the code has recorded
        before, because whoever keeps a register need not have a post in it.
        """
        if self.officer is None:
            return
        known = refs(reader, Officer.NOUN)
        if known and self.officer not in known and not has_recorded(reader, self.officer):
            raise unknown(
                Officer.NOUN,
                self.officer,
                known,
                "'irbtrack officer list' shows them, 'irbtrack officer add' adds one",
            )

    def record(
        self,
        command: str,
        plan: Callable[[Reader], list[Planned]],
        *,
        reason: str | None = None,
        undoes: int | None = None,
        dry_run: bool = False,
        quiet: bool = False,
        planned_after: int | None = None,
    ) -> list[Change]:
        """Make one entry of what ``plan`` finds to change, say so, and return the changes.

        ``plan`` reads and decides within the write transaction, so nothing can change
        between the two. What takes long is planned before, and ``planned_after`` is the number
        of the last entry then: :class:`Outrun` is raised if it isn't the last any more. What
        changes neither a field nor who holds a post is left out; if nothing is left, no entry
        is made. An entry that ``undoes`` another has changes without fields. With ``dry_run``
        nothing is stored. With ``quiet`` it is for the caller to say what was recorded.
        """
        why = read_text("the reason", reason) if reason is not None else None

        def kept(planned: list[Planned]) -> list[Planned]:
            return [one for one in planned if one.change.fields or one.person or undoes]

        if dry_run:
            with self.reading() as reader:
                self.refuse_unknown_recorder(reader)
                planned = kept(plan(reader))
        else:
            with self.writing() as journal:
                if planned_after not in (None, last_number(journal)):
                    raise Outrun
                self.refuse_unknown_recorder(journal)
                planned = kept(plan(journal))
                if planned:
                    changes = [one.change for one in planned]
                    journal.record(self.entry(journal, command, changes, why, undoes))
                for one in planned:
                    if one.person:
                        journal.set_person(one.person)
        if not quiet:
            _say(planned, dry_run=dry_run)
        return [one.change for one in planned]


NOTHING_TO_CHANGE = "nothing to change: the register says so already"


def _say(planned: Iterable[Planned], *, dry_run: bool) -> None:
    sentences = [one.sentence for one in planned]
    for sentence in filter(None, sentences):
        note(f"would be recorded: {sentence}" if dry_run else sentence)
    if not sentences:
        note(NOTHING_TO_CHANGE)


def each(asked: Iterable[str], plan: Callable[[str], Iterable[Planned]]) -> list[Planned]:
    """Return the plans for each of several references, once each.

    Raises :class:`Refused` with all refusals together.
    """
    planned, refusals = list[Planned](), list[Refused]()
    for ref in dict.fromkeys(asked):
        try:
            of_one = list(plan(ref))
            known = [one.change for one in planned]
            planned += [one for one in of_one if one.change not in known]
        except Refused as refusal:
            refusals.append(refusal)
    if len(refusals) == 1:
        raise refusals[0]
    if refusals:
        raise Refused("\n".join(map(str, refusals)))
    return planned


Words = Mapping[str, tuple[str, Callable[[Any], str]]]
"""What the fields of a noun are called, and how their values are said."""


def say_changes(then: object, changes: Mapping[str, Any], words: Words, newest: object) -> str:
    """Return each change of a record in words: what it is now and what it was.

    If the ``newest`` version has another value already, from a later day on, that is said too.
    """
    said = []
    for field, (name, say) in words.items():
        if field in changes:
            now, was = say(changes[field]), say(getattr(then, field))
            last = say(getattr(newest, field))
            words_of_it = f"{name} still {now}" if now == was else f"{name} now {now}, it was {was}"
            said.append(words_of_it + (f", and {last} later" if last not in (now, was) else ""))
    return "; ".join(said)


def say_day(day: date | None) -> str:
    """Return a date in words, or ``none``."""
    return say_date(day) if day else "none"


def from_day(session: Session, day: date) -> str:
    """Return from when a change holds, in words; nothing if that is today."""
    return f" from {say_date(day)} on" if day != session.today else ""
