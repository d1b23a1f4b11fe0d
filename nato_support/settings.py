"""Settings, from the environment, safe for production where nothing is set.

DATABASE_URL, SECRET_KEY, ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS, STATE_DIR, EXPORTS_DIR, DEBUG, API_RATE,
API_TRUSTED_PROXIES; see docs/operators.md.
"""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from nato_support.desk.admin_settings import UNFOLD  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent
# What this installation keeps for itself beside its database: its secret key, the demo's passwords.
STATE_DIR = Path(os.environ.get("STATE_DIR", BASE_DIR / "var"))


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def own_secret_key(path: Path) -> str:
    """The random key of this installation, made at its first start and readable by its owner alone."""
    if not path.exists():
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:
                draft.write(secrets.token_urlsafe(48))
                draft.flush()
                # Of several processes at the first start one gives the key, whole, and the others take it.
                with contextlib.suppress(FileExistsError):
                    os.link(draft.name, path)
        except OSError as error:
            raise ImproperlyConfigured(f"Set SECRET_KEY to a long random text; none could be kept in {path}: {error}") from error
    return path.read_text()


# Basics

DEBUG = os.environ.get("DEBUG", "").lower() in ("1", "true", "yes", "on")
SECRET_KEY = os.environ.get("SECRET_KEY") or own_secret_key(STATE_DIR / "secret_key")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
ROOT_URLCONF = "nato_support.urls"
WSGI_APPLICATION = "nato_support.wsgi.application"
ASGI_APPLICATION = "nato_support.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Apps

INSTALLED_APPS = [
    "nato_support",
    "nato_support.publishing",
    "nato_support.exchange",
    "nato_support.desk",
    "sources",
    "entities",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
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
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "nato_support.api.middleware.PublicReadMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "nato_support.desk.request_size_limit.RequestSizeLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "nato_support.desk.change_set_middleware.ChangeSetMiddleware",
]

DESK = BASE_DIR / "nato_support" / "desk"
DESK_PARTS = [DESK, *(DESK / part for part in ("dashboard", "evidence", "records", "review", "spreadsheets"))]
TEMPLATE_DIRS = [part / "templates" for part in (*DESK_PARTS, BASE_DIR / "nato_support" / "api")]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # The desk's parts keep their templates beside their code; they come first, since some stand in for Unfold's.
        "DIRS": TEMPLATE_DIRS,
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
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

# Language and time: the register is written in English, and its instants are UTC

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

# Files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [part / "static" for part in DESK_PARTS[1:]]
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
# A text of five million characters, pasted; only the pages that take texts let so much through (nato_support.desk.request_size_limit).
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
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
LOGIN_REDIRECT_URL = "admin:index"

# History

SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = True

# Review: what somebody wrote is published by somebody else, unless this desk has one person only

REVIEW_BY_ANOTHER = os.environ.get("REVIEW_BY_ANOTHER", "1").lower() not in ("0", "false", "no", "off")

# The API: read only, JSON only; nato_support.api answers, DRF and drf-spectacular describe it

# How much one address may ask, such as 600/minute, or off; empty: api.throttle.DEFAULT_RATE, this machine's own not counted.
API_RATE = os.environ.get("API_RATE", "")
# How many proxies of one's own stand in front, each of which adds the address of who asks it to X-Forwarded-For.
API_TRUSTED_PROXIES = int(os.environ.get("API_TRUSTED_PROXIES", "0"))

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "nato_support.api.openapi.PublicSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "NATO's support for Ukraine: a register",
    "DESCRIPTION": (
        "Who promised what, where, to whom, according to whom. Each fact rests on a quotation.\n\n"
        "The register's data may be used under CC BY 4.0. Quotations belong to those who published them: each document tells"
        " its publisher and, where known, its rights."
    ),
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
    "POSTPROCESSING_HOOKS": ["nato_support.api.openapi.finish_document"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}
