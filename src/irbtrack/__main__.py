"""Run the program, as ``python -m irbtrack`` or as the command ``irbtrack``."""

import gc
import os
import sys

from irbtrack import lasting

lasting.stop_at_once()  # Ctrl-C may come while the rest is imported
gc.disable()  # looking for cycles takes 6% of a short run, which has hardly any

from irbtrack import cli  # noqa: E402


def main() -> int:
    """Run one command, and return its exit code."""
    sys.unraisablehook = _unraisable
    code = cli.main()
    lasting.ignore()
    if code == lasting.INTERRUPTED:
        os._exit(code)  # Python would end by the signal if it came within its own eval
    return code


def _unraisable(fault: "sys.UnraisableHookArgs") -> None:
    """End the program if Ctrl-C came where Python can't raise it, as in a destructor."""
    if fault.exc_type is KeyboardInterrupt:
        lasting.stop()
    sys.__unraisablehook__(fault)


if __name__ == "__main__":
    sys.exit(main())
