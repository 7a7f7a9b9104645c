"""What the launcher says, and the one error it knows."""

import contextlib
import sys


class Trouble(Exception):
    """Something the reader can mend; its message is one clear sentence and is all they see."""


def say(text: str = "") -> None:
    # A terminal that was closed, or `make run | head`, must not keep the servers from stopping.
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def complain(text: str) -> None:
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
