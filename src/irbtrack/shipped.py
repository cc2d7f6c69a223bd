"""Find the files that ship beside the code: migrations and examples."""

from pathlib import Path


def shipped(name: str) -> Path:
    """Return the path of a folder that ships with the program.

    It is inside an installed package, and at the top of a checkout.
    """
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parents[1] / name
