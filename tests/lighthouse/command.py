"""The words of `make lighthouse`, its table, and lighthouse.json."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median

from django.conf import settings
from django.db import connections
from django.test import Client

from paspor.dev.testing import chromium
from tests import databases
from tests.console import progress, say
from tests.lighthouse import program
from tests.lighthouse.program import CATEGORIES, FOLDER, Rated
from tests.live import Portal
from tests.page_weight import weigh
from tests.screens.lists import GROUPS
from tests.screens.page import Page
from tests.screens.scenes import citizens
from tests.screens.stage import Stage, demonstration

# The citizen's main ways. Pages of tests/screens/lists by name.
PAGES = (
    *("beranda", "panduan", "panduan-hasil", "kantor", "hari", "jam", "siapa", "tiket", "janji"),
    *("daftar", "masuk", "bantuan", "status", "angka", "angka-kantor", "privasi"),
)
GOALS = {"performance": 95, "accessibility": 100, "best-practices": 100}
HEADS = ("perf.", "access.", "best pr.", "seo", "FCP s", "LCP s", "CLS", "first B", "after B")


def main(words: Sequence[str] | None = None) -> int:
    asked = _asked(words)
    browser = chromium()
    if browser is None:
        say("!! No Chromium was found: apt-get install chromium, or CHROMIUM=/path/to/chromium")
        return 2
    program.install()
    pages = _chosen(asked.pages)
    template = databases.make_template()
    found: dict[str, list[Rated]] = {}
    with databases.copied(template) as database, _production(database) as portal:
        stage = demonstration(portal)
        citizens.fill(stage)
        portal.start_web()
        say(f"load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
        say(f"{'page':<16}{''.join(f'{head:>10}' for head in HEADS)}")
        for done, page in enumerate(pages):
            progress(done, len(pages), page.name)
            runs = [_rate(stage, page, browser) for _ in range(asked.runs)]
            found[page.name] = runs
            say(_row(page, runs, stage))
    (FOLDER / "lighthouse.json").write_text(
        json.dumps({name: [asdict(run) for run in runs] for name, runs in found.items()}, indent=2)
    )
    faults = [fault for name, runs in found.items() for fault in _faults(name, runs)]
    for fault in faults:
        say(f"!! {fault}")
    return 1 if faults else 0


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make lighthouse")
    parser.add_argument("--runs", type=int, default=3, help="of each page; the median counts")
    parser.add_argument("pages", nargs="*", metavar="page", help=", ".join(PAGES))
    return parser.parse_args(words)


def _chosen(named: Sequence[str]) -> list[Page]:
    known = {page.name: page for group in GROUPS for page in group.pages}
    if unknown := set(named) - set(known):
        raise SystemExit(f"No such page: {', '.join(sorted(unknown))}.")
    return [known[name] for name in named or PAGES]


@contextmanager
def _production(database: str) -> Iterator[Portal]:
    """The portal as it is served: its own settings, files named by content and compressed."""
    with tempfile.TemporaryDirectory() as folder:
        variables = {
            "DJANGO_SETTINGS_MODULE": "paspor.settings",
            "STATIC_ROOT": f"{folder}/static",
            "PASPOR_DEMO": "",
        }
        portal = Portal(database, Path(folder), variables)
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(collect, env=portal.environment, check=True)
        try:
            yield portal
        finally:
            portal.stop()
            connections.close_all()


def _rate(stage: Stage, page: Page, browser: str) -> Rated:
    url = stage.portal.url + page.path.format_map(stage.names)
    cookie = ""
    if page.who:
        client = Client()
        client.force_login(stage.users[page.who])
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
    return program.rate(url, browser=browser, cookie=cookie)


def _row(page: Page, runs: Sequence[Rated], stage: Stage) -> str:
    client = Client(SERVER_NAME="localhost")
    if page.who:
        client.force_login(stage.users[page.who])
    weight = weigh(client, page.path.format_map(stage.names))
    cells = [f"{score:.0f}" for score in _scores(runs).values()]
    cells += [f"{median(run.seconds[name] for run in runs):.2f}" for name in ("FCP", "LCP")]
    cells += [f"{median(run.shift for run in runs):.3f}", f"{weight.first_visit}", f"{weight.page}"]
    return f"{page.name:<16}{''.join(f'{cell:>10}' for cell in cells)}"


def _scores(runs: Sequence[Rated]) -> dict[str, float]:
    return {name: median(run.scores[name] for run in runs) for name in CATEGORIES}


def _faults(name: str, runs: Sequence[Rated]) -> list[str]:
    scores = _scores(runs)
    missed = [category for category, goal in GOALS.items() if scores[category] < goal]
    why = sorted({fault for run in runs for fault in run.faults})
    return [f"{name}: {category} {scores[category]:.0f}; {'; '.join(why)}" for category in missed]
