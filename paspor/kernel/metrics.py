"""What the processes of a web server count together, for /metrics (paspor.metrics).

Each process writes its numbers into a file of its own in one folder, and whoever is asked
adds the files up. A worker that dies leaves its file, so no sum ever falls; the folder
carries the number of the server's main process and is thrown away by the next one.
Off until METRICS_TOKEN or METRICS_NETWORKS is set. Nothing here names a person.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SWITCHES = ("METRICS_TOKEN", "METRICS_NETWORKS")
PREFIX = "paspor-metrics-"


def share(main_process: int) -> None:
    """Count together with the other workers; call it before anything is counted."""
    if FOLDER in os.environ or not any(os.environ.get(name) for name in SWITCHES):
        return
    above = Path(tempfile.gettempdir())
    for left in above.glob(f"{PREFIX}*"):
        with suppress(ValueError, OSError):
            if not Path(f"/proc/{int(left.name.removeprefix(PREFIX))}").exists():
                shutil.rmtree(left)
    own = above / f"{PREFIX}{main_process}"
    own.mkdir(mode=0o700, exist_ok=True)
    os.environ[FOLDER] = str(own)


def folder() -> str:
    """Where the workers of this server count together; empty where each counts for itself."""
    return os.environ.get(FOLDER, "")
