"""What the programs of the tests tell whoever watches: lines, and how far they are."""

import sys

BAR = 30


def say(text: str) -> None:
    """A line, over the one that tells how far it is."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def progress(done: int, of: int, word: str) -> None:
    if sys.stderr.isatty():
        filled = "#" * (BAR * done // of)
        sys.stderr.write(f"\r\x1b[K[{filled:.<{BAR}}] {done}/{of} {word}")
