"""All settings in one file. Nothing else reads the environment; docs/operations.md explains every variable here."""

import hashlib
import os
import re
from logging import LogRecord
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.log import CallbackFilter
from django.utils.translation import gettext_lazy as _

from portal import demo, embedded

BASE_DIR = Path(__file__).resolve().parent.parent


class _Environment(environ.Env):
    """The environment; an empty variable counts as not set, for that is how containers pass on what nobody gave."""

    ENVIRON = {name: value for name, value in os.environ.items() if value}


env = _Environment()
env.read_env(BASE_DIR / ".env")

# --- Where we run ------------------------------------------------------------------------------------------------
PORTAL_DATA = Path(env.str("PORTAL_DATA", str(BASE_DIR / "var"))).resolve()
EMBEDDED_DATABASE = not env.str("DATABASE_URL", "")
if env.bool("DEMO", False):
    env.read_env(demo.environment_make(PORTAL_DATA))
elif EMBEDDED_DATABASE and not env.str("SECRET_KEY", ""):
    # A demo keeps its secret and its flag beside its data, so that commands typed next to it see the same world. Never
    # read when the environment names a database or a secret: a demo's flag must not reach a real installation.
    env.read_env(PORTAL_DATA / "environment")

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
HTTPS = env.bool("HTTPS", not (DEBUG or DEMO))
HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000)
WEB_WORKERS = env.int("WEB_WORKERS", 2)
WEB_THREADS = env.int("WEB_THREADS", 4)
CELERY_WORKERS = env.int("CELERY_WORKERS", 2)

# --- Secrets and hosts -------------------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", "development-only, never in production" if DEBUG else "")
if not DEBUG:
    if not SECRET_KEY:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing. Set it to at least 50 random characters, for example from "
            "`python -c 'import secrets; print(secrets.token_urlsafe(64))'`. (For a first look: `make demo`.)"
        )
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10 or SECRET_KEY.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            "SECRET_KEY is weak. Use at least 50 random characters, at least 10 of them different."
        )
# Where people's browsers find us, and where the store's servers do, when that is another address (containers).
PORTAL_URL = env.str("PORTAL_URL", f"http://{HOST}:{PORT}").rstrip("/")
PORTAL_INTERNAL_URL = env.str("PORTAL_INTERNAL_URL", PORTAL_URL).rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if DEBUG else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # asked from inside, over plain HTTP
if PORTAL_INTERNAL_URL.startswith("http://"):
    SECURE_REDIRECT_EXEMPT += [
        r"^webhooks/saleor/$",
        r"^saleor/(manifest|register)/$",
    ]  # so does the store, which follows no redirect
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", False)
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# --- Apps --------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal",
    "portal.accounts",
    "portal.outbox",
    "portal.notices",
    "portal.promises",
    "portal.saleor",
    "catalog",
    "warranty",
    "orders",
    "frontend",
    "portal.webhooks",
    "allauth",
    "allauth.account",
    "graphene_django",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # why that is safe here: docs/adr/0085
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.languages.AccountLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
                "frontend.shell.shell",
            ]
        },
    }
]

# --- Data --------------------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", "") or embedded.url(PORTAL_DATA)
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"] |= {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", 60), "CONN_HEALTH_CHECKS": True}
if "postgresql" not in DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgresql://user:password@host/name")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The cache counts log-in attempts, so all workers must share one. A table is enough; CACHE_URL names something faster.
CACHES = {"default": env.cache_url("CACHE_URL", "dbcache://portal_cache")}

# --- People ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "portal.accounts.adapter.ClosedSignupAdapter"  # people are invited by staff, never by themselves
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # whoever types a stranger's address sends that stranger no letter
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key"}  # the rest as allauth has it
LOGIN_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"
LOGIN_URL = "account_login"

# --- Languages and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean")), ("ja", _("Japanese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = PORTAL_DATA / "static"
_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "frontend.styles.BundledStorage"
STORAGES = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": {"BACKEND": _STATIC}}
MEDIA_ROOT = PORTAL_DATA / "media"
FILE_UPLOAD_HANDLERS = [
    "frontend.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Mail --------------------------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", "consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")

# --- Work behind the pages ---------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "filesystem://localhost")
_BROKER = PORTAL_DATA / "broker"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "data_folder_in": str(_BROKER / "queue"),
        "data_folder_out": str(_BROKER / "queue"),
        "control_folder": str(_BROKER / "control"),
    }
    if CELERY_BROKER_URL.startswith("filesystem:")
    else {}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2  # seconds a buyer may wait for a doorbell that is out of order
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(PORTAL_DATA / "beat-schedule")
# Seconds between runs. A task here must be harmless when it runs twice or late.
CELERY_BEAT_SCHEDULE = {
    "outbox-sweep": {"task": "portal.outbox.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "outbox-prune": {"task": "portal.outbox.tasks.prune", "schedule": 3600.0, "options": {"expires": 3600}},
    "cards-ask": {"task": "orders.tasks.card_ask", "schedule": 600.0, "options": {"expires": 600}},
    "cards-sweep": {"task": "orders.tasks.card_sweep", "schedule": 600.0, "options": {"expires": 600}},
    "stripe-ask": {"task": "portal.webhooks.tasks.stripe_ask", "schedule": 600.0, "options": {"expires": 600}},
    "webhooks-prune": {"task": "portal.webhooks.tasks.prune", "schedule": 3600.0, "options": {"expires": 3600}},
    "promises-sweep": {"task": "portal.promises.tasks.sweep", "schedule": 60.0, "options": {"expires": 60}},
    "money-sweep": {"task": "orders.tasks.money_sweep", "schedule": 600.0, "options": {"expires": 600}},
    "store-orders": {"task": "orders.tasks.store_sweep", "schedule": 600.0, "options": {"expires": 600}},
    "search-terms": {"task": "catalog.tasks.search_terms_count", "schedule": 3600.0, "options": {"expires": 3600}},
    "store-sweep": {
        "task": "portal.webhooks.tasks.store_sweep_all",
        "schedule": env.float("STORE_SWEEP_SECONDS", 3600.0),
        "options": {"expires": 600},
    },
    "store-back": {"task": "portal.saleor.tasks.back", "schedule": 15.0, "options": {"expires": 15}},
    "store-check": {"task": "portal.saleor.tasks.check", "schedule": 300.0, "options": {"expires": 300}},
    "heartbeat": {"task": "portal.tasks.heartbeat", "schedule": 10.0, "options": {"expires": 10}},
}
# Outbox message kind -> dotted path of the task that handles it. A lower app writes, a higher one handles: names only.
OUTBOX_ROUTES: dict[str, str] = {
    "card.settle": "orders.tasks.card_settle",
    "import.apply": "catalog.tasks.import_apply",
    "import.prepare": "catalog.tasks.import_prepare",
    "import.resume": "catalog.tasks.import_resume",
    "import.revert": "catalog.tasks.import_revert",
    "notice.email": "portal.notices.tasks.notice_email",
    "order.look": "orders.tasks.look",
    "order.mirror": "orders.tasks.mirror",
    "order.submit": "orders.tasks.submit",
    "promise.broken": "orders.tasks.broken",
    "promise.late_day": "orders.tasks.late_day",
    "promise.settled": "orders.tasks.settled",
    "promise.warned": "orders.tasks.warned",
    "repair_card.closed": "orders.tasks.card_closed",
    "stock.tell": "catalog.tasks.stock_tell",
    "search.changed": "catalog.tasks.search_changed",
    "variant.look": "portal.webhooks.tasks.variant_look",
    "store.check": "portal.saleor.tasks.store_check",
    "webhook.stripe": "portal.webhooks.tasks.stripe_delivery",
}
OUTBOX_KEEP_DAYS = env.int("OUTBOX_KEEP_DAYS", 30)

# --- The store, the demo -----------------------------------------------------------------------------------------
COMMERCE_ENGINE = env.str("COMMERCE_ENGINE", "orders.engines.embedded.EmbeddedEngine")
# Where the portal reaches Saleor's API, and what Saleor calls that address itself, when it is another (containers).
SALEOR_API_URL = env.str("SALEOR_API_URL", "")
SALEOR_PUBLIC_API_URL = env.str("SALEOR_PUBLIC_API_URL", "") or SALEOR_API_URL
SALEOR_DASHBOARD_URL = env.str("SALEOR_DASHBOARD_URL", "").rstrip("/")  # its origin may frame our widget
SALEOR_STAFF_EMAIL = env.str("SALEOR_STAFF_EMAIL", "")  # saleor_connect alone asks for these; kept nowhere
SALEOR_STAFF_PASSWORD = env.str("SALEOR_STAFF_PASSWORD", "")
# The first encrypts the store's token, all decrypt; without any, a key made from SECRET_KEY does.
SALEOR_TOKEN_KEYS = env.list("SALEOR_TOKEN_KEYS", default=[])
# Who reads the store's catalogue and is told of movements here; empty where there is no store.
STORE_CATALOGUE = "" if COMMERCE_ENGINE.endswith(".EmbeddedEngine") else "catalog.engines.saleor_pull.SaleorCatalogue"
# What `clockAdvance` runs until all answer 0: callables without arguments that return how many things they did.
DEMO_ADVANCE = [
    "portal.promises.services.sweep.promises_sweep",
    "orders.services.card_settling.cards_sweep",
    "portal.outbox.services.outbox_drain",
    "orders.tasks.money_sweep",
]

# --- Cards -------------------------------------------------------------------------------------------------------
STRIPE_API_VERSION = (
    "2026-10-28.endive"  # the version our requests and readings are written for, whatever the account's is
)
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", "")
STRIPE_PUBLISHABLE_KEY = env.str("STRIPE_PUBLISHABLE_KEY", "")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", "")
STRIPE_WEBHOOK_TOLERANCE = 300  # seconds an event may be old
STRIPE_TEST_SERVER = ""
if DEMO and not STRIPE_SECRET_KEY and (_test_port := env.int("DEMO_STRIPE_PORT", 0)):
    # The supervisor's own child on this machine; its keys are nobody's.
    STRIPE_TEST_SERVER = f"http://127.0.0.1:{_test_port}"
    STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY = "sk_test_demo", "pk_test_demo"
    STRIPE_WEBHOOK_SECRET = hashlib.sha256(f"stripe {SECRET_KEY}".encode()).hexdigest()
if STRIPE_SECRET_KEY and not (STRIPE_PUBLISHABLE_KEY and STRIPE_WEBHOOK_SECRET):
    raise ImproperlyConfigured("STRIPE_SECRET_KEY needs STRIPE_PUBLISHABLE_KEY and STRIPE_WEBHOOK_SECRET beside it.")

# --- Search ------------------------------------------------------------------------------------------------------
ELASTICSEARCH_URL = env.str("ELASTICSEARCH_URL", "")
if ELASTICSEARCH_URL and not re.match(r"https?://[^/]+:[0-9]+", ELASTICSEARCH_URL):
    raise ImproperlyConfigured("ELASTICSEARCH_URL needs a scheme and a port: https://search.example.org:9200")
ELASTICSEARCH_API_KEY = env.str("ELASTICSEARCH_API_KEY", "")
ELASTICSEARCH_CA = env.str("ELASTICSEARCH_CA", "")
ELASTICSEARCH_INDEX = env.str("ELASTICSEARCH_INDEX", "portal-parts")
ELASTICSEARCH_TIMEOUT = env.float("ELASTICSEARCH_TIMEOUT", 1.0)
# The module behind catalog.search; the one that asks Elasticsearch falls back to PostgreSQL's.
CATALOG_SEARCH = "catalog.search.elastic" if ELASTICSEARCH_URL else "catalog.search.postgres"

# --- GraphQL -----------------------------------------------------------------------------------------------------
GRAPHENE = {"ATOMIC_MUTATIONS": False}  # services own their transactions


# --- Logs --------------------------------------------------------------------------------------------------------
def _is_no_probe(record: str | LogRecord) -> bool:
    """A probe that finds us not ready reads why in the answer; a line a second would hide everything else."""
    return "/health/" not in str(getattr(record, "args", ""))


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "filters": {"no_probes": {"()": CallbackFilter, "callback": _is_no_probe}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_probes"]}},
    "loggers": {
        "elastic_transport": {"level": "ERROR"},  # a line for each search; catalog.search tells an outage once
        "httpx2": {"level": "WARNING"},  # a line for each question to the store
        "fontTools": {"level": "WARNING"},  # of every letter of every paper
        "stripe": {"level": "WARNING"},  # two lines for each question to Stripe
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
}
