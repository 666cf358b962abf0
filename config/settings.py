"""Settings: one file, read from the environment only (.env.example lists every variable)."""

from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from core.encryption import FORMER_INDEX_VARIABLE, parse_index_key, parse_keys

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- where things are -------------------------------------------------------------------------------------------------
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
SECRET_KEY = env.str("SECRET_KEY")
FIELD_ENCRYPTION_KEYS = parse_keys(env.str("FIELD_ENCRYPTION_KEYS"))
BLIND_INDEX_KEY = parse_index_key(env.str("BLIND_INDEX_KEY"))
#: What audit.noticing calls when somebody opened or changed a decoy.
DECOY_TOUCHED = "roster.actions.honey.touched"
#: Says which decoys there are (core.decoys).
DECOYS_LISTED = "displacement.models.honey.all_laid"
_FORMER = env.str(FORMER_INDEX_VARIABLE, default="")
BLIND_INDEX_FORMER_KEY = parse_index_key(_FORMER, FORMER_INDEX_VARIABLE) if _FORMER else None
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.int('PORT', default=8000)}").rstrip("/")
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "config.apps.MusterpointConfig",  # before the admin, whose templates ours replace
    "config.apps.DeskConfig",  # Django's admin, with our site as the default one
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "oauth2_provider",
    "core",
    "audit",
    "regions",
    "accounts",
    "exchange",
    "displacement",
    "shelters",
    "roster",
    "intake",
    "reports",
    "retention",
]

MIDDLEWARE = [
    "core.requests.TracedRequests",  # outermost, so that every answer carries its id
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",  # before whatever refuses a request
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SignedIn",
    "accounts.rows.OwnRows",  # after it: only who stays signed in has rows
    "accounts.route_policy.RoutePolicy",  # who has no second factor is led to one first
    "config.middleware.OperationClock",
    "config.middleware.NoInvisibleAddress",
    "core.retrying.RetryAfter",
    "accounts.calls.CountedCalls",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# --- servers ----------------------------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url("DATABASE_URL")}
DATABASES["default"]["ENGINE"] = "core.postgresql"
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {
        "connect_timeout": 5,
        "application_name": "musterpoint",
    }
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "musterpoint",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    },
}

vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", default="Musterpoint <reports@musterpoint.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
CONFIRMATION_DAYS = env.int("CONFIRMATION_DAYS", default=7)
SUSPEND_AFTER = env.int("SUSPEND_AFTER", default=3)
CONFIRMATIONS_A_DAY = env.int("CONFIRMATIONS_A_DAY", default=3)
TEST_MAILS_AN_HOUR = env.int("TEST_MAILS_AN_HOUR", default=5)

CELERY = {
    "broker_url": REDIS_URL,
    "broker_connection_retry_on_startup": True,
    "broker_transport_options": {
        "visibility_timeout": 600,
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
        "global_keyprefix": "musterpoint:",
        "max_retries": 1,
    },
    "redis_socket_timeout": 2,
    # Others' servers answer when they like: what is sent to them has a worker of its own.
    "task_routes": {"exchange.tasks.*": {"queue": "webhooks"}},
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "task_time_limit": 300,
    "worker_prefetch_multiplier": 1,
    "worker_hijack_root_logger": False,
    "worker_max_tasks_per_child": 200,
    "timezone": "UTC",
    "beat_schedule": {
        # The clock knows nothing: it rings, and the database says what is due.
        "editions due": {"task": "reports.tasks.make_due_editions", "schedule": 60},
        "reports missing": {"task": "reports.tasks.tell_missing", "schedule": 60},
        "errata": {"task": "reports.tasks.look_for_errata", "schedule": 300},
        "deliveries due": {"task": "reports.tasks.sweep_deliveries", "schedule": 30},
        "addresses to ask": {"task": "reports.tasks.ask_addresses", "schedule": 60},
        "tests to mail": {"task": "reports.tasks.mail_tests", "schedule": 60},
        "batches due": {"task": "intake.tasks.sweep_batches", "schedule": 30},
        "schedule": {"task": "retention.tasks.apply_each_night", "schedule": crontab(hour=23, minute=15)},
        "schedule of files": {"task": "retention.tasks.apply_each_minute", "schedule": 60},
        "search due": {"task": "displacement.tasks.search_duplicates", "schedule": 900},
        "honey records": {"task": "displacement.tasks.lay_honey_records", "schedule": 60},
        "anchors": {"task": "config.tasks.anchor_trail", "schedule": 900},
        "anchors by mail": {"task": "config.tasks.mail_trail", "schedule": crontab(hour=5, minute=0)},
        "broken glasses": {"task": "accounts.tasks.tell_broken_glasses", "schedule": 60},
        "news of clients": {"task": "accounts.tasks.tell_of_clients", "schedule": 60},
        "webhooks due": {"task": "exchange.tasks.sweep_endpoints", "schedule": 10},
        "unusual readings": {"task": "roster.tasks.look_for_alarms", "schedule": 300},
        "exports to make": {"task": "roster.tasks.make_exports", "schedule": 60},
        "erasures to look through": {"task": "retention.tasks.sweep_erasures", "schedule": 30},
        "ledger of erasures": {"task": "retention.tasks.write_ledger", "schedule": 60},
        "decisions left": {"task": "displacement.tasks.sweep_decisions", "schedule": 60},
    },
}

# --- how long lists are kept; of everything else retention/schedule.toml says it ------------------------------------------
#: Days after which the file and the rows of a list that is done are removed: time to mend what was refused and to take it back.
LISTS_KEPT_DAYS = env.int("LISTS_KEPT_DAYS", default=90)
if LISTS_KEPT_DAYS < 1:
    raise ImproperlyConfigured("LISTS_KEPT_DAYS is a number of days, at least 1.")

# --- the trail: where the heads of its chains are kept, outside of the database -----------------------------------------
AUDIT_ANCHORS_FILE = Path(env.str("AUDIT_ANCHORS_FILE", default=str(DATA_DIR / "audit-anchors.jsonl")))

# --- the ledger of erasures, outside of the database: what a restored backup must be told again -------------------------
ERASURES_FILE = Path(env.str("ERASURES_FILE", default=str(DATA_DIR / "erasures.jsonl")))
# That of legal holds, beside it.
HOLDS_FILE = Path(env.str("HOLDS_FILE", default=str(ERASURES_FILE.with_name("holds.jsonl"))))

# --- people and sessions ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PolicyBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.signing_in.passwords.NotPlain"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
#: A session ends 12 hours after sign-in, and after 30 minutes in which nobody did anything (accounts.sessions).
SESSION_ENGINE = "accounts.kept_sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
#: How many proxies before the service add to X-Forwarded-For; the address of who signs in is read that far from its end.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
# No one signs up, resets a password by mail or changes an address: administrators make accounts.
ACCOUNT_ADAPTER = "accounts.signing_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"login": "accounts.signing_in.forms.SignInForm"}
ACCOUNT_REAUTHENTICATION_METHODS = ["password"]
ACCOUNT_RATE_LIMITS = False  # ours count in one step: accounts.signing_in.limits
MFA_ADAPTER = "accounts.signing_in.adapters.SecondFactorAdapter"
MFA_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Musterpoint"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "accounts.signing_in.forms.CodeForm",
    "authenticate_webauthn": "accounts.signing_in.forms.KeyForm",
    "activate_totp": "accounts.signing_in.forms.AppForm",
    "add_webauthn": "accounts.signing_in.forms.AddKeyForm",
}
# Clients of partners' systems: client credentials alone. Every model of the library is one of ours, so it brings no table.
OAUTH2_PROVIDER_APPLICATION_MODEL, _OF_TOKENS = "accounts.Client", "accounts.ClientToken"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = _OF_TOKENS
OAUTH2_PROVIDER_GRANT_MODEL = OAUTH2_PROVIDER_DEVICE_GRANT_MODEL = OAUTH2_PROVIDER_ID_TOKEN_MODEL = _OF_TOKENS
MIGRATION_MODULES = {"oauth2_provider": None}
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "OAUTH2_VALIDATOR_CLASS": "accounts.signing_in.clients.ClientValidator",
    "SCOPES_BACKEND_CLASS": "accounts.signing_in.clients.Scopes",
    "ACCESS_TOKEN_GENERATOR": "accounts.signing_in.digests.new_token",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 60 * 60,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

# --- words and time ---------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("uk", _("Ukrainian")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "core.uploads.NamelessUploadHandler",
]

# --- disclosure control: from how many people on a count is shown; the service refuses to start below 3 ----------------
DISCLOSURE_THRESHOLDS = {
    "partners": env.int("DISCLOSURE_THRESHOLD_PARTNERS", default=5),
    "public": env.int("DISCLOSURE_THRESHOLD_PUBLIC", default=5),
}

# --- API --------------------------------------------------------------------------------------------------------------
#: Requests of one account within a minute; the header Retry-After tells whoever sends more when to go on.
API_REQUESTS_A_MINUTE = env.int("API_REQUESTS_A_MINUTE", default=1200)
if API_REQUESTS_A_MINUTE < 1:
    raise ImproperlyConfigured("API_REQUESTS_A_MINUTE is a number of requests, at least 1.")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.ClientAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.permissions.PolicyPermission"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["core.api.filters.DeclaredFilters"],
    "DEFAULT_RENDERER_CLASSES": ["core.api.rendering.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.ProblemSchema",
    "EXCEPTION_HANDLER": "core.api.errors.problem_handler",
    # Formats are asked for by the header Accept alone; `format` is a parameter that does not exist.
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_METADATA_CLASS": None,  # the OpenAPI document tells it all
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Musterpoint API",
    "DESCRIPTION": "Evacuees, shelters, civilian casualties, claims and the figures of the situation report.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "AgreementStateEnum": "exchange.models.AgreementState.values",
        "BatchStateEnum": "intake.models.batch.BatchState.values",
        "ChangeEnum": "exchange.feed.CHANGES",
        "SexEnum": "displacement.models.codes.Sex",
        "VictimSexEnum": "displacement.models.casualty.VictimSex",
        "VictimAgeEnum": "displacement.models.casualty.VictimAge",
    },
}

# --- log: no personal data; ids only ----------------------------------------------------------------------------------
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = False  # ids are ours: a header could write anything into the log
DJANGO_STRUCTLOG_USER_ID_FIELD = None  # it would ask for the user, and so for the database, on every request
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # an address is personal data
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        # Django's database logger prints statements with their values, which are names.
        "django.db.backends": {"level": "CRITICAL", "propagate": False},
        # Heads of the audit trail's chains, at every level: a log is a place outside of the database.
        "config.anchoring": {"level": "INFO"},
        # At finer levels these print tokens and what clients send.
        "oauthlib": {"level": "WARNING"},
        "oauth2_provider": {"level": "WARNING"},
    },
}
