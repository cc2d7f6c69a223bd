"""Each name means one thing: no two modules share a name, and no two types do."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import irbtrack

PACKAGE = Path(irbtrack.__file__).parent
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "__init__.py"]

ONE_WORD = {("domain", "nouns"), ("commands",), ("reports",)}
"""The packages in which a noun, its command and its report are called by the same word."""


def shared(places: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The names that are in more than one place."""
    return {name: where for name, where in places.items() if len(where) > 1}


def test_no_two_modules_share_a_name() -> None:
    places = defaultdict(list)
    for path in MODULES:
        package = path.parent.relative_to(PACKAGE)
        once = package.parts not in ONE_WORD or path.stem not in places
        places[path.stem] += [str(package)] if once else []
    assert shared(places) == {}


def types_of(module: ast.Module) -> Iterator[str]:
    """The classes and the aliases of types that a module has at its top.

    An option of a command is a parameter with its help, and no type.
    """
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign) and not ast.unparse(node.value).startswith("Annotated["):
            names = [one.id for one in node.targets if isinstance(one, ast.Name)]
            yield from (name for name in names if re.fullmatch(r"_?[A-Z]\w*[a-z]\w*", name))


def test_no_two_types_share_a_name() -> None:
    places = defaultdict(list)
    for path in MODULES:
        for name in types_of(ast.parse(path.read_text("utf-8"))):
            places[name.removeprefix("_")].append(str(path.relative_to(PACKAGE)))
    assert shared(places) == {}
