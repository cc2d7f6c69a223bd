"""Where the files are that ship beside the code: migrations and examples."""

from pathlib import Path


def shipped(name: str) -> Path:
    """The folder ``name``: inside an installed package, at the top of a checkout."""
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parents[1] / name
