"""Where the data of the private servers live."""

import hashlib
import os
import shutil
import stat
from pathlib import Path

from paspor.dev.account import Account
from paspor.dev.console import Trouble

PROJECT = Path(__file__).resolve().parents[2]
ELSEWHERE = Path("/var/tmp")  # noqa: S108 - survives a restart; who owns the folder is checked


def data_folder(account: Account, project: Path = PROJECT) -> Path:
    """`.local` in the project, or a folder in /var/tmp where the servers' account cannot get there.

    All data stay in one of the two, passwords included, so they can only be lost together.
    """
    inside = project / ".local"
    outside = ELSEWHERE / f"paspor-{hashlib.sha256(bytes(project)).hexdigest()[:12]}"
    if not outside.exists() and _serves(inside, account):
        return inside
    if account.borrowed or outside.exists():
        _make_outside(outside)
        if _serves(outside, account):
            return outside
    raise Trouble(
        f"The folder {inside} cannot be written: start as the user that owns the project, "
        "or change its owner (chown)."
    )


def open_folder(folder: Path) -> Path:
    """Make a folder that the servers' account may pass through, and nobody but us may list."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)
    return folder


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        raise Trouble(f"The folder {folder} cannot be removed: it belongs to somebody else.")


def _serves(base: Path, account: Account) -> bool:
    """Whether we can write here and the servers' account can hold a folder of its own here."""
    probe = base / f"probe-{os.getpid()}"
    try:
        open_folder(base)
        account.owns(probe)
        return account.runs(["test", "-w", probe, "-a", "-x", probe])
    except OSError:
        return False
    finally:
        shutil.rmtree(probe, ignore_errors=True)


def _make_outside(folder: Path) -> None:
    """Anybody may write in /var/tmp: a folder laid there by somebody else is not used."""
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise Trouble(f"{folder} belongs to somebody else: remove it, or move the project.")
