"""The council, its scales, and who reviews."""

from irbtrack.domain.answers import Answer, Column, Table
from irbtrack.register.view import View


def council_shown(view: View) -> Answer:
    """Return the council's name, its scales, and its list of sources, as they are now."""
    scale = view.council
    lists = {
        "priorities": scale.priorities,
        "classifications": scale.classifications,
        "sources": scale.sources,
    }
    data = Table(tuple(map(Column, ("name", *lists))), [(scale.name, *lists.values())])
    shown = Table(
        (Column("fact", "Council"), Column("value", scale.name)),
        [(fact.capitalize(), ", ".join(names)) for fact, names in lists.items()],
    )
    return Answer(data, (shown,))
