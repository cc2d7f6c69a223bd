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

    They are its owner's alone. In a group's folder the group has them too, as far as the user's
    mask lets it: one whose files get its group, or one that the user's group can write to and
    not everybody can.
    """
    found = folder.stat()
    shared = found.st_mode & stat.S_IWGRP and not found.st_mode & stat.S_IWOTH
    ours = hasattr(os, "getegid") and found.st_gid == os.getegid()
    is_groups = found.st_mode & stat.S_ISGID or (shared and ours)
    return (0o660 if is_groups else 0o600) & ~_mask()


def _mask() -> int:
    """Return what the user's files may not be read or written by."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def opener(path: str, flags: int) -> int:
    """Open a file as :func:`open` does; if that makes it, it gets the rights of its folder."""
    return os.open(path, flags, rights_in(Path(path).parent))


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
