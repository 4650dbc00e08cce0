"""Settings of every process, read from the environment and the data directory."""

import os
from pathlib import Path

from tansiq.config.database import data_directory, databases, direct_parameters, secret

ROOT = Path(__file__).resolve().parents[2]
DATA = data_directory()


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "").lower() in {"1", "true", "yes", "on"}


def _listed(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


SECRET_KEY = secret("django.key").hex()
CONTEXT_KEY = secret("context.key")
DEBUG = False
ALLOWED_HOSTS = _listed("TANSIQ_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _listed("TANSIQ_ORIGINS")
BEHIND_TLS = _flag("TANSIQ_TLS")
SAMPLE_WITHOUT_MFA = _flag("TANSIQ_SAMPLE_WITHOUT_MFA")  # refused on any database but the sample's

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "tansiq.building.wall",
    "tansiq.building.ledger",
    "tansiq.building.people",
    "tansiq.building.rooms",
    "tansiq.building.places",
    "tansiq.building.clocks",
    "tansiq.building.doors",
    "tansiq.desks.impediments",
    "tansiq.desks.coordination",
    "tansiq.desks.transport",
    "tansiq.desks.requests",
    "tansiq.desks.aid",
    "tansiq.desks.distribution",
    "tansiq.desks.crossings",
    "tansiq.desks.needs",
    "tansiq.floor",
    "tansiq.api",
    "tansiq.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tansiq.building.people.middleware.session_limits",
    "tansiq.building.people.middleware.second_factor",
    "tansiq.building.people.middleware.account_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tansiq.building.rooms.pages.ActingMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tansiq.config.views.unreadable",
]

ROOT_URLCONF = "tansiq.config.urls"
ASGI_APPLICATION = "tansiq.config.asgi.application"
DATABASES = databases()
LISTEN_ADDRESS = direct_parameters()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "tansiq" / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["tansiq.config.templatetags.forms"],  # {% csrf_token %} carries the room of the form, too
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "tansiq.config.navigation.navigation",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["tansiq.building.people.sign_in.SignInBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "tansiq.building.people.adapter.AccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Tansiq"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS
CACHES = {  # counts attempts to sign in, for all web processes together; no page is cached
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_attempt",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# --- sessions and headers ---------------------------------------------------------------------------
SESSION_COOKIE_AGE = 12 * 3600  # a shift; then one signs in anew, however busy
SESSION_IDLE_S = int(os.environ.get("TANSIQ_IDLE_S") or 15 * 60)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if BEHIND_TLS else "tansiq_session"
CSRF_COOKIE_NAME = "__Host-csrf" if BEHIND_TLS else "tansiq_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "no-referrer" if BEHIND_TLS else "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_MOST_BYTES = int(os.environ.get("TANSIQ_UPLOAD_MOST_BYTES") or 64 * 1024 * 1024)

# --- languages and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("ar", "العربية"), ("en", "English"), ("he", "עברית")]
LANGUAGE_COOKIE_NAME = "tansiq_language"
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files ------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [("built", ROOT / "frontend" / "dist")] if (ROOT / "frontend" / "dist").is_dir() else []
SERVESTATIC_USE_FINDERS = True  # straight from where the files are; nothing is collected
SERVESTATIC_AUTOREFRESH = False
SERVESTATIC_IMMUTABLE_FILE_TEST = r"^/static/built/assets/.+-[\w-]{8}\."  # the bundler puts a hash into each name
FRONTEND_MANIFEST = ROOT / "frontend" / "dist" / ".vite" / "manifest.json"
VAULT = DATA / "vault"  # sealed originals by SHA-256

# --- ledger -----------------------------------------------------------------------------------------
LEDGER_ORIGIN = os.environ.get("TANSIQ_LEDGER_ORIGIN", "tansiq.example/ledger/1")
LEDGER_TICK_S = int(os.environ.get("TANSIQ_LEDGER_TICK_S") or 30)
LEDGER_PAD = 16

PGHISTORY_ADMIN_CLASS = "pghistory.admin.EventModelAdmin"
PROCRASTINATE_ON_APP_READY = None
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"  # each desk's background work
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}  # a clock's sweep every few seconds leaves no rows
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("TANSIQ_LOG_LEVEL", "WARNING")},
}
