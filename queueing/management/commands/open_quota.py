"""Open quota at once: when a portal is set up, or to make good what was missed."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from offices.models import Office
from queueing.booking.services import first_rights
from queueing.quota.policies import HORIZON_DAYS
from queueing.quota.services import releases

BAR = 30
# Without a terminal a line is written each time so much more is done.
STEP_PERCENT = 25


class Command(BaseCommand):
    help = (
        "Opens at once whatever the coming days still lack, for all offices that serve or for "
        "one. May be run again: what stands is left alone. The weekly opening goes on by itself."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="How many days ahead.")
        parser.add_argument("--office", help="The code of one office.")

    def handle(self, *, days: int, office: str | None, **options: Any) -> None:
        if not HORIZON_DAYS.low <= days <= HORIZON_DAYS.high:
            raise CommandError(f"--days must be {HORIZON_DAYS.low} to {HORIZON_DAYS.high}.")
        chosen = Office.objects.filter(is_active=True).order_by("code")
        if office:
            chosen = chosen.filter(code=office)
        sites = list(chosen)
        if not sites:
            raise CommandError(f"No office serves under {office!r}." if office else "No offices.")
        self.open(sites, days)

    def open(self, sites: list[Office], days: int) -> None:
        began, made = time.monotonic(), 0
        for done, site in enumerate(sites, start=1):
            made += self.open_one(site, days)
            self.show(done, len(sites))
        seconds = time.monotonic() - began
        self.stdout.write(f"{made} seats opened at {len(sites)} offices in {seconds:.1f} s.")

    def open_one(self, site: Office, days: int) -> int:
        """Also goes on with a release of the site that an earlier run left half made."""
        now = timezone.now()
        releases.open_now(office=site, days=days, now=now)
        made = 0
        for release in site.releases.filter(prepared_at=None, opens_at__lte=now):
            made += releases.prepare(release=release, now=now)
            first_rights.serve_first_rights(release=release, now=now)
        return made

    def show(self, done: int, total: int) -> None:
        percent = done * 100 // total
        filled = done * BAR // total
        line = f"[{'#' * filled}{'.' * (BAR - filled)}] {percent:3}%  {done}/{total} offices"
        if self.stdout.isatty():
            self.stdout.write(line, ending="\n" if done == total else "\r")
            self.stdout.flush()
        elif percent // STEP_PERCENT > (done - 1) * 100 // total // STEP_PERCENT:
            self.stdout.write(line)
