"""`make run`, with a small project in place of the portal: what it starts, it stops."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.paspor import launching

READY = "Ctrl-C stops everything"


@pytest.fixture(scope="module")
def started_before() -> Iterator[Path]:
    with launching.place() as folder:
        launching.project(folder)
        assert launching.told(folder, "with", "--", "true") == (0, "")
        yield folder


@pytest.fixture
def project(started_before: Path) -> Iterator[Path]:
    """A project whose servers have run before and are stopped."""
    yield started_before
    assert launching.processes_of(started_before) == []


@pytest.mark.parametrize(
    ("number", "deaf"),
    [(signal.SIGINT, "yes"), (signal.SIGTERM, ""), (signal.SIGHUP, "")],
)
def test_a_signal_stops_everything_even_when_it_comes_twice(
    project: Path, number: signal.Signals, deaf: str
):
    surroundings = {"DEAF": ""} if deaf else {}  # one process takes no notice of TERM
    with launching.launch(project, "run", **surroundings) as launcher:
        launching.read_until(launcher, READY)
        launcher.send_signal(number)
        launching.read_until(launcher, "SIGTERM received")
        launcher.send_signal(number)
        text, _ = launcher.communicate(timeout=30)

    assert launcher.returncode == 128 + number
    assert text.endswith("Stopped; nothing is left running.\n")
    assert launching.processes_of(project) == []


def test_a_signal_while_it_prepares_stops_everything(project: Path):
    with launching.launch(project, "run", SLOW="seed_demo") as launcher:
        text = launching.read_until(launcher, "manage.py seed_demo")
        launcher.send_signal(signal.SIGINT)
        launcher.communicate(timeout=30)

    assert launcher.returncode == 128 + signal.SIGINT
    prepared = [line.split()[1] for line in text.splitlines() if line.startswith("manage.py ")]
    assert prepared == ["compile_catalogues", "upgrade_database", "load_offices", "seed_demo"]
    assert launching.processes_of(project) == []


def test_a_closed_terminal_stops_everything(project: Path):
    """Nobody reads its words any more, as after the window was closed."""
    with launching.launch(project, "run") as launcher:
        launching.read_until(launcher, READY)
        launcher.stdout.close()
        launcher.send_signal(signal.SIGHUP)
        launcher.wait(timeout=30)

    assert launching.processes_of(project) == []


def test_a_process_that_dies_ends_the_run(project: Path):
    with launching.launch(project, "run") as launcher:
        text = launching.read_until(launcher, READY)
        web = next(line for line in text.splitlines() if "web.1 started" in line)
        os.kill(int(web.partition("pid=")[2].rstrip(")")), signal.SIGKILL)
        text, _ = launcher.communicate(timeout=30)

    assert launcher.returncode not in (0, None)
    assert "one of the portal's processes has ended" in text


def test_a_preparation_that_fails_ends_the_run(project: Path):
    (project / "manage.py").rename(project / "manage.away")
    try:
        code, text = launching.told(project, "run")
    finally:
        (project / "manage.away").rename(project / "manage.py")

    assert code == 2
    assert "`manage.py compile_catalogues` failed" in text


def test_one_portal_at_a_time_and_mail_becomes_a_file(project: Path):
    with launching.launch(project, "run", EMAIL_HOST="") as launcher:
        text = launching.read_until(launcher, READY, "Mail is received")
        sink = next(line for line in text.splitlines() if "Mail is received" in line)
        port = int(sink.partition("127.0.0.1:")[2].split()[0])
        letter = EmailMessage()
        letter["From"], letter["To"] = "paspor@localhost", "wati@example.org"
        letter["Subject"] = "Kode Anda"
        letter.set_content("Halo")
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.send_message(letter)

        code, words = launching.told(project, "run")
        assert code == 2
        assert f"runs already (process {launcher.pid}" in words
        assert launching.told(project, "restore", "manage.py")[0] == 2

        assert launching.told(project, "stop")[0] == 0
        launcher.communicate(timeout=30)

    letters = list((project / ".local/run/mail/new").iterdir())
    assert "Kode Anda" in letters[0].read_text()
    assert oct(letters[0].parents[1].stat().st_mode)[-3:] == "700"


def test_a_busy_port_that_was_asked_for_gets_another_and_both_are_named(project: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with launching.launch(project, "run", PORT=port) as launcher:
            text = launching.read_until(launcher, READY)
            launcher.send_signal(signal.SIGINT)
            launcher.communicate(timeout=30)

    assert f"Port {port} is taken, or not allowed: the portal uses" in text
    assert f"http://localhost:{port}/" not in text


@pytest.fixture
def killed(project: Path) -> Path:
    """Its launcher was killed without a chance to stop anything."""
    with launching.launch(project, "with", "--", "sh", "-c", "echo up; sleep 3605") as launcher:
        launching.read_until(launcher, "up")
        launcher.kill()
    assert len(launching.processes_of(project)) > 2
    return project


def test_what_a_killed_launcher_left_is_cleared_away(killed: Path):
    assert launching.told(killed, "stop") == (0, "Nothing is running.\n")
    assert launching.processes_of(killed) == []


def test_servers_of_a_killed_launcher_are_taken_over(killed: Path):
    path = killed / ".local/run/postgres/postmaster.pid"
    pid = path.read_text().split()[0]

    assert launching.told(killed, "with", "--", "head", "-1", str(path)) == (0, f"{pid}\n")


def test_the_exit_code_of_the_command_is_handed_on(project: Path):
    assert launching.told(project, "with", "--", "sh", "-c", "exit 7") == (7, "")
    code, text = launching.told(project, "with", "--", "no-such-command")
    assert code == 2
    assert "no-such-command cannot be started" in text


IN_TERMINAL = """
import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
"""


def test_ctrl_c_in_a_terminal_is_the_commands_own(project: Path):
    """As in a shell, where it ends a line and not the shell, and in pytest, which then tells."""
    command = "trap 'echo heard' INT; echo up; read line; read line; exit 3"
    launcher = [sys.executable, "-m", "paspor.dev", "with", "--", "sh", "-c", command]
    with subprocess.Popen(
        [sys.executable, "-c", IN_TERMINAL, *launcher],
        cwd=project,
        env=launching.surroundings(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as terminal:
        launching.read_until(terminal, "up")
        terminal.stdin.write("\x03")
        terminal.stdin.flush()
        launching.read_until(terminal, "heard")
        terminal.stdin.write("one\ntwo\n")
        terminal.communicate(timeout=30)

    assert terminal.returncode == 3
