"""The words of `make screens`, its progress, and what it found."""

import argparse
import shutil
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

from django.db import connections
from playwright.sync_api import sync_playwright

from paspor.dev.testing import chromium
from tests import databases
from tests.browser.conftest import ARGS
from tests.browser.phones import Phones
from tests.console import progress, say
from tests.live import Portal
from tests.screens import gallery
from tests.screens.camera import Album, Look, matrix, photograph
from tests.screens.lists import GROUPS
from tests.screens.page import Page
from tests.screens.scenes import every
from tests.screens.stage import Stage, demonstration
from tests.screens.starting import SETTINGS

EVERYTHING = gallery.ROOT / ".local" / "screens"


@dataclass(frozen=True)
class Job:
    """A page, the look that the gallery shows, and those in which it is opened at once."""

    page: Page
    shown: Look
    looks: tuple[Look, ...]


@dataclass
class Roll:
    """The pages still to be photographed, shared by those who do it, and what was found."""

    jobs: SimpleQueue[Job]
    of: int
    album: Album
    done: int = 0
    troubles: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def told(self, job: Job, troubles: list[str]) -> None:
        with self.lock:
            self.done += 1
            self.troubles += troubles
            for trouble in troubles:
                say(f"!! {trouble}")
            progress(self.done, self.of, job.page.name)


def main(words: Sequence[str] | None = None) -> int:
    asked = _asked(words)
    browser = chromium()
    if browser is None:
        say("!! No Chromium was found: apt-get install chromium, or CHROMIUM=/path/to/chromium")
        return 2
    album = _album(asked.pages)
    template = databases.make_template()
    with databases.copied(template) as database, tempfile.TemporaryDirectory() as folder:
        variables = {"DJANGO_SETTINGS_MODULE": SETTINGS, "PASPOR_DEMO": "1"}
        portal = Portal(database, Path(folder), variables)
        try:
            say("Filling the stage")
            stage = demonstration(portal)
            every.fill(stage)
            portal.start_web()
            troubles = _walk(stage, browser, album, asked)
        finally:
            portal.stop()
            connections.close_all()
    gallery.write(GROUPS)
    return _tell(troubles, album)


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make screens")
    parser.add_argument("--jobs", type=int, default=2, help="browsers at the same time")
    parser.add_argument("--gallery", action="store_true", help="only the look that it shows")
    parser.add_argument("pages", nargs="*", metavar="page", help="only those whose name has this")
    return parser.parse_args(words)


def _album(named: Sequence[str]) -> Album:
    """Of the whole matrix, only what was taken this time."""
    if not named:
        shutil.rmtree(EVERYTHING, ignore_errors=True)
    for folder in (EVERYTHING, gallery.PICTURES):
        folder.mkdir(parents=True, exist_ok=True)
    return Album(EVERYTHING, gallery.PICTURES)


def _walk(stage: Stage, browser: str, album: Album, asked: argparse.Namespace) -> list[str]:
    """Every page with and without JavaScript; those that change the portal come last, alone."""
    chosen = [
        job
        for group in GROUPS
        for page in group.pages
        if not asked.pages or any(word in page.name for word in asked.pages)
        for job in _jobs(page, Look(group.width, "light", javascript=True), asked.gallery)
    ]
    say(f"{sum(len(job.looks) for job in chosen)} pictures to take")
    troubles: list[str] = []
    for last, jobs in ((False, asked.jobs), (True, 1)):
        now = [job for job in chosen if job.page.last is last]
        roll = Roll(SimpleQueue(), len(now), album)
        for job in now:
            roll.jobs.put(job)
        with ThreadPoolExecutor(jobs) as hands:
            for hand in [hands.submit(_work, stage, browser, roll) for _ in range(jobs)]:
                hand.result()
        troubles += roll.troubles
    return troubles


def _jobs(page: Page, shown: Look, only_shown: bool) -> list[Job]:
    if only_shown:
        return [Job(page, shown, (shown,))]
    return [Job(page, shown, tuple(matrix(javascript))) for javascript in (True, False)]


def _work(stage: Stage, path: str, roll: Roll) -> None:
    """A browser of its own, for as long as there are pages."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        phones = Phones(browser)
        try:
            while True:
                job = roll.jobs.get_nowait()
                how = {"shown": job.shown, "looks": job.looks}
                roll.told(job, photograph(phones, stage, job.page, roll.album, **how))
        except Empty:
            browser.close()
        finally:
            connections.close_all()


def _tell(troubles: list[str], album: Album) -> int:
    taken = sum(1 for _ in album.everything.iterdir())
    say(f"{taken} pictures in {album.everything}, {len(troubles)} troubles")
    return 1 if troubles else 0
