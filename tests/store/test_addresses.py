"""URLs of databases: what is taken for one, what is refused, and what of one is shown."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.errors import DatabaseUnusable
from irbtrack.store.addresses import is_url, read_url, shown_url, without_secrets
from irbtrack.store.database import locate

SECRET = "s3cr3t-w0rd"

AMBIGUOUS = "the URL of the database can be read in more than one way"
NO_URL = "what --database names is not the URL of a database"
NEITHER = "is neither a SQLite file nor a PostgreSQL server"


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (f"mysql://board:{SECRET}@host/irb", f"mysql://host/irb {NEITHER}"),
        ("nonsense://host/irb", f"nonsense://host/irb {NEITHER}"),
        ("sqlite://", f"sqlite:// {NEITHER}"),
        (f"a b://board:{SECRET}@host/irb", AMBIGUOUS),
        (f"postgresql://board:{SECRET}@host:port/irb", AMBIGUOUS),
        (f"postgresql://board:x@{SECRET}@host/irb", AMBIGUOUS),
        (f"postgresql://board:x/{SECRET}@host/irb", AMBIGUOUS),
        (f"postgresql://board:5/{SECRET}@host/irb", AMBIGUOUS),
        (f"postgresql://board:5?{SECRET}@host/irb", AMBIGUOUS),
        (f"postgresql:/board:{SECRET}@host/irb", AMBIGUOUS),
        (f"postgresql//board:{SECRET}@host/irb", AMBIGUOUS),
        (f"board:{SECRET}@host/irb", AMBIGUOUS),
        ("postgresql//host/irb", NO_URL),
        ("postgresql:/host/irb", NO_URL),
        ("postgres:host", NO_URL),
        ("postgresql+psycopg:irb", NO_URL),
        ("sqlite:/irb.db", NO_URL),
        (f"host=h dbname=irb password={SECRET}", NO_URL),
        (f"dbname=irb sslpassword = {SECRET}", NO_URL),
    ],
)
def test_what_is_no_url_of_a_server_is_refused_in_a_sentence(named: str, said: str) -> None:
    with pytest.raises(DatabaseUnusable) as refused:
        locate(named)
    assert said in str(refused.value)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "named", ["postgres.db", "notes:2023.db", "a@b.db", "C:/a@b.db", "x/pg.db", "irb?x.db"]
)
def test_a_file_may_have_almost_any_name(named: str) -> None:
    assert locate(named).path is not None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"postgresql://board:{SECRET}@host/irb", "postgresql://host/irb"),
        (f"POSTGRES://board:{SECRET}@host:5433/irb", "postgresql://host:5433/irb"),
        (f"postgresql://h/irb?user=a&password={SECRET}", "postgresql://h/irb"),
        (f"postgresql://h/irb?sslpassword={SECRET}&sslmode=require", "postgresql://h/irb"),
        (f"postgresql:///irb?host=/run/pg&password={SECRET}", "postgresql:///irb?host=/run/pg"),
        ("postgresql://?service=irb", "postgresql://?service=irb"),
        ("postgresql://[::1]:5432/irb", "postgresql://[::1]:5432/irb"),
        ("postgresql+psycopg://host/\x1b[31m", r"postgresql+psycopg://host/\x1b[31m"),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(url: str, shown: str) -> None:
    assert str(locate(url)) == shown


def said_of(named: str) -> str:
    """What is said of a URL: how it is shown, or why it is refused."""
    try:
        return shown_url(read_url(named))
    except DatabaseUnusable as refused:
        return str(refused)


@given(st.text(string.printable, max_size=30), st.text("ab:@/?#%= ", max_size=20))
def test_a_secret_is_never_shown_wherever_it_stands(around: str, mixed: str) -> None:
    for named in (
        f"postgresql://u:{around}{SECRET}@host/irb",
        f"postgresql://u:{SECRET}{around}@host/irb",
        f"postgresql://u:{mixed}{SECRET}@host/irb",
        f"postgresql://host/irb?{mixed}&password={SECRET}",
        f"postgresql://host/irb?password={mixed}{SECRET}",
        f"postgresql:/u:{SECRET}{mixed}@host/irb",
    ):
        assert is_url(named)
        assert SECRET not in said_of(named)


@pytest.mark.parametrize(
    "url", ["postgresql://u:a%40b@h/irb", "postgresql://h/irb?user=u&sslpassword=a%40b"]
)
def test_what_a_driver_repeats_of_a_secret_is_made_unreadable(url: str) -> None:
    assert without_secrets(url, "refused 'a%40b' and 'a@b'") == "refused '…' and '…'"
