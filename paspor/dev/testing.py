"""`make test`: pytest on private servers, with a browser where one can be had."""

import os
import shutil
import sys
from collections.abc import Sequence

from paspor.dev import environment
from paspor.dev.console import Trouble, complain, say
from paspor.dev.processes import run
from paspor.dev.servers import TEST, Ground, serving

BROWSERS = ("chromium", "chromium-browser")
# The same engine without the windows that nobody sees: a page costs half of the processor.
LEAN = "chromium-headless-shell"
# Three where two work: one of them often waits for a program. Each takes a room's tests, so that
# not all of them start a portal and a browser; who is done first takes from the others.
IN_PARALLEL = ("-n", "3", "--dist", "worksteal")
# Another installation may be under way, as in the first minutes of a fresh machine.
PATIENCE = ("-o", "DPkg::Lock::Timeout=300")
LISTS = ("update", "-qq", *PATIENCE)
INSTALLATION = ("install", "-y", "-qq", "--no-install-recommends", *PATIENCE)
SKIPPED = """
!!  No Chromium was found, so the BROWSER TESTS {were} SKIPPED.
!!  Install one (apt-get install chromium) or name it: CHROMIUM=/path/to/chromium make test
"""


def run_tests(where: Ground, words: Sequence[str]) -> int:
    browser = chromium(LEAN)
    if not browser:
        complain(SKIPPED.format(were="WILL BE"))
    extra = {"CHROMIUM": browser} if browser else {}
    with serving(where, TEST, extra) as servers:
        command = [sys.executable, "-m", "pytest", *(in_parallel(words)), *words]
        code = run(command, compiling_once(servers.environment), in_terminal=True)
    if not browser:
        complain(SKIPPED.format(were="WERE"))
    return code


def compiling_once(variables: dict[str, str]) -> dict[str, str]:
    """A container that keeps no bytecode would have each of some fifty programs compile us."""
    return {name: variables[name] for name in variables if name != "PYTHONDONTWRITEBYTECODE"}


def in_parallel(words: Sequence[str]) -> tuple[str, ...]:
    """Several processes, unless the words say otherwise or want to talk with the person."""
    otherwise = ("-n", "--numprocesses", "--pdb", "--trace", "--dist", "no:xdist", "-pno:xdist")
    return () if any(word.startswith(otherwise) for word in words) else IN_PARALLEL


def chromium(*preferred: str) -> str | None:
    """The browser's path. As root on a Debian without one, Debian's is installed."""
    named = environment.given("CHROMIUM")
    if named:
        if shutil.which(named):
            return named
        raise Trouble(f"CHROMIUM={named} cannot be run: correct it, or leave it unset.")
    names = (*preferred, *BROWSERS)
    return _first_program(names) or (
        _first_program(names) if _installed((*preferred, BROWSERS[0])) else None
    )


def _first_program(names: Sequence[str]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _installed(packages: Sequence[str]) -> bool:
    """The first of these that the distribution has."""
    installer = shutil.which("apt-get")
    if not installer or os.geteuid() != 0:
        return False
    say("No Chromium was found: installing Debian's for the browser tests (once)")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    if run([installer, *LISTS], quiet) != 0:
        return False
    return any(run([installer, *INSTALLATION, name], quiet) == 0 for name in packages)
