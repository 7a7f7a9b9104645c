"""Settings of a portal that is measured: production's, with the views that it is compared with.

The load comes from one address, so each request names its visitor's as a proxy would.
"""

from paspor.env import read_text
from paspor.settings import *  # noqa: F403
from paspor.settings import CACHES, CELERY_BROKER_TRANSPORT_OPTIONS

ROOT_URLCONF = "tests.bench.urls"
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = 1
# A test of the bench shares its Valkey with other tests.
PREFIX = read_text("BENCH_PREFIX", "paspor")
CACHES = {"default": CACHES["default"] | {"KEY_PREFIX": PREFIX}}
CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {"global_keyprefix": PREFIX}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
