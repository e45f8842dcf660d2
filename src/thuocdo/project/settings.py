"""Django's settings, computed from the environment; nothing secret stands here."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
import structlog

from .demo.people import ACCOUNTS as DEMO_PEOPLE
from .environment import environment

ENVIRONMENT = environment()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = ENVIRONMENT.secret_key()
DEBUG = ENVIRONMENT.thuocdo_debug
DEMO = ENVIRONMENT.thuocdo_demo
# The sign-in page of a demonstration lists its accounts; every other instance has none to list.
DEMO_ACCOUNTS = DEMO_PEOPLE if DEMO else ()
ALLOWED_HOSTS = ENVIRONMENT.hosts

INSTALLED_APPS = [
    "thuocdo.ledger",
    "thuocdo.organisations",
    "thuocdo.accounts",
    "thuocdo.directives",
    "thuocdo.indicators",
    "thuocdo.feeds",
    "thuocdo.tasks",
    "thuocdo.evaluations",
    "thuocdo.scorecards",
    "thuocdo.alerts",
    "thuocdo.meetings",
    "thuocdo.exchanges",
    "thuocdo.publications",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    # After the static files, which are compressed already; pads its answers against guessing from their length.
    "django.middleware.gzip.GZipMiddleware",
    "thuocdo.web.headers.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "thuocdo.web.language.chosen.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "thuocdo.web.signed_in.ActorMiddleware",
    "thuocdo.web.errors.Refusals",
]

ROOT_URLCONF = "thuocdo.project.urls"
ASGI_APPLICATION = "thuocdo.project.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # One folder per screen: web/rankings/page.html is the template "rankings/page.html".
        # Those of web/sign_in bear the names by which allauth asks for them.
        "DIRS": [PACKAGE / "web", PACKAGE / "web" / "sign_in"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "thuocdo.web.context.instance",
            ],
            # The design (docs/design.md) is at hand in every template without a load tag.
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "thuocdo.web.design.figures",
                "thuocdo.web.design.marks",
                "thuocdo.web.design.ruler",
                "thuocdo.web.design.milestones",
                "thuocdo.web.design.blocks",
                "thuocdo.web.design.tables",
                "thuocdo.web.design.menu",
                "thuocdo.web.design.live",
                "thuocdo.web.charts.figure",
                "thuocdo.web.figures.marks",
                "thuocdo.web.notices.bell",
            ],
        },
    }
]
FORM_RENDERER = "thuocdo.web.design.forms.Renderer"


def _database() -> dict[str, Any]:
    """The one database: SQLite with write-ahead log and immediate transactions, or PostgreSQL."""
    config: dict[str, Any] = dict(dj_database_url.parse(ENVIRONMENT.database_address(), conn_max_age=60))
    if "sqlite" in config["ENGINE"]:
        config["CONN_MAX_AGE"] = None
        config["OPTIONS"] = {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            " PRAGMA cache_size=-8000; PRAGMA mmap_size=268435456;",
        }
    return config


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "thuocdo"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["thuocdo.web.sign_in.backend.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "thuocdo.web.sign_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Thước Đo"
# Browsers call localhost a secure place; elsewhere passkeys need HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENVIRONMENT.thuocdo_https
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENVIRONMENT.thuocdo_https
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.thuocdo_https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.thuocdo_https else None
X_FRAME_OPTIONS = "DENY"

# Vietnamese is the source language of every string; the English catalogue is complete.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "thuocdo.web.formats"

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
# A server collects the files when it starts (statics.py); everything else finds them in the packages.
STATIC_ROOT = None
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_AUTOREFRESH = DEBUG
# Uploads are kept outside any served folder, under the SHA-256 of their content.
STORAGES = {
    "default": {
        "BACKEND": "thuocdo.project.storage.ContentAddressed",
        "OPTIONS": {"location": ENVIRONMENT.home / "files"},
    },
    # Pictures of what was uploaded, under the digest of the original; they can be made again at any time.
    "previews": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": ENVIRONMENT.home / "previews", "allow_overwrite": True},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# An upload that was cut off is refused before anything of it is kept.
FILE_UPLOAD_HANDLERS = [
    "thuocdo.web.uploads.WholeUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
MAX_UPLOAD = ENVIRONMENT.thuocdo_max_upload
# Raw events: where they are landed, what computes over them, with which secret personal columns are hashed.
FEEDS_FOLDER = ENVIRONMENT.home / "feeds"
FEEDS_ENGINE = ENVIRONMENT.thuocdo_feeds_engine
FEEDS_MEMORY = ENVIRONMENT.thuocdo_feeds_memory
FEEDS_THREADS = ENVIRONMENT.thuocdo_feeds_threads
FEEDS_SALT = ENVIRONMENT.feeds_salt
# Keys of parent instances, each in a file of its own; and from what the secrets of receivers of events are computed.
PARTNERS_FOLDER = ENVIRONMENT.home / "partners"
WEBHOOK_SECRET = ENVIRONMENT.webhook_secret
# Receivers in closed networks, by name; every other one must have a public address and speak HTTPS.
WEBHOOK_HOSTS = ENVIRONMENT.webhook_hosts
DATA_UPLOAD_MAX_MEMORY_SIZE = 24_000_000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "slow"]}}
# What follows from an entry of the ledger; the ledger finds its reactions by this name only.
LEDGER_REACTIONS = "thuocdo.project.reactions.REACTIONS"
LEDGER_COVERING = "thuocdo.project.reactions.COVERING"


def _mail() -> dict[str, Any]:
    """Django's mail settings from one address; without one, messages are printed."""
    if not ENVIRONMENT.thuocdo_email_url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    url = urlsplit(ENVIRONMENT.thuocdo_email_url)
    is_wrapped = url.scheme == "smtps"
    return {
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or (465 if is_wrapped else 587),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": is_wrapped,
        # A relay on the same network may speak without encryption; it has to be said.
        "EMAIL_USE_TLS": not is_wrapped and parse_qs(url.query).get("tls") != ["0"],
        # A server that does not answer must not hold the worker.
        "EMAIL_TIMEOUT": 10,
    }


globals().update(_mail())
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.thuocdo_email_from
# Links in mail begin with this.
BASE_URL = ENVIRONMENT.thuocdo_base_url

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
