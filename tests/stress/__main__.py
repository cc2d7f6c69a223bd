"""Put a register under stress, and print what it withstood. ``poe stress MATTER`` runs one.

Each matter is a module of its name, which says what is done and what must hold. It prints its
figures, and raises an error if something doesn't hold.
"""

import argparse
import importlib
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:1] = [str(TESTS.parent / "src"), str(TESTS)]  # in place of this folder

from stress.registers import DATABASES  # noqa: E402

MATTERS = ("kills", "full", "interrupts", "tampering", "typed", "writers", "same_answers")


def main() -> None:
    """Run the matters that the command line names, or all, on each database."""
    parser = argparse.ArgumentParser(prog="poe stress", description=__doc__)
    parser.add_argument("matter", nargs="?", choices=MATTERS, help="what to do; all if left out")
    parser.add_argument("--database", choices=DATABASES, help="on which; on both if left out")
    parser.add_argument("--short", action="store_true", help="a short form, as CI runs it")
    given = parser.parse_args()
    for name in [given.matter] if given.matter else MATTERS:
        matter = importlib.import_module(f"stress.{name}")
        for database in getattr(matter, "DATABASES", DATABASES):
            if given.database not in (None, database):
                continue
            begun = time.perf_counter()
            getattr(matter, name)(database, **(matter.SHORT if given.short else {}))
            print(f"{name} on {database} took {time.perf_counter() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
