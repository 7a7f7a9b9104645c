"""Settings of a portal that a test starts as a program of its own (tests/live.py).

As in production, but for what tests of one machine share: one Valkey, so keys carry a
prefix; static files from where they lie; passwords that need not be hard to guess.
"""

from paspor.env import read_bool, read_text
from paspor.settings import *  # noqa: F403
from paspor.settings import (
    BASE_DIR,
    CACHES,
    CELERY_BROKER_TRANSPORT_OPTIONS,
    MIDDLEWARE,
    STATICFILES_DIRS,
)

PREFIX = read_text("TEST_PREFIX")
CACHES = {"default": CACHES["default"] | {"KEY_PREFIX": PREFIX}}
CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {"global_keyprefix": PREFIX}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
# What looks for barriers comes from the portal itself: a browser keeps what it has compiled.
STATICFILES_DIRS = [*STATICFILES_DIRS, BASE_DIR / "tests" / "browser" / "vendor"]
# A test's forty people all come from 127.0.0.1.
RATELIMIT_ENABLE = read_bool("TEST_RATELIMIT")
# As many as there may be threads, so that nobody is refused but where a test wants it.
BOOKING_PERMITS = 1000
MIDDLEWARE = ["tests.live_reset.ResetMiddleware", *MIDDLEWARE]
if read_text("TEST_VERIFIER"):
    IDENTITY_VERIFIER = read_text("TEST_VERIFIER")
