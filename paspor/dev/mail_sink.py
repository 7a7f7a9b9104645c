"""A mail server on loopback that delivers nothing: every mail becomes a file in a Maildir."""

import os
import signal
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from paspor.dev import ports
from paspor.dev.console import Trouble, say
from paspor.dev.processes import STOPPING


def receive(port: int, folder: Path) -> int:
    """Receive until a signal to stop. The folder is readable for its owner only."""
    os.umask(0o077)
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    controller = Controller(Mailbox(str(folder)), hostname=ports.LOOPBACK, port=port)
    try:
        controller.start()
    except OSError as problem:
        raise Trouble(f"Port {port} for mail cannot be used: {problem.strerror}.") from problem
    say(f"Mail is received at {ports.LOOPBACK}:{port} and kept in {folder}")
    signal.sigwait(STOPPING)
    controller.stop()
    return 0
