"""Settings of the test suite: fast passwords, tasks in the caller's own thread, no registry."""

from paspor.settings import *  # noqa: F403

DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
RATELIMIT_ENABLE = False
BOOKING_PERMITS = 1000  # tests of races want all of them at once
IDENTITY_VERIFIER = "accounts.registry.interface.NotConnected"
WHITENOISE_AUTOREFRESH = True  # no collected files to scan
