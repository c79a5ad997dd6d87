"""The one settings file. Machines differ by their environment, read here alone.

README.md lists the variables; an optional file `.env` beside `manage.py` may hold them.
"""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import languages

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # all that the site writes beside its database
VAR_DIR.mkdir(exist_ok=True)

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)

# Who and where we are

if DEBUG:
    SECRET_KEY = env.str("SECRET_KEY", default="only-for-a-developer's-own-machine")
else:
    SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Keys of addresses must outlive a change of SECRET_KEY: who signed once would
# otherwise count twice.
ADDRESS_KEY: str = env.str("ADDRESS_KEY", default=SECRET_KEY)

SITE_NAME: str = env.str("SITE_NAME", default="Undersigned")
BRAND_COLOR: str = env.str("BRAND_COLOR", default="#7a1f4b").lower()
# On dark pages; without it, the brand's colour as light as it takes to be read there.
BRAND_COLOR_DARK: str = env.str("BRAND_COLOR_DARK", default="").lower()
SITE_LOGO: str = env.str("SITE_LOGO", default="")  # the path of an SVG, PNG or WebP
SITE_URL: str = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEBUG else []
)
CONTACT_EMAIL: str = env.str("CONTACT_EMAIL", default="")
# Where "Exit this page" leads: a neutral page that many people visit.
EXIT_URL: str = env.str("EXIT_URL", default="https://www.bbc.co.uk/weather")
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", default=0)

# What we are made of

INSTALLED_APPS = [
    "config.apps.UndersignedAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "config.apps.LogInConfig",
    "allauth.mfa",
    "config.apps.LogInSessionsConfig",
    "csp",
    "django_countries",
    "petitions",
    "signatures",
    "campaigns",
]

MIDDLEWARE = [
    # What each answer says to browsers, redirects, files and failures among them
    "config.middleware.content_policy",
    "config.middleware.isolation_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "config.middleware.language_from_path",
    "django.middleware.common.CommonMiddleware",
    "config.errors.ErrorPages",
    "config.bounds.bounded_posts",
    "config.middleware.only_read_and_post",
    "config.middleware.Sessions",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.middleware.Accounts",
    "config.middleware.Messages",
    "config.middleware.LogInFlows",
    "config.accounts.sessions.end_old_sessions",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.site",
            ],
        },
    },
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The database

DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'site.sqlite3'}")
}
_database = DATABASES["default"]
_options: dict[str, object] = _database.setdefault("OPTIONS", {})
_database["CONN_MAX_AGE"] = None  # each thread keeps its own: that is the pool
_database["CONN_HEALTH_CHECKS"] = True  # for free: see config/postgresql
# For how many seconds a statement may take, and half of that wait for a lock; 0 is for
# ever. config/wsgi.py sets it: requests are bound by it, commands and the worker not.
DATABASE_PATIENCE: int = env.int("DATABASE_PATIENCE", default=0)
if _database["ENGINE"].endswith("postgresql"):
    _database["ENGINE"] = "config.postgresql"
    _defaults: dict[str, object] = {
        "server_side_binding": True,  # values travel beside the statement, not in it
        "prepare_threshold": 2,  # what comes for the third time is parsed no more
        "connect_timeout": 3,  # seconds, then the page says that the database is away
        # A server that fell silent is given up: idle after 30 + 3 × 5 s, amid a
        # statement after 15 s.
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
    }
    if DATABASE_PATIENCE:
        _defaults["options"] = (
            f"-c statement_timeout={DATABASE_PATIENCE}s "
            f"-c lock_timeout={DATABASE_PATIENCE * 500}ms"
        )
    _database["OPTIONS"] = {**_defaults, **_options}  # DATABASE_URL has the last word
else:
    _options.update(
        {
            # Writers queue up before they read, so that none ends in "locked" …
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # … unless it has waited for as many seconds
            # WAL: readers and the one writer do not wait for each other. FULL: an
            # acknowledged signature survives a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            # What is deleted is overwritten, so that the file does not remember it.
            "PRAGMA secure_delete=ON;",
        }
    )

# Languages, time

LANGUAGE_CODE = "en"
# A folder of the site's own: more languages, or other words than ours.
LOCALE_DIR: str = env.str("LOCALE_DIR", default="")
LOCALE_PATHS = [*([Path(LOCALE_DIR)] if LOCALE_DIR else []), BASE_DIR / "locale"]
LANGUAGES = languages.found_in(LOCALE_PATHS)
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "config.formats"  # how days are written; else as Django has it
NUMBER_GROUPING = 3  # where a language (Arabic, in Django) does not say how it groups

# The page store, which answers for a moment with the page that was made last

STORE_SECONDS: float = env.float("STORE_SECONDS", default=0 if DEBUG else 1)
STORE_BYTES: int = env.int("STORE_BYTES", default=32 * 1024 * 1024)
PAGES_DIR = VAR_DIR / "pages"  # for when the database is away

# Pieces of pages, which templates keep by what they are made of; each process its own.
# With DEBUG none is kept, so that an edited template shows.
_memory = "dummy.DummyCache" if DEBUG else "locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "template_fragments": {
        "BACKEND": f"django.core.cache.backends.{_memory}",
        "LOCATION": "pieces",
        "OPTIONS": {"MAX_ENTRIES": 1000},  # of a few KB each; the oldest make room
    },
}

# Files

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "media/"
MEDIA_ROOT = VAR_DIR / "media"
DRAFTS_DIR = VAR_DIR / "drafts"  # pictures of petitions that nobody has confirmed yet
_static_storage = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static_storage},
}
# Font files (TTF) for hand-overs in more scripts; names are separated by commas.
PDF_FONTS: list[str] = env.list("PDF_FONTS", default=[])
FILE_UPLOAD_PERMISSIONS = 0o640
# For the admin: what strangers may post is less (config/bounds.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # one long story; pictures do not count
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000  # a hundred targets on a petition's page
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# Backups

# A public key of age: whoever finds a backup cannot read it without the secret one.
BACKUP_KEY: str = env.str("BACKUP_KEY", default="")
# Where the worker writes the numbers of erased signatures, for a backup to follow.
ERASURES_FILE: str = env.str("ERASURES_FILE", default="")

# Mail

_email_default = f"filemail:///{VAR_DIR / 'mail'}" if DEBUG else env.NOTSET
EMAIL_FILE_PATH = ""  # where EMAIL_URL begins with filemail
vars().update(env.email_url("EMAIL_URL", default=_email_default))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <petitions@localhost>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# How long a worker keeps a mail to itself: if it dies, another takes over then.
MAIL_LEASE = timedelta(seconds=env.int("MAIL_LEASE", default=60))
# How many mails a worker sends at the same time, each over a connection of its own. On
# SQLite they would wait for each other, and whoever signs for all of them.
_is_sqlite = _database["ENGINE"].endswith("sqlite3")
MAIL_CONNECTIONS: int = env.int("MAIL_CONNECTIONS", default=1 if _is_sqlite else 4)
if MAIL_CONNECTIONS < 1:
    raise ImproperlyConfigured("MAIL_CONNECTIONS is below 1: no mail would be sent.")
# How many mails the site sends in a minute, and to one domain; 0 for no limit. What is
# over it waits.
MAILS_A_MINUTE: int = env.int("MAILS_A_MINUTE", default=0)
MAILS_A_MINUTE_PER_DOMAIN: int = env.int("MAILS_A_MINUTE_PER_DOMAIN", default=0)

# How many signatures from one network within the hour are taken as they are, and how
# many at all; 0 for no limit.
SIGNINGS_HELD_ABOVE: int = env.int("SIGNINGS_HELD_ABOVE", default=100)
SIGNINGS_REFUSED_ABOVE: int = env.int("SIGNINGS_REFUSED_ABOVE", default=1000)

# What the site promises to signers

REASONS_SHOWN: str = env.str("REASONS_SHOWN", default="after_review")
PENDING_KEPT = timedelta(days=14)
# For how long after a petition's end names, addresses and reasons are kept. Who signs
# is promised this; a longer time holds only for those who sign after it was set.
SIGNERS_KEPT = timedelta(days=env.int("SIGNERS_KEPT_DAYS", default=183))
SENSITIVE_SIGNERS_KEPT = timedelta(days=env.int("SENSITIVE_SIGNERS_KEPT_DAYS", 30))
# After how long without a sign of its organizers they are asked whether a petition
# that is open is still theirs; 0 for never.
ORPHANED_AFTER = timedelta(days=env.int("ORPHANED_AFTER_DAYS", default=180))

# Accounts: organizers and staff only

AUTH_USER_MODEL = "petitions.Account"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in [
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("UserAttributeSimilarityValidator", {"user_attributes": ["email", "name"]}),
    ]
]

# Log-in of organizers and staff: see config/accounts. Who may come in is made in the
# admin: there is no sign-up, and no page of allauth's but those that are routed there.

# Without it a password alone opens the admin: for a developer's own machine.
SECOND_FACTOR: bool = env.bool("SECOND_FACTOR", default=not DEBUG)
AUTHENTICATION_BACKENDS = ["config.accounts.backends.ByAccount"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_RESET_TIMEOUT = 3 * 3600
ACCOUNT_ADAPTER = "config.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers' mailboxes are not ours to fill
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {
    # Who is logged in locks nobody out. All else is counted exactly, by throttles.py.
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    **dict.fromkeys(["login", "login_failed", "signup", "reset_password"]),
    **dict.fromkeys(["reset_password_from_key", "manage_email", "confirm_email"]),
}
ACCOUNT_FORMS = {
    "login": "config.accounts.forms.LogInForm",
    "reauthenticate": "config.accounts.forms.PasswordAgainForm",
    "change_password": "config.accounts.forms.NewPasswordForm",
    "reset_password": "config.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "config.accounts.forms.PasswordByMailForm",
}
MFA_ADAPTER = "config.accounts.adapters.FactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an owner has typed the address, and nobody else
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be off by half a minute
MFA_RATE_LIMITS = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_URL.startswith("http://localhost")
MFA_FORMS = {
    "authenticate": "config.accounts.forms.CodeForm",
    "reauthenticate": "config.accounts.forms.CodeAgainForm",
    "activate_totp": "config.accounts.forms.FirstCodeForm",
    "add_webauthn": "config.accounts.forms.PasskeyForm",
    "edit_webauthn": "config.accounts.forms.PasskeyNameForm",
}

# Browsers

_is_https = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = _is_https
# To ourselves, whatever host and port a request names.
SECURE_SSL_HOST = SITE_URL.removeprefix("https://") if _is_https else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _is_https
SECURE_HSTS_PRELOAD = _is_https
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

SESSION_COOKIE_NAME = "__Host-session" if _is_https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _is_https else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 15 * 60  # without a page; how long in all: see sessions.py
SESSION_SAVE_EVERY_REQUEST = True
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SILENCED_SYSTEM_CHECKS = (
    [] if _is_https else ["security.W004", "security.W008", "security.W012"]
)

# Logs: ids and events, never names or addresses

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "config.logs.Line",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"without_secrets": {"()": "config.logs.WithoutSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        # Refusals (4xx) are no news; a page that failed is, but not its token.
        "django.request": {
            "handlers": ["console"],
            "level": "ERROR",
            "propagate": False,
            "filters": ["without_secrets"],
        },
        # At DEBUG these write down whole pages and rows, whoever asks for that.
        **{name: {"level": "INFO"} for name in ["django.template", "django.db"]},
        # What no font can write is part of somebody's name.
        **{name: {"level": "ERROR"} for name in ["fpdf", "fontTools"]},
        "config": {"handlers": ["console"], "level": "INFO"},
        **{
            name: {"handlers": ["console"], "level": "INFO", "propagate": False}
            for name in ["petitions", "signatures", "campaigns"]
        },
    },
}
