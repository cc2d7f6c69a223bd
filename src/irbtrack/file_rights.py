"""Who may read the files that irbtrack makes, and which files it leaves alone.

A register has names and addresses in it, and so has what is written from it. Windows gives a
file the rights of its folder, and nothing here changes that.
"""

import os
import stat
from pathlib import Path

from irbtrack.errors import Refused, quoted


def rights_in(folder: Path) -> int:
    """Return the rights of a file that is made in a folder.

    They are its owner's alone. In a group's folder the group may do with a file what it may do
    with the folder. That is one whose files get its group, or one that the user's group can write
    to and not everybody can.
    """
    found = folder.stat()
    shared = found.st_mode & stat.S_IWGRP and not found.st_mode & stat.S_IWOTH
    ours = hasattr(os, "getegid") and found.st_gid == os.getegid()
    is_groups = found.st_mode & stat.S_ISGID or (shared and ours)
    return 0o600 | (found.st_mode & 0o060 if is_groups else 0)


def opener(path: str, flags: int) -> int:
    """Make a file for :func:`open`, with the rights of its folder, whatever the user's mask is."""
    made = os.open(path, flags | os.O_EXCL, 0o600)
    if hasattr(os, "fchmod"):
        os.fchmod(made, rights_in(Path(path).parent))
    return made


def is_planted(path: Path) -> bool:
    """Return whether somebody else has put a file or a link where everybody can write."""
    if not hasattr(os, "geteuid"):
        return False
    try:
        folder, itself = path.parent.stat(), path.lstat()
    except OSError:
        return False
    return bool(folder.st_mode & stat.S_IWOTH) and itself.st_uid != os.geteuid()


def refuse_strange(path: Path) -> None:
    """Raise :class:`Refused` if a file to be written is a link, or somebody else put it there."""
    if path.is_symlink():
        raise Refused(f"{quoted(str(path))} is a symbolic link; name the file that it leads to")
    if is_planted(path):
        raise Refused(
            f"{quoted(str(path))} belongs to somebody else, in a folder to which everybody can"
            " write; name another"
        )
