"""The manual: a page of Markdown for each topic, which ``irbtrack help TOPIC`` shows.

A page begins with its title. Its first paragraph is one sentence that says what it is for.
"""

import re
from pathlib import Path

TOPICS = (
    *("month", "dates", "figures", "pack", "spreadsheets", "directions"),
    *("mistakes", "evidence", "scripts", "sharing", "server", "backups", "people", "commands"),
)
"""The topics in the order of reading; each is the name of a file."""

_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)


def page(topic: str) -> str:
    """Return the page of one of the :data:`TOPICS`, without comments, which are for its test."""
    text = Path(__file__).with_name(f"{topic}.md").read_text(encoding="utf-8")
    return _COMMENT.sub("", text)


def purpose(topic: str) -> str:
    """Return the sentence that says what a page is for."""
    _, sentence, *_ = page(topic).split("\n\n", maxsplit=2)
    return sentence
