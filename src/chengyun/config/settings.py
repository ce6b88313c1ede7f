"""Settings, all from the environment; every variable is described in docs/settings.md.

The embedded default (SQLite, files under CHENGYUN_DATA) needs nothing but Python.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from chengyun.config import databases, environment, logs, oidc, startup, statics

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = environment.data_dir()

MODE = environment.mode()
PRODUCTION = MODE == "production"
DEBUG = environment.flag("CHENGYUN_DEBUG")
SECRET_KEY = environment.text("CHENGYUN_SECRET_KEY", environment.DEFAULT_SECRET_KEY)
# Signs the seals over the history; a copy belongs off the machine.
SEAL_KEY = environment.text("CHENGYUN_SEAL_KEY", environment.DEFAULT_SEAL_KEY)
# The key of base tiles from outside (register tile-sources); a browser that is logged in gets to know it.
MAP_KEY = environment.text("CHENGYUN_MAP_KEY", "")
ALLOWED_HOSTS = environment.words("CHENGYUN_HOSTS", "127.0.0.1,localhost,[::1]")

SECRET_FAULTS = startup.secret_faults(SECRET_KEY, SEAL_KEY)
if PRODUCTION:
    faults = SECRET_FAULTS + (["生产环境不能打开 CHENGYUN_DEBUG。"] if DEBUG else [])
    if faults:
        raise ImproperlyConfigured("\n".join(faults))


DATABASES = {
    "default": databases.settings_for(environment.text("CHENGYUN_DATABASE", f"sqlite:{DATA_DIR / 'chengyun.sqlite3'}")),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "chengyun.core",
    "chengyun.ui",
    "chengyun.people",
    "chengyun.people.signin",
    "chengyun.regions",
    "chengyun.taxonomy",
    "chengyun.assets",
    "chengyun.casework.clocks",
    "chengyun.casework.dispatch",
    "chengyun.casework.cases",
    "chengyun.casework.worktop",
    "chengyun.casework.campaigns",
    "chengyun.casework.notes",
    "chengyun.casework.urgent",
    "chengyun.casework.papers",
    "chengyun.casework.phrases",
    "chengyun.casework.handover",
    "chengyun.casework.components",
    "chengyun.intake.desk",
    "chengyun.intake.history",
    "chengyun.intake.hotline",
    "chengyun.insight",
    "chengyun.insight.statistics",
    "chengyun.insight.targets",
    "chengyun.insight.evaluation",
    "chengyun.insight.reports",
    "chengyun.web",
    "chengyun.web.mapdesk",
    "chengyun.web.exports",
    "chengyun.web.help",
    "chengyun.web.screen",
    "chengyun.demo",
    "chengyun.operations",
    "chengyun.config",
]

MIDDLEWARE = [
    "chengyun.operations.proxies.forwarded",
    "chengyun.operations.requests.request_log",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "chengyun.config.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "chengyun.people.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "chengyun.web.middleware.LoginFirst",
    "chengyun.web.middleware.idle_timeout",
    "chengyun.web.middleware.first_things",
    "chengyun.web.screen.standing.reads_only",
    "chengyun.web.middleware.PlainRefusals",
    "chengyun.web.middleware.disk_guard",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "chengyun.config.urls"
WSGI_APPLICATION = "chengyun.config.wsgi.application"
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
                "chengyun.web.shell.shell",
            ],
        },
    },
]

FORM_RENDERER = "chengyun.ui.form_renderer.Renderer"

# Where `chengyun serve` listens, unless its arguments say otherwise; `--tls` makes the two files when there are none.
LISTEN = environment.text("CHENGYUN_LISTEN", "127.0.0.1")
PORT = environment.whole_number("CHENGYUN_PORT", 8000, least=1)
TLS_CERT = Path(environment.text("CHENGYUN_TLS_CERT", str(DATA_DIR / "tls" / "cert.pem")))
TLS_KEY = Path(environment.text("CHENGYUN_TLS_KEY", str(DATA_DIR / "tls" / "key.pem")))

# People and sessions. Sessions stay in the database alone: a per-process cache would keep somebody logged in
# on one worker after they logged out on the other.
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "chengyun.people.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_ENGINE = "chengyun.people.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Lock out a name at an address after five wrong passwords, for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "chengyun.web.views.locked_out"
LOGIN_URL = "web:login"
# The county's identity provider (统一身份认证); None: passwords alone.
OIDC = oidc.from_environment()
CSRF_FAILURE_VIEW = "chengyun.web.errors.forged"

# Browser defences.
HTTPS = environment.flag("CHENGYUN_HTTPS", PRODUCTION)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = environment.words("CHENGYUN_ORIGINS")
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if HTTPS else 0
# Probes and the collector of metrics ask from beside the server, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^health(/|$)", r"^metrics$"]
BEHIND_PROXY = environment.flag("CHENGYUN_BEHIND_PROXY")
# Whose X-Forwarded-* and X-Request-ID are believed; everybody else's are taken away (operations.proxies).
TRUSTED_PROXIES = environment.networks("CHENGYUN_PROXIES")
if BEHIND_PROXY or TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# Uploads: a photo from a phone is 3–12 MB; what may be stored is decided by core.files.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
MEDIA_ROOT = DATA_DIR / "files"

# Below these the disk is watched, takes no more uploads and imports, takes no more writes (core.disk).
MB = 1024 * 1024
DISK_WARN_BYTES = environment.whole_number("CHENGYUN_DISK_WARN_MB", 2048) * MB
DISK_NO_UPLOADS_BYTES = environment.whole_number("CHENGYUN_DISK_NO_UPLOADS_MB", 512) * MB
DISK_NO_WRITES_BYTES = environment.whole_number("CHENGYUN_DISK_NO_WRITES_MB", 128) * MB
if not DISK_WARN_BYTES >= DISK_NO_UPLOADS_BYTES >= DISK_NO_WRITES_BYTES:
    raise ImproperlyConfigured(
        "CHENGYUN_DISK_WARN_MB、CHENGYUN_DISK_NO_UPLOADS_MB、CHENGYUN_DISK_NO_WRITES_MB 应依次不增。"
    )

# Backups: where, when each night (blank: never by itself), how many are kept, and the passphrase that encrypts them.
BACKUP_DIR = Path(environment.text("CHENGYUN_BACKUPS", str(DATA_DIR / "backups"))).resolve()
BACKUP_AT = environment.time_of_day("CHENGYUN_BACKUP_AT")
BACKUP_KEEP = environment.whole_number("CHENGYUN_BACKUP_KEEP", 14, least=1)
BACKUP_PASSPHRASE = environment.text("CHENGYUN_BACKUP_PASSPHRASE")

# E-mail (subscriptions of statistics). Without a host nothing is sent, and the pages say so.
EMAIL_HOST = environment.text("CHENGYUN_EMAIL_HOST")
EMAIL_PORT = environment.whole_number("CHENGYUN_EMAIL_PORT", 465, least=1)
EMAIL_HOST_USER = environment.text("CHENGYUN_EMAIL_USER")
EMAIL_HOST_PASSWORD = environment.text("CHENGYUN_EMAIL_PASSWORD")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("CHENGYUN_EMAIL_FROM", EMAIL_HOST_USER or "chengyun@localhost")

# Path or name of LibreOffice; `-`: none, although there may be one.
SOFFICE = environment.text("CHENGYUN_SOFFICE")

METRICS_TOKEN = environment.text("CHENGYUN_METRICS_TOKEN")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# The address of a static file holds a mark of all of them, so browsers may keep it for ever.
STATIC_VERSION = "dev" if DEBUG else statics.version(BASE_DIR)
STATIC_URL = f"/static/{STATIC_VERSION}/"
STATIC_ROOT = DATA_DIR / "static" / STATIC_VERSION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 365 * 24 * 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Debian 12's table of types lacks both; a module served as text/plain does not run.
WHITENOISE_MIMETYPES = {".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}

LOGGING_CONFIG = None
# Lines also go into a file a day, kept for at least half a year (网络安全法 §21); `-`: to standard error alone.
LOG_DIR = environment.directory("CHENGYUN_LOGS", DATA_DIR / "logs" if PRODUCTION else None)
LOG_DAYS = environment.whole_number("CHENGYUN_LOG_DAYS", 190, least=183)
logs.configure(json=PRODUCTION, level=environment.text("CHENGYUN_LOG_LEVEL", "INFO").upper(), directory=LOG_DIR)
