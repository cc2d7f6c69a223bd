"""Whatever order a server gives texts, irbtrack answers as it does of a file."""

import contextlib
import io
from collections.abc import Iterator

import pytest
from shared.servers import Server

from irbtrack.arguments import completing
from irbtrack.cli import main
from irbtrack.commands.demo import load
from irbtrack.domain.nouns import NOUNS
from irbtrack.store.database import Location, locate
from irbtrack.store.gather import newest, refs
from irbtrack.store.reading import reading

ASKED = (
    "action list --as-of 31/10/2023 --text the",
    "action list --as-of 31/10/2023 --status overdue --stale 30",
    "audit list --as-of 31/10/2023",
    "check --strict --as-of 31/10/2023",
    "direction list --as-of 31/10/2023 --compare 3/10/2023",
    "directorate list",
    "history 3a",
    "milestone list --as-of 31/10/2023",
    "note list --as-of 23/11/2023",
    "officer list",
    "snapshot compare",
    "summary --by owner --as-of 31/10/2023",
    "trend --to 31/10/2023",
    "workstream list",
)


@pytest.fixture(scope="module")
def in_file(tmp_path_factory: pytest.TempPathFactory) -> Location:
    """The example in a file."""
    location = locate(str(tmp_path_factory.mktemp("file") / "board.db"))
    load(location)
    return location


@pytest.fixture(scope="module", params=["C", "another", "Unicode"])
def ordered(request: pytest.FixtureRequest, server: Server) -> Iterator[Location]:
    """The example in a database that sorts texts, or tells small letters, in its own way."""
    locale = server.locale if request.param == "another" else "C"
    if locale is None:
        pytest.skip("no other locale can be made here")
    own = " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST'"
    how = f"LOCALE '{locale}' ENCODING 'UTF8' TEMPLATE template0"
    name = server.make(how + own * (request.param == "Unicode"))
    if locale != "C":
        assert server.run("SELECT 'aa' > 'b', 'A' > 'b'", name) == [(True, False)]
    location = server.location(name)
    load(location)
    yield location
    server.drop(name)


def answers(location: Location) -> dict[str, tuple[int, str]]:
    """What commands put out."""
    found = {}
    for asked in ASKED:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            named = str(location.path or location.url)
            code = main(["--database", named, *asked.split(), "--format", "csv"])
        found[asked] = (code, out.getvalue())
    return found


def test_every_command_answers_alike(ordered: Location, in_file: Location) -> None:
    theirs, ours = answers(ordered), answers(in_file)
    assert [asked for asked in ASKED if theirs[asked] != ours[asked]] == []
    assert {code for code, _ in ours.values()} <= {0, 5}


def test_records_and_references_have_one_order(ordered: Location, in_file: Location) -> None:
    with reading(ordered) as theirs, reading(in_file) as ours:
        for noun, kind in NOUNS.items():
            assert refs(theirs, noun) == refs(ours, noun)
            assert list(newest(theirs, kind)) == list(newest(ours, kind))


class _Typed:
    """The context of a command line that is being typed."""

    def __init__(self, location: Location) -> None:
        self.params = {"database": str(location.path or location.url)}

    def find_root(self) -> "_Typed":
        """The context itself."""
        return self


@pytest.mark.parametrize("begun", ["2223-0", "ED-", "ed-", "", "sen", "SEN", "%", "_", "3_"])
def test_what_is_typed_is_completed_alike(ordered: Location, in_file: Location, begun: str) -> None:
    for offers in (completing.actions, completing.officers, completing.directions):
        theirs, ours = (offers(_Typed(one), [], begun) for one in (ordered, in_file))  # type: ignore[arg-type]
        assert theirs == ours
