"""Settings of the test suite: fast passwords, tasks in the caller's own thread, no registry."""

from paspor.settings import *  # noqa: F403
from paspor.settings import CACHES, DATABASES

DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
# On a busy machine the cache may answer after the 200 ms that the portal waits for it. Tests of
# what it holds wait longer; those of a cache that hangs make one with the portal's own wait.
CACHES = {
    "default": CACHES["default"] | {"OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 5}}
}
# A test is one transaction, and one that computes for long on a busy machine does not hang.
DATABASES["default"]["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=600s"
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
RATELIMIT_ENABLE = False
BOOKING_PERMITS = 1000  # tests of races want all of them at once
IDENTITY_VERIFIER = "accounts.registry.interface.NotConnected"
WHITENOISE_AUTOREFRESH = True  # no collected files to scan
