"""Every setting of the product, each with a default that works on one machine and an environment variable."""

import os
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import SELF

from twincitylab.config.home import (
    DATABASE,
    DEMONSTRATION_DATABASE,
    data_home,
    lasting_secret,
    only_a_demonstration_is_there,
)

env = environ.Env()

# Before NumPy is imported: several native thread pools in one process only get into each other's way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

HOME: Path = data_home()
BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG: bool = env.bool("TWINCITYLAB_DEBUG", default=False)
# The page that shows every component once; for those who build pages.
GALLERY: bool = DEBUG
SECRET_KEY: str = env.str("TWINCITYLAB_SECRET_KEY", default="") or lasting_secret(HOME)
# A world of invented communities, in a database of its own; every page says so.
DEMONSTRATION: bool = env.bool(
    "TWINCITYLAB_DEMONSTRATION",
    default="DATABASE_URL" not in os.environ and only_a_demonstration_is_there(HOME),
)
ALLOWED_HOSTS: list[str] = env.list("TWINCITYLAB_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
# Where people reach the site: links in mails begin so, and https makes every cookie travel encrypted only.
SITE_ADDRESS: str = env.str("TWINCITYLAB_ADDRESS", default="http://127.0.0.1:8000").rstrip("/")
if "TWINCITYLAB_ADDRESS" in os.environ:
    _host = urlsplit(SITE_ADDRESS).hostname or ""
    ALLOWED_HOSTS.append(f"[{_host}]" if ":" in _host else _host)
IS_HTTPS = SITE_ADDRESS.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    # Before allauth, so that its pages and mails are ours.
    "twincitylab.base",
    "twincitylab.atlas",
    "twincitylab.community",
    "twincitylab.matching",
    "twincitylab.partnerships",
    "twincitylab.web",
    "twincitylab.api",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "twincitylab.web.middleware.VaryByLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "twincitylab.web.middleware.SpeakAsThePersonWishes",
    "allauth.account.middleware.AccountMiddleware",
    "twincitylab.web.middleware.RememberSessions",
    "twincitylab.web.middleware.AnswerSignUpsAlike",
    "twincitylab.web.middleware.SayWhenAFormIsWrong",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "twincitylab.web.middleware.AnswerPlainly",
]

ROOT_URLCONF = "twincitylab.config.urls"
WSGI_APPLICATION = "twincitylab.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "twincitylab.base.components",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]

_file = HOME / (DEMONSTRATION_DATABASE if DEMONSTRATION else DATABASE)
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{_file}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a deferred transaction that turns into a write is told "locked" at once, without waiting.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("TWINCITYLAB_CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Our queries are short; compiling them takes longer than running them.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c jit=off"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "community.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_REDIRECT_URL = "/me/"
LOGIN_URL = "account_login"

# Without a mail server mails are kept as files, and the start of the server says so. So they always are in a
# demonstration: its people are invented, and everybody may act for them.
MAIL_FOLDER = HOME / "mail"
globals().update(
    env.email_url("TWINCITYLAB_EMAIL_URL")
    if os.environ.get("TWINCITYLAB_EMAIL_URL") and not DEMONSTRATION
    else {"EMAIL_BACKEND": "twincitylab.base.mail.Folder", "EMAIL_FILE_PATH": str(MAIL_FOLDER)}
)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL: str = env.str("TWINCITYLAB_FROM_EMAIL", default="Twin City Lab <lab@localhost>")

ACCOUNT_ADAPTER = "twincitylab.community.receivers.accounts.AccountAdapter"
ACCOUNT_FORMS = {"signup": "twincitylab.community.forms.accounts.SignUpForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
# A code typed into the open page: a link would carry a secret through browsers, logs and mail scanners.
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
# Once in ten seconds by default: a form sent by a double click would then wait for a code that never comes.
ACCOUNT_RATE_LIMITS = {"confirm_email": "3/m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    name: f"twincitylab.community.forms.passkeys.{form}"
    for name, form in {
        "activate_totp": "SetUpAppForm",
        "add_webauthn": "AddPasskeyForm",
        "authenticate": "SecondStepForm",
        "edit_webauthn": "RenamePasskeyForm",
        "reauthenticate": "SecondStepAgainForm",
        "signup_webauthn": "SignUpPasskeyForm",
    }.items()
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_TOTP_ISSUER = "Twin City Lab"
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = True
# Behind how many proxies the site stands: limits count the visitor, not the proxy.
ALLAUTH_TRUSTED_PROXY_COUNT: int = env.int("TWINCITYLAB_PROXIES", default=0)

SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS] if IS_HTTPS else []

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# In the database: how often somebody tried to sign in has to be counted once for all processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "base_remembered",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("ar", "العربية"),
    ("de", "Deutsch"),
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("zh-hans", "简体中文"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# More fonts for PDFs: folders with TTF or OTF files, separated by commas.
FONT_FOLDERS = [Path(folder) for folder in env.list("TWINCITYLAB_FONTS", default=[])]

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns at every start where it is absent
# The API's own pages need ninja's files; as an installed app it would slow down every command by a quarter.
_ninja = find_spec("ninja")
STATICFILES_DIRS = (
    [("ninja", Path(_ninja.origin).parent / "static" / "ninja")] if _ninja and _ninja.origin else []
)
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"/dist/.+\.[0-9a-f]{12}\.[a-z]+$"
WHITENOISE_MAX_AGE = env.int("TWINCITYLAB_STATIC_MAX_AGE", default=3600)

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"keep secrets": {"()": "twincitylab.base.logs.KeepSecrets"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["keep secrets"]}
    },
    # Not Django's own handlers, which would write every address as it is.
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
    "root": {"handlers": ["console"], "level": env.str("TWINCITYLAB_LOG_LEVEL", default="WARNING")},
}

# How many requests for data or lists with own weights one address may send a minute; 0: no limit.
API_RATE_PER_MINUTE: int = env.int("TWINCITYLAB_API_RATE", default=120)
