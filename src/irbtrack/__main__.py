"""Run the program, as ``python -m irbtrack`` or as the command ``irbtrack``."""

import gc
import sys

gc.disable()  # looking for cycles takes 6% of a short run, which has hardly any

from irbtrack.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
