"""``python -m irbtrack`` is the command ``irbtrack``."""

import sys

from irbtrack.cli import main

sys.exit(main())
