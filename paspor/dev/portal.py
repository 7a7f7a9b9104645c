"""`make run`: the servers, a migrated database with demo data, and the portal's processes."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from paspor.dev import environment, ports
from paspor.dev.claim import Lock
from paspor.dev.console import Trouble, complain, say
from paspor.dev.folders import PROJECT
from paspor.dev.processes import run, sweep_orphans
from paspor.dev.servers import RUN, Ground, Servers, serving

# Told again with the address: by then the preparations have scrolled away.
ACCOUNTS = "accounts.txt"
PREPARATIONS = (
    ("Compiling the translations", ("compile_catalogues",)),
    ("Bringing the database up to date", ("upgrade_database",)),
    ("Loading the service sites", ("load_offices",)),
    ("Opening quota and making the demo accounts", ("seed_demo", "--list", ACCOUNTS)),
    ("Collecting the static files", ("collectstatic", "--noinput", "--verbosity", "0")),
)


def run_portal(where: Ground) -> int:
    with alone(where):
        sweep_orphans(where.run_folder)  # they may hold the port
        wanted = ports.wanted_port(environment.given("PORT"))
        web_port = ports.web_port(wanted)
        if web_port != wanted:
            say(f"Port {wanted} is taken, or not allowed: the portal uses {web_port}.")
        say("Starting PostgreSQL and Valkey")
        with serving(where, RUN, web_port=web_port) as servers:
            for title, words in PREPARATIONS:
                say(title)
                code = manage(servers, *(_inside(servers, word) for word in words))
                if code != 0:
                    complain(f"paspor: {title}: `manage.py {words[0]}` failed (code {code}).")
                    return code
            return _serve(servers, web_port)


def _inside(servers: Servers, word: str) -> str:
    """The list of accounts lies in the data folder."""
    return str(servers.folder / ACCOUNTS) if word == ACCOUNTS else word


def manage(servers: Servers, *words: str) -> int:
    return run([sys.executable, str(PROJECT / "manage.py"), *words], servers.environment)


@contextmanager
def alone(where: Ground) -> Iterator[None]:
    """One portal in a data folder at a time, and no restore under a running one."""
    lock = Lock(where.run_folder / "portal.lock")
    try:
        if not lock.take():
            web_port = ports.remembered(where.run_folder, "web") or ports.WEB_PORT
            raise Trouble(
                f"The portal of this folder runs already (process {lock.signature()}, "
                f"http://localhost:{web_port}/): stop it with Ctrl-C there, or with `make stop`."
            )
        lock.sign()
        yield
    finally:
        lock.close()


def running_process(where: Ground) -> int | None:
    """The launcher that runs the portal now, if there is one."""
    lock = Lock(where.run_folder / "portal.lock")
    try:
        return None if lock.take(shared=True) else lock.signature()
    finally:
        lock.close()


def _serve(servers: Servers, web_port: int) -> int:
    extra = {
        "BEAT_SCHEDULE": str(servers.folder / "beat-schedule"),
        # Their periodic tasks would push the address and the accounts off the screen.
        "WORKER_LOG_LEVEL": environment.given("WORKER_LOG_LEVEL") or "WARNING",
    }
    mails = servers.folder / "mail"
    command = [
        sys.executable,
        *("-m", "honcho", "start", "--app-root", str(PROJECT), "--env", os.devnull),
        *("--procfile", str(_procfile(servers, mails)), "--port", str(web_port)),
    ]
    announce = _announcer(web_port, mails, servers.folder / ACCOUNTS)
    code = run(command, servers.environment | extra, beat=announce)
    complain("paspor: one of the portal's processes has ended, so all of them stop.")
    return code or 1


def _procfile(servers: Servers, mails: Path) -> Path:
    """Production's processes and, unless mail goes to a real server, one that receives it."""
    lines = (PROJECT / "Procfile").read_text()
    if not environment.given("EMAIL_HOST"):
        lines += f'mail: exec python -m paspor.dev smtp --port "$EMAIL_PORT" --folder "{mails}"\n'
    path = servers.folder / "Procfile"
    path.write_text(lines)
    return path


def _announcer(web_port: int, mails: Path, accounts: Path) -> Callable[[], None]:
    """Says where to look, once, as soon as the pages answer."""
    waiting = [True]

    def announce() -> None:
        if waiting and _answers(web_port):
            waiting.clear()
            say(_announcement(web_port, mails, accounts))

    return announce


def _announcement(web_port: int, mails: Path, accounts: Path) -> str:
    site = f"http://localhost:{web_port}"
    mail = environment.given("EMAIL_HOST")
    lines = [
        "",
        f"  Paspor answers at      {site}/",
        f"  for officers           {site}/admin/",
        f"  mail can be read at    {site}/demo/mailbox/",
        f"  and goes to            {mail or mails}",
        "  Ctrl-C stops everything",
        "",
    ]
    if accounts.exists():
        lines[-1:-1] = ["", accounts.read_text().rstrip()]
    return "\n".join(lines)


def _answers(port: int) -> bool:
    """Connected at all is not enough: the port may be open before the application is loaded."""
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((ports.LOOPBACK, port), timeout=2) as connection:
            connection.sendall(request)
            answer = connection.recv(4096)
            while connection.recv(4096):  # hanging up early would look like a fault in its log
                pass
            return answer.startswith(b"HTTP/")
    except OSError:
        return False
