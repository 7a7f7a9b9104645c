"""The Celery application: its logging, and every periodic task in one table."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paspor.settings")

app = Celery("paspor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "paspor.kernel",
        "accounts",
        "offices",
        "queueing.quota",
        "queueing.admission",
        "queueing.booking",
        "queueing.watching",
        "queueing.desk",
        "queueing.planning",
        "queueing.integrity",
    ]
)

# Seconds, or a crontab in UTC. Each may run twice at once without harm; one that waits
# longer than its own period is dropped, since the next one does its work.
app.conf.beat_schedule = {
    "sequence-ledger": {
        "task": "kernel.sequence_ledger",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "take-heads": {
        "task": "kernel.take_heads",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "make-partitions": {
        "task": "kernel.make_partitions",
        "schedule": crontab(hour=18, minute=10),
    },
    "propose-holidays": {
        "task": "offices.propose_holidays",
        "schedule": crontab(hour=17, minute=20),
    },
    "tell-incidents": {
        "task": "offices.tell_incidents",
        "schedule": 30,
        "options": {"expires": 30},
    },
    "take-probes": {
        "task": "offices.take_probes",
        "schedule": 60,
        "options": {"expires": 50},
    },
    "watch-mail": {
        "task": "offices.watch_mail",
        "schedule": 60,
        "options": {"expires": 50},
    },
    "watch-reports": {
        "task": "offices.watch_reports",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "plan-releases": {
        "task": "quota.plan_releases",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "prepare-releases": {
        "task": "quota.prepare_releases",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "announce-line": {
        "task": "admission.announce",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "follow-calendar": {
        "task": "quota.follow_calendar",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "return-counter-seats": {
        "task": "quota.return_counter_seats",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "expire-holds": {
        "task": "booking.expire_holds",
        "schedule": 30,
        "options": {"expires": 30},
    },
    "follow-closures": {
        "task": "booking.follow_closures",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "serve-first-rights": {
        "task": "booking.serve_first_rights",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "tell-announcements": {
        "task": "booking.tell_announcements",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "tell-relocations": {
        "task": "booking.tell_relocations",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "remind": {
        "task": "booking.remind",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "tell-watchers": {
        "task": "watching.tell",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "forget-watches": {
        "task": "watching.forget_over",
        "schedule": crontab(hour=18, minute=35),
    },
    "close-old-claims": {
        "task": "integrity.close_old_claims",
        "schedule": crontab(hour=18, minute=20),
    },
    "close-finished-days": {
        "task": "desk.close_finished_days",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "make-day-lists": {
        "task": "desk.make_day_lists",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "forget-screen-codes": {
        "task": "desk.forget_screen_codes",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "go-on-taking-in": {
        "task": "desk.go_on_taking_in",
        "schedule": 30,
        "options": {"expires": 30},
    },
    "sweep-checks": {
        "task": "integrity.sweep_checks",
        "schedule": 30,
        "options": {"expires": 30},
    },
    # After midnight in each of the three zones.
    "roll-up-figures": {
        "task": "integrity.roll_up_figures",
        "schedule": crontab(hour="15,16,17,18", minute=20),
    },
    "watch-officers": {
        "task": "integrity.watch_officers",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "score-accounts": {
        "task": "integrity.score_accounts",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "resume-acts": {
        "task": "integrity.resume_acts",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "resume-orders": {
        "task": "planning.resume_orders",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "count-waiting": {
        "task": "planning.count_waiting",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "keep-cases": {
        "task": "integrity.keep_cases",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "forget-appeals": {
        "task": "integrity.forget_appeals",
        "schedule": crontab(hour=18, minute=45),
    },
    "forget-notes": {
        "task": "kernel.forget_notes",
        "schedule": crontab(hour=18, minute=30),
    },
    "forget-notes-of-approvals": {
        "task": "offices.forget_notes",
        "schedule": crontab(hour=18, minute=35),
    },
    "sweep-messages": {
        "task": "accounts.sweep_messages",
        "schedule": 30,
        "options": {"expires": 30},
    },
    "sweep-texts": {
        "task": "accounts.sweep_texts",
        "schedule": 30,
        "options": {"expires": 30},
    },
    "check-relays": {
        "task": "accounts.check_relays",
        "schedule": 60,
        "options": {"expires": 50},
    },
    "read-bounces": {
        "task": "accounts.read_bounces",
        "schedule": 60,
        "options": {"expires": 50},
    },
    "go-on-with-lost-steps": {
        "task": "accounts.go_on_with_lost_steps",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "forget-messages": {
        "task": "accounts.forget_messages",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "forget-people": {
        "task": "accounts.forget_people",
        "schedule": crontab(hour=18, minute=40),
    },
    "forget-sessions": {
        "task": "accounts.forget_sessions",
        "schedule": crontab(hour=18, minute=50),
    },
    "forget-origins": {
        "task": "booking.forget_origins",
        "schedule": crontab(hour=18, minute=55),
    },
    "forget-answers": {
        "task": "kernel.forget_answers",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
}


@setup_logging.connect
def keep_django_logging(**kwargs: Any) -> None:
    """With a receiver here Celery leaves logging as the settings have it: JSON lines."""
