"""Settings for every machine: the environment differs, not this file.

Safe values are the default. Secrets have none. Quotas, hours and policy are rows.
"""

from pathlib import Path

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from paspor.env import (
    read_bool,
    read_database,
    read_int,
    read_list,
    read_relays,
    read_secret,
    read_text,
)

BASE_DIR = Path(__file__).resolve().parent.parent

# --- The machine -----------------------------------------------------------------

SECRET_KEY = read_secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = read_list("SECRET_KEY_FALLBACKS")
DEBUG = read_bool("DEBUG")
# What `make run` switches on for a newcomer: a mailbox page, demo accounts, officers
# without a second factor. The deploy check refuses it.
DEMO = read_bool("PASPOR_DEMO")
ALLOWED_HOSTS = read_list("ALLOWED_HOSTS")
SITE_URL = read_text("SITE_URL", "http://localhost:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# How many proxies of ours stand in front; their X-Forwarded-For is believed.
TRUSTED_PROXIES = read_int("TRUSTED_PROXIES", 0)

DATA_KEYS = read_secret("DATA_KEYS")
PERSON_DIGEST_KEY = read_secret("PERSON_DIGEST_KEY")
PERSON_DIGEST_KEY_NEXT = read_text("PERSON_DIGEST_KEY_NEXT")
TICKET_KEYS = read_secret("TICKET_KEYS")
EVIDENCE_KEYS = read_secret("EVIDENCE_KEYS")

# --- The house -------------------------------------------------------------------

INSTALLED_APPS = [
    "paspor.kernel",
    "accounts",
    "offices",
    "queueing",
    "offices.site.OfficerAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.headless",
]

MIDDLEWARE = [
    "paspor.kernel.request_log.RequestLogMiddleware",
    "paspor.health.HealthMiddleware",
    "paspor.kernel.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Behind WhiteNoise, whose files are compressed already. Pages repeat no secret as it
    # is (CSRF tokens are masked), and the length is padded: BREACH finds nothing.
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # What everybody reads, and those who wait, cost no session and no database.
    "paspor.kernel.known_answers.KnownAnswersMiddleware",
    "queueing.admission.middleware.TurnMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "paspor.kernel.account_mark.AccountMarkMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "paspor.kernel.device.DeviceMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "paspor.kernel.refusals.RefusalMiddleware",
    "paspor.kernel.sign_in_door.SignInDoorMiddleware",
    "offices.middleware.OfficeCodeMiddleware",
]

ROOT_URLCONF = "paspor.urls"
WSGI_APPLICATION = "paspor.wsgi.application"
FORM_RENDERER = "paspor.forms.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "offices.incident_banner.incidents",
                "offices.approval_count.approval_count",
                "accounts.mail_trouble.mail_trouble",
            ],
        },
    }
]

# --- Data ------------------------------------------------------------------------

# The application logs in as a role that owns nothing; migrations run as the owner
# (manage.py upgrade_database). With one role only, the deploy check says what is lost.
# What takes longer is ended by the server; what it does not even end, by this side, a
# little later (paspor.kernel.postgres). Web servers have less patience, see Procfile.
STATEMENT_SECONDS = read_int("DATABASE_STATEMENT_SECONDS", 30)
DATABASE_PREPARES = read_bool("DATABASE_PREPARES")
LOCK_SECONDS = min(8, STATEMENT_SECONDS)
DATABASES = {
    "default": read_database("DATABASE_URL")
    | {
        "ENGINE": "paspor.kernel.postgres",
        "PATIENCE": STATEMENT_SECONDS + 2,
        # Plans kept in each connection, which not every transaction pooler can bear.
        "PREPARES": DATABASE_PREPARES,
        "CONN_MAX_AGE": read_int("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        # A transaction pooler such as PgBouncer cannot keep server-side cursors.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            "prepare_threshold": 0 if DATABASE_PREPARES else None,
            # A machine that is gone acknowledges nothing.
            "tcp_user_timeout": 10_000,
            "options": f"-c statement_timeout={STATEMENT_SECONDS}s"
            f" -c lock_timeout={LOCK_SECONDS}s -c idle_in_transaction_session_timeout=15s",
        },
    },
    "owner": read_database("DATABASE_OWNER_URL", fallback=read_text("DATABASE_URL")),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = read_text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "paspor.kernel.cache.TolerantRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "paspor",
        "TIMEOUT": 300,
    }
}

# The threads that serve requests in each web process (Procfile), and how many of them may be
# writing bookings: one less, so reading and refusing always find a thread.
WEB_THREADS = read_int("WEB_THREADS", 4)
BOOKING_PERMITS = read_int("BOOKING_PERMITS", max(1, WEB_THREADS - 1))

# Who may read /metrics: whoever sends this as a bearer token, and these networks. Else 404.
METRICS_TOKEN = read_text("METRICS_TOKEN")
METRICS_NETWORKS = read_list("METRICS_NETWORKS")

# What /status says last, for when database and cache are away; one for each machine.
STATUS_FILE = read_text("STATUS_FILE", str(BASE_DIR / "status.json"))

# --- Sign-in ---------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.SignInBackend",
    "offices.backends.PostBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "landing"
LOGOUT_REDIRECT_URL = "home"

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
# Codes live as long as a slow mail takes.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 5
# allauth can only change an address that is new here, which would tell that it is. Ours
# signs up again with what was typed before (accounts.proving.SignsUpElsewhere).
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A carrier puts thousands of phones behind one address, so these only stop floods. What
# concerns one account is counted by accounts.entrance_limits; allauth knows only its
# address, and a stranger could use it up for its owner.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "signup": "300/m/ip",
    "reset_password": "300/m/ip",
    "reset_password_from_key": "300/m/ip",
    "request_login_code": "300/m/ip",
    "confirm_email": "",
    # Only for second factors, which come after the password.
    "login_failed": "5/5m/key",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "accounts.entrance_forms.LoginForm",
    "signup": "accounts.entrance_forms.EntranceSignupForm",
    "request_login_code": "accounts.entrance_forms.RequestLoginCodeForm",
    "confirm_login_code": "accounts.entrance_forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "accounts.entrance_forms.ConfirmEmailForm",
    "reset_password": "accounts.entrance_forms.ResetPasswordForm",
    "confirm_password_reset_code": "accounts.entrance_forms.ConfirmResetForm",
    "reset_password_from_key": "accounts.entrance_forms.ResetPasswordKeyForm",
    "change_password": "accounts.entrance_forms.ChangePasswordForm",
    "set_password": "accounts.entrance_forms.SetPasswordForm",
    "add_email": "accounts.entrance_forms.AddEmailForm",
    "reauthenticate": "accounts.entrance_forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "accounts.entrance_forms.MfaAuthenticateForm",
    "reauthenticate": "accounts.entrance_forms.MfaReauthenticateForm",
    "activate_totp": "accounts.entrance_forms.ActivateTotpForm",
    "add_webauthn": "accounts.entrance_forms.AddKeyForm",
    "edit_webauthn": "accounts.entrance_forms.EditKeyForm",
}
ACCOUNT_SESSION_REMEMBER = True
HEADLESS_ENABLED = True
HEADLESS_CLIENTS = ("app",)
HEADLESS_ADAPTER = "accounts.app_ids.AppAdapter"
HEADLESS_TOKEN_STRATEGY = "accounts.app_tokens.SessionTokens"  # noqa: S105  # a class
HEADLESS_SERVE_SPECIFICATION = True
HEADLESS_SPECIFICATION_TEMPLATE_NAME = None
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Paspor"
MFA_TOTP_TOLERANCE = 1  # phones' clocks go wrong by some seconds
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
USERSESSIONS_TRACK_ACTIVITY = False
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# --- API -------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.SessionToken"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["paspor.kernel.strict.BoundedJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["paspor.kernel.ratelimit.GroupThrottle"],
    "DEFAULT_SCHEMA_CLASS": "paspor.kernel.schema.ProblemAutoSchema",
    "EXCEPTION_HANDLER": "paspor.kernel.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Paspor",
    "DESCRIPTION": "Janji temu paspor: kantor, kuota, pemesanan, tiket.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "AnnouncementKind": "offices.models.announcements.Announcement.Kind",
        "ReportState": "offices.models.reports.Report.State",
        "ReportKind": "offices.models.reports.Report.Kind",
        "Channel": "queueing.quota.models.Channel",
        "MessageChannel": "accounts.models.Message.Channel",
        "MessageState": "accounts.models.Message.State",
        "OfficeKind": "offices.models.Office.Kind",
        "PassportType": "offices.models.PassportType",
        "IdentityClaimState": "queueing.integrity.models.claims.IdentityClaim.State",
        "PlaceKind": "queueing.booking.models.Place.Kind",
        "PlaceState": "queueing.booking.models.Place.State",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "paspor.kernel.schema.add_allauth_paths",
        "accounts.app_ids.describe",
    ],
}
# The oldest mobile application that this API still serves well.
APP_MINIMUM_VERSION = read_text("APP_MINIMUM_VERSION", "1.0.0")
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
# A whole request with a file: beyond the largest picture (5 MB), which is refused kindly.
UPLOAD_MAX_BYTES = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["paspor.kernel.uploads.BoundedUpload"]

# --- Mail, registry, texts and background work ---------------------------------------------

# The relays, in the order in which they are asked.
FIRST_RELAY = {
    "host": read_text("EMAIL_HOST", "localhost"),
    "port": read_int("EMAIL_PORT", 25),
    "username": read_text("EMAIL_HOST_USER"),
    "password": read_text("EMAIL_HOST_PASSWORD"),
    "use_tls": read_bool("EMAIL_USE_TLS"),
    "use_ssl": read_bool("EMAIL_USE_SSL"),
}
MAILERS = {
    "default" if number == 1 else f"relay-{number}": {
        "BACKEND": "accounts.smtp.Backend",
        "OPTIONS": options | {"timeout": 20},
    }
    for number, options in enumerate([FIRST_RELAY, *read_relays("EMAIL_RELAYS")], start=1)
}
DEFAULT_FROM_EMAIL = read_text("DEFAULT_FROM_EMAIL", "Paspor <paspor@localhost>")
REPLY_TO_EMAIL = read_text("REPLY_TO_EMAIL", DEFAULT_FROM_EMAIL)
# Where undelivered letters come back to: each by an address of its own below this one
# (bounces+…@…), so the mailbox must take plus tags. The Maildir it is kept in, if it is here.
BOUNCE_ADDRESS = read_text("BOUNCE_ADDRESS")
BOUNCE_MAILDIR = read_text("BOUNCE_MAILDIR")

# The provider that reports what became of letters (accounts.webhook), and what it signs with.
MAIL_WEBHOOK = read_text("MAIL_WEBHOOK").lower()
MAIL_WEBHOOK_KEY = read_text("MAIL_WEBHOOK_KEY")

# What letters are signed with (manage.py make_dkim_key): base64 of an RSA key, PKCS #8.
DKIM_SELECTOR = read_text("DKIM_SELECTOR", "paspor")
DKIM_KEY = read_text("DKIM_KEY")
# Whom to ask about our domain (host or host:port); the machine's own servers where none is named.
DNS_SERVERS = read_list("DNS_SERVERS")

# The civil registry (accounts.registry). Without an address nobody is checked, and
# bookings stand as not yet checked; the demonstration has a simulator.
REGISTRY_URL = read_text("REGISTRY_URL")
REGISTRY_USER = read_text("REGISTRY_USER")
REGISTRY_PASSWORD = read_text("REGISTRY_PASSWORD")
if REGISTRY_URL:
    IDENTITY_VERIFIER = "accounts.registry.http.HttpVerifier"
elif DEMO:
    IDENTITY_VERIFIER = "accounts.registry.simulator.Simulator"
else:
    IDENTITY_VERIFIER = "accounts.registry.interface.NotConnected"

# A gateway of texts (accounts.texting.http), by which a sign-up can be verified whose mail does
# not come. Off without an address; the demonstration has a simulator.
TEXT_URL = read_text("TEXT_URL")
TEXT_TOKEN = read_text("TEXT_TOKEN")
TEXT_SENDER = read_text("TEXT_SENDER", "PASPOR")
TEXT_KIND = read_text("TEXT_KIND", "sms").lower()
# What the gateway shows when it reports what became of a text; nobody may without.
TEXT_REPORT_TOKEN = read_text("TEXT_REPORT_TOKEN")
if TEXT_URL:
    TEXT_GATEWAY = "accounts.texting.http.HttpGateway"
elif DEMO:
    TEXT_GATEWAY = "accounts.texting.simulator.Simulator"
else:
    TEXT_GATEWAY = ""

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 200
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Work of a killed worker comes back within seconds, not after the default sweep.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    # A request that nudges a worker does not wait for a broker that is away.
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.5,
}
CELERY_TASK_PUBLISH_RETRY = False

# --- Language, time, files ---------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Bahasa Indonesia")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "paspor" / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
FORMAT_MODULE_PATH = ["paspor.formats"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(read_text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Safety ------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS and read_bool("HSTS_PRELOAD")  # holds a whole domain, for months
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
CSRF_FAILURE_VIEW = "paspor.kernel.refusals.csrf_failure"
RATELIMIT_ENABLE = True
RATELIMIT_FAIL_OPEN = True  # without a cache the portal goes on
# Our cache counts atomically; HSTS_PRELOAD is the domain owner's to decide.
SILENCED_SYSTEM_CHECKS = ["django_ratelimit.W001", "security.W021"]

# --- Rules of the house --------------------------------------------------------------

PRIVACY_NOTICE_VERSION = "2026-11"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "paspor.kernel.request_log.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": read_text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # One line a request is written by our own middleware.
        "django.request": {"level": "ERROR"},
    },
}
