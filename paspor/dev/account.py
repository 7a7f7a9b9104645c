"""The system account that runs the servers: PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paspor.dev.console import Trouble

UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """`borrowed` means that we are root and step down to this account for the servers."""

    uid: int
    gid: int
    name: str
    borrowed: bool

    def as_arguments(self) -> dict[str, Any]:
        """Arguments for subprocess that make the child run as this account."""
        if not self.borrowed:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def runs(self, command: Sequence[str | Path]) -> bool:
        """Whether the account can run this command, which is harmless, to its good end."""
        try:
            # From "/": the account may not even be allowed to stand in our folder.
            done = subprocess.run(
                [str(word) for word in command],
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=60,
                **self.as_arguments(),
            )
        except OSError:
            return False
        return done.returncode == 0

    def owns(self, folder: Path) -> Path:
        """Make the folder (mode 700) and give it to the account."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.borrowed:
            os.chown(folder, self.uid, self.gid)
        return folder


def server_account() -> Account:
    """Raise Trouble where root has no unprivileged account to step down to."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), "", borrowed=False)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, name, borrowed=True)
    raise Trouble(
        "PostgreSQL does not run as root and there is no account 'postgres' or 'nobody' to run "
        "it: make one (useradd --system postgres), or start as another user."
    )
