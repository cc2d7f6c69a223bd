"""``python -m irbtrack``, and what the command ``irbtrack`` runs."""

import gc
import sys

gc.disable()  # looking for cycles costs 6% of a short run, which has none to speak of

from irbtrack.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
