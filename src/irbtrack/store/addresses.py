"""Read the URL of a server's database, and show it without its secrets.

Only what can't be a secret is shown: the server, its port, the database, and the service. A URL
that can be read in two ways is refused, because one of them may take a password for a host.
"""

import re
from urllib.parse import parse_qsl, unquote, urlencode

from irbtrack.errors import DatabaseUnusable, printable

HOW_TO_NAME = "give a path or postgresql://USER@HOST/NAME"

SHOWN = ("host", "hostaddr", "port", "dbname", "service")
"""The parameters of a URL that are shown."""

_URL = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+]*)://"
    r"((?P<user>[^:@/?]*)(:(?P<password>[^@/?]*))?@)?"
    r"(?P<server>(\[[0-9a-f:.%]*\]|[^:@/?\[\]]*)(:\d*)?)"
    r"(?P<name>/[^@?]*)?"
    r"(\?(?P<query>[^@?]*))?",
    re.IGNORECASE,
)


def is_url(named: str) -> bool:
    """Return whether a database that somebody named is a URL, or nearly one, and not a path.

    >>> [is_url(one) for one in ("postgresql://h/db", "postgres:", "notes:2023.db", "C:/x.db")]
    [True, True, False, False]
    """
    nearly = (
        r"\s*(postgres\w*(\+\w+)?|pg|mysql|sqlite)\s*(:|//)|.*(\bssl|\b)password\s*="
        r"|[^/\\@:]+:[^/\\@]+@"
    )
    return "://" in named or re.match(nearly, named, re.IGNORECASE) is not None


def read_url(named: str) -> str:
    """Return the URL of a PostgreSQL database. Raise :class:`DatabaseUnusable` for anything else.

    What is refused isn't repeated, because a password may stand anywhere in it.
    """
    url = re.sub(r"^postgres(ql)?://", "postgresql://", named.strip(), flags=re.IGNORECASE)
    found = _URL.fullmatch(url)
    if found is None and "@" in named:
        raise DatabaseUnusable(
            "the URL of the database can be read in more than one way; write %40 for @, %2F for /,"
            " %3A for : and %3F for ? in a name or password"
        )
    if found is None:
        raise DatabaseUnusable(f"what --database names is not the URL of a database; {HOW_TO_NAME}")
    if not re.fullmatch(r"postgresql(\+psycopg)?", found["scheme"]):
        raise DatabaseUnusable(
            f"{shown_url(url)} is neither a SQLite file nor a PostgreSQL server; {HOW_TO_NAME}"
        )
    return url


def shown_url(url: str) -> str:
    """Return a URL without names of users, passwords, and whatever else may be secret.

    >>> shown_url("postgresql://anne:s3cret@db.example/irb?sslpassword=k3y&sslmode=require")
    'postgresql://db.example/irb'
    >>> shown_url("postgresql:///irb?user=anne&password=s3cret&host=/run/db")
    'postgresql:///irb?host=/run/db'
    """
    found = _URL.fullmatch(url)
    if found is None:
        return "the database that --database names"
    kept = [pair for pair in parse_qsl(found["query"] or "") if pair[0] in SHOWN]
    query = f"?{urlencode(kept, safe='/')}" if kept else ""
    return printable(f"{found['scheme']}://{found['server']}{found['name'] or ''}{query}")


def without_secrets(url: str, said: str) -> str:
    """Return what a driver said of a URL, with the URL's secrets made unreadable.

    >>> without_secrets("postgresql://anne:s3cret@h/irb", "no password 's3cret'")
    "no password '…'"
    """
    found = _URL.fullmatch(url)
    if found is None:
        return "it cannot be read"
    raw = [found["password"] or ""]
    for pair in (found["query"] or "").split("&"):
        key, _, value = pair.partition("=")
        if re.search("pass|secret|key|token", key, re.IGNORECASE):
            raw.append(value)
    for secret in sorted({*raw, *map(unquote, raw)} - {""}, key=len, reverse=True):
        said = said.replace(secret, "…")
    return said
