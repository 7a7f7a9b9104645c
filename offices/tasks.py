"""Periodic work of the offices."""

from celery import shared_task
from django.utils import timezone

from offices import status
from offices.services import approvals, holidays, incidents, mail_watch, probes, reports


@shared_task(name="offices.propose_holidays")
def propose_holidays() -> int:
    """Propose the holidays of this year and the next; how many are new."""
    now = timezone.now()
    return sum(len(holidays.propose(year=now.year + n, now=now)) for n in (0, 1))


@shared_task(name="offices.forget_notes")
def forget_notes() -> None:
    """Words of approvals and of reports that are over for long."""
    now = timezone.now()
    approvals.forget_notes(now)
    reports.forget(now)


@shared_task(name="offices.watch_reports")
def watch_reports() -> None:
    reports.alarm(timezone.now())


@shared_task(name="offices.tell_incidents")
def tell_incidents() -> None:
    """Write the banner of every page anew: the cache may have been emptied."""
    incidents.tell_pages()


@shared_task(name="offices.take_probes")
def take_probes() -> None:
    """Look at every part, and keep what the page of status says for when all is away."""
    now = timezone.now()
    probes.take(now)
    status.keep(status.build(now))


@shared_task(name="offices.watch_mail")
def watch_mail() -> None:
    mail_watch.look(timezone.now())
