"""The Celery application: queues, and every periodic task in one table."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paspor.settings")

app = Celery("paspor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "paspor.kernel",
        "accounts",
        "offices",
        "queueing.quota",
        "queueing.booking",
        "queueing.desk",
    ]
)
