"""Small disks that can fill up: each a tmpfs, seen by this process and what it starts alone, and gone with them."""

from __future__ import annotations

import ctypes
import errno
import subprocess
import sys
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

_NEW_MOUNTS = 0x00020000
_CHUNK = b"\0" * (1 << 16)


def alone() -> bool:
    """From now on mounts are this process's own; False where the system does not let us."""
    if sys.platform != "linux" or ctypes.CDLL(None).unshare(_NEW_MOUNTS) != 0:
        return False
    return _ran("mount", "--make-rprivate", "/")


@dataclass(frozen=True, slots=True)
class Disk:
    """`folder` is where it is seen."""

    folder: Path

    def fill(self) -> None:
        """Until not one byte more fits."""
        with (self.folder / "ballast").open("wb", buffering=0) as ballast:
            for chunk in (_CHUNK, b"\0"):
                _write_until_full(ballast, chunk)

    def free(self) -> None:
        (self.folder / "ballast").unlink(missing_ok=True)


def _write_until_full(ballast: FileIO, chunk: bytes) -> None:
    try:
        while ballast.write(chunk):
            pass
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


def disk(folder: Path, megabytes: int) -> Disk | None:
    """A disk of that size; None where none can be mounted."""
    folder.mkdir(parents=True, exist_ok=True)
    return Disk(folder) if _ran("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)) else None


def _ran(*command: str) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
