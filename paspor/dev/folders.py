"""Where the data of the private servers live."""

import contextlib
import hashlib
import os
import shutil
import stat
from pathlib import Path

from paspor.dev.account import Account
from paspor.dev.console import Trouble

PROJECT = Path(__file__).resolve().parents[2]
ELSEWHERE = Path("/var/tmp")  # noqa: S108 - survives a restart; who owns the folder is checked


def data_folder(account: Account, wanted: str = "", project: Path = PROJECT) -> Path:
    """`.local` in the project, or a folder in /var/tmp where the servers' account cannot get there.

    `wanted` names a folder to hold the data instead. All data stay in one place, passwords
    included, so they can only be lost together.
    """
    if wanted:
        return _only(Path(wanted).resolve() / "paspor", account)
    inside = project / ".local"
    outside = ELSEWHERE / f"paspor-{hashlib.sha256(bytes(project)).hexdigest()[:12]}"
    if not _is_ours(outside) and _serves(inside, account):
        return inside
    if not account.borrowed and not outside.exists():
        return _only(inside, account)
    outside.mkdir(mode=0o711, exist_ok=True)
    # Anybody may write in /var/tmp: a folder laid there by somebody else is not used.
    if not _is_ours(outside):
        raise Trouble(f"{outside} belongs to somebody else: remove it, or move the project.")
    return _only(outside, account)


def open_folder(folder: Path) -> Path:
    """Make a folder that the servers' account may pass through, and nobody but us may list."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)
    return folder


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        raise Trouble(f"The folder {folder} cannot be removed: it belongs to somebody else.")


def _only(base: Path, account: Account) -> Path:
    if _serves(base, account):
        return base
    whom = f" and the account {account.name}" if account.borrowed else ""
    raise Trouble(
        f"The folder {base} must be writable for you{whom}: start as the user that owns the "
        "project, or name another folder in PASPOR_LOCAL."
    )


def _serves(base: Path, account: Account) -> bool:
    """Whether we can write here and the servers' account can hold a folder of its own here."""
    probe = base / f"probe-{os.getpid()}"
    served = False
    try:
        open_folder(base)
        account.owns(probe)
        served = account.runs(["test", "-w", probe, "-a", "-x", probe])
    except OSError:
        return False
    finally:
        shutil.rmtree(probe, ignore_errors=True)
        if not served:
            with contextlib.suppress(OSError):
                base.rmdir()  # empty, unless it was here before
    return served


def _is_ours(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
