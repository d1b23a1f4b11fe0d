"""Settings, from the environment, safe for production where nothing is set. docs/operators.md lists the variables."""

import contextlib
import os
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from entities.numbers import integer_or_none
from nato_support.data_licence import RIGHTS_NOTICE
from nato_support.desk.admin_settings import UNFOLD  # noqa: F401
from nato_support.serving.email_url import parse_email_url
from nato_support.serving.proxies import SCHEME_KEY, canonical_trusted_proxies
from nato_support.serving.site_address import hostname_of, parse_site_url

BASE_DIR = Path(__file__).resolve().parent.parent
# Private state of this installation beside its database: the secret key, the demo's passwords, exports.
STATE_DIR = Path(os.environ.get("STATE_DIR", BASE_DIR / "var"))


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def env_flag(name: str, default: bool = False) -> bool:
    text = os.environ.get(name, "").strip().lower()
    if text not in ("", "0", "false", "no", "off", "1", "true", "yes", "on"):
        raise ImproperlyConfigured(f"{name} is {text!r}; it takes 1 or 0.")
    return text in ("1", "true", "yes", "on") if text else default


def env_number(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip()
    number = integer_or_none(text) if text else default
    if number is None:
        raise ImproperlyConfigured(f"{name} is {text!r}; it takes a whole number.")
    return number


def read_or_create_secret_key(path: Path) -> str:
    """Return the random key of this installation, created at its first start and readable by its owner alone."""
    if not path.exists():
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:
                draft.write(secrets.token_urlsafe(48))
                draft.flush()
                # If several processes start for the first time, one links its complete key and the others read it.
                with contextlib.suppress(FileExistsError):
                    os.link(draft.name, path)
        except OSError as error:
            raise ImproperlyConfigured(f"Set SECRET_KEY to a long random text; none could be kept in {path}: {error}") from error
    return path.read_text()


# Basics

DEBUG = env_flag("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY") or read_or_create_secret_key(STATE_DIR / "secret_key")
ROOT_URLCONF = "nato_support.urls"
WSGI_APPLICATION = "nato_support.wsgi.application"
ASGI_APPLICATION = "nato_support.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Public address. Every absolute link begins with SITE_URL; without it, as in development, with the host of the request.

SITE_URL = parse_site_url(os.environ.get("SITE_URL", ""))
_SITE_HOST = hostname_of(SITE_URL)
_OVER_TLS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost")
ALLOWED_HOSTS += [_SITE_HOST] if _SITE_HOST and _SITE_HOST not in ALLOWED_HOSTS else []
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
CSRF_TRUSTED_ORIGINS += [SITE_URL] if SITE_URL and SITE_URL not in CSRF_TRUSTED_ORIGINS else []
# The operator's own proxies, whose headers on the client's address and scheme are accepted (nato_support.serving.proxies).
TRUSTED_PROXIES = canonical_trusted_proxies(env_list("TRUSTED_PROXIES"))
SECURE_PROXY_SSL_HEADER = (SCHEME_KEY, "https")
# Without a trusted proxy it is unknown which requests came over TLS, and they would be redirected for ever.
SECURE_SSL_REDIRECT = env_flag("SECURE_SSL_REDIRECT", _OVER_TLS and bool(TRUSTED_PROXIES))
SECURE_SSL_HOST = SITE_URL.removeprefix("https://") if _OVER_TLS else None
SECURE_HSTS_SECONDS = env_number("SECURE_HSTS_SECONDS", 2_592_000 if _OVER_TLS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env_flag("SECURE_HSTS_INCLUDE_SUBDOMAINS")
SECURE_HSTS_PRELOAD = env_flag("SECURE_HSTS_PRELOAD")
# The operator decides on HSTS for other subdomains.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# Apps

INSTALLED_APPS = [
    "nato_support",
    "nato_support.publishing",
    "nato_support.exchange",
    "nato_support.reports",
    "nato_support.desk",
    "sources",
    "entities",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.simple_history",
    "nato_support.desk.apps.AdminOnDemandConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "simple_history",
    "django_extensions",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "nato_support.serving.health.HealthMiddleware",
    "nato_support.serving.proxies.TrustedProxyMiddleware",
    "nato_support.serving.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "nato_support.api.middleware.ApiShortcutMiddleware",
    "nato_support.pages.middleware.PageShortcutMiddleware",
    "nato_support.serving.content_security.ContentSecurityMiddleware",
    "nato_support.serving.uncacheable_admin_pages.UncacheableAdminPagesMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nato_support.serving.outages.RequireDatabaseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "nato_support.desk.request_size_limit.RequestSizeLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "nato_support.desk.change_set_middleware.ChangeSetMiddleware",
    "axes.middleware.AxesMiddleware",
    "nato_support.serving.unstorable_values.UnstorableValueMiddleware",
]

DESK = BASE_DIR / "nato_support" / "desk"
DESK_PARTS = [
    DESK,
    *(
        DESK / part
        for part in (
            "dashboard",
            "doubts",
            "evidence",
            "pictures",
            "records",
            "reports",
            "review",
            "spreadsheets",
            "teamwork",
            "text_search",
        )
    ),
]
PAGES = BASE_DIR / "nato_support" / "pages"
TEMPLATE_DIRS = [part / "templates" for part in (*DESK_PARTS[1:], BASE_DIR / "nato_support" / "api", PAGES)]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # The desk's packages keep their templates beside their code; they come first, since some replace Unfold's.
        "DIRS": TEMPLATE_DIRS,
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["nato_support.pages.language_tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Database: SQLite beside the project unless DATABASE_URL says otherwise

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{BASE_DIR / 'register.sqlite3'}", conn_max_age=600, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Without IMMEDIATE a transaction that reads before it writes fails at once under a second writer.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
            " PRAGMA mmap_size=1073741824; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    # An unreachable server is noticed within seconds, not minutes.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

# Language and time: the register and its admin are in English, and its instants are UTC

LANGUAGE_CODE = "en-gb"
# Those of the public pages (nato_support.pages.languages). No middleware chooses one: the admin and the API have one language.
LANGUAGES = [("en-gb", "English"), ("uk", "Українська")]
LANGUAGE_COOKIE_NAME = "lang"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = "nato_support.desk.formats"

# Files

STATIC_URL = "static/"
STATICFILES_DIRS = [part / "static" for part in (*DESK_PARTS[1:], PAGES)]
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "nato_support.staticfiles.HashedStaticFilesStorage"
    },
}
# Snapshots of the public register, as exports/ serves them.
EXPORTS_DIR = Path(os.environ.get("EXPORTS_DIR", STATE_DIR / "exports"))
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
# Enough for a pasted text of five million characters; only pages for texts allow it (nato_support.desk.request_size_limit).
DATA_UPLOAD_MAX_MEMORY_SIZE = 26_000_000

# Passwords and sessions

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG and not SITE_URL.startswith("http://")
LOGIN_REDIRECT_URL = "admin:index"

# Lockout: too many wrong passwords for one name from one address (nato_support.serving.lockout_page)

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = env_number("SIGN_IN_FAILURES", 6)
AXES_COOLOFF_TIME = timedelta(minutes=env_number("SIGN_IN_LOCKOUT_MINUTES", 15))
# Further attempts do not prolong a lockout.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "nato_support.serving.lockout_page.client_address"
AXES_LOCKOUT_CALLABLE = "nato_support.serving.lockout_page.lockout_response"
# Sign-ins are in the request log; no second record is kept.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
# Logs contain addresses, not names: some people type their password into the name field.
AXES_SENSITIVE_PARAMETERS = ["username"]
AXES_VERBOSE = False

# Content security policy (exceptions for the admin: nato_support.serving.content_security)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# Logs: one line each on the console, with the request's id

# Successful public reads are numerous, and proxies log them too, so they are logged only on request.
LOG_PUBLIC_READS = env_flag("LOG_PUBLIC_READS")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "nato_support.serving.request_log.RequestIdFilter"}},
    "formatters": {"one_line": {"()": "nato_support.serving.request_log.OneLineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "one_line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django's default configuration sends mail and filters; here everything goes to the console.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Failed sign-ins and lockouts.
        "axes": {"level": "WARNING"},
        "nato_support": {"level": "INFO"},
    },
}

# History

SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = True

# Review: changes are published by somebody other than their author, unless the desk has only one editor

REVIEW_BY_ANOTHER = env_flag("REVIEW_BY_ANOTHER", True)

# Mail about what waits for editors, through EMAIL_URL: smtp://user:password@host:587/?tls=1, console: or, if empty, none

_MAIL = parse_email_url(os.environ.get("EMAIL_URL", ""))
SENDS_MAIL = _MAIL.is_set_up
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = _MAIL.backend, _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.use_tls, _MAIL.use_ssl
EMAIL_TIMEOUT = env_number("EMAIL_TIMEOUT", 10)
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or f"register@{_SITE_HOST or 'localhost'}"
EMAIL_SUBJECT_LABEL = "NATO support register"

# Reports of readers about published facts, to the editors (nato_support.reports)

READER_REPORTS = env_flag("READER_REPORTS", True)
# Most reports from one address and in all, as for API_RATE; or off.
REPORT_RATE = os.environ.get("REPORT_RATE") or "10/day"
REPORT_TOTAL_RATE = os.environ.get("REPORT_TOTAL_RATE") or "500/day"
# A form that is sent sooner than this was probably filled in by a program; it may be sent again.
REPORT_SECONDS = env_number("REPORT_SECONDS", 3)

# The API, read-only: nato_support.api answers; DRF and drf-spectacular describe it

# Rate limit for each address, such as 600/minute, or off; if empty, api.throttle.DEFAULT_RATE, with loopback not counted.
API_RATE = os.environ.get("API_RATE", "")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "nato_support.api.openapi_operations.DocumentedViewSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "NATO's support for Ukraine: a register",
    "DESCRIPTION": ("Who promised what, where, to whom, according to whom. Each fact rests on a quotation.\n\n" + RIGHTS_NOTICE),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # A list of operations, each laid out when somebody opens it.
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "docExpansion": "list",
        "defaultModelsExpandDepth": -1,
        "defaultModelExpandDepth": 1,
    },
    "POSTPROCESSING_HOOKS": ["nato_support.api.openapi.finish_openapi_document"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}
