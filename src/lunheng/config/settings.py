"""Settings. What differs between a laptop and a province comes from the environment; nothing secret is in here."""

import json
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

PACKAGE = Path(__file__).resolve().parents[1]
SHIPPED = PACKAGE / "shipped"
"""What an installed package carries; in the source's own folder it all lies in its place."""
IS_INSTALLED = SHIPPED.is_dir()
ROOT = Path.cwd() if IS_INSTALLED else PACKAGE.parents[1]
VAR = Path(os.environ.get("LUNHENG_VAR", ROOT / "var"))
MODE = os.environ.get("LUNHENG_MODE", "demo")  # demo | test | production
if MODE not in {"demo", "test", "production"}:
    raise ValueError(f"LUNHENG_MODE={MODE}: demo, test or production")
IS_DEMO = MODE == "demo"


def _secret(name: str) -> str:
    """A secret from the environment, or one made once and kept in var/ (never in production)."""
    given = os.environ.get(f"LUNHENG_{name}")
    if given:
        return given
    if MODE == "production":
        raise ValueError(f"LUNHENG_{name} is not set")
    if MODE == "test":
        return f"test-only-{name}-" + "0" * 40
    VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = VAR / f"{name.lower()}.secret"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text()


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path,
            "CONN_MAX_AGE": 600,
            "TEST": {"NAME": f"{parts.path}.test"},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                "PRAGMA cell_size_check=ON;",
            },
        }
    query = dict(part.split("=", 1) for part in parts.query.split("&") if part)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "lunheng",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 60,
        # A connection that the server has closed meanwhile is opened anew instead of failing the first request after it.
        "CONN_HEALTH_CHECKS": True,
        # Statements that come again are parsed and planned once for each connection.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 5},
    }


SECRET_KEY = _secret("KEY")
IDENTITY_KEY = _secret("IDENTITY_KEY")
CHANCE_KEY = _secret("CHANCE_KEY")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("LUNHENG_HOSTS", "127.0.0.1,localhost,testserver").split(",")
DATABASES = {"default": _database(os.environ.get("LUNHENG_DATABASE", f"sqlite://{VAR}/lunheng.sqlite3"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PACKS_DIRECTORY = Path(os.environ.get("LUNHENG_PACKS", (SHIPPED if IS_INSTALLED else ROOT) / "packs"))
FILES_DIRECTORY = Path(os.environ.get("LUNHENG_FILES", VAR / "files"))
FONTS = SHIPPED / "fonts" if IS_INSTALLED else ROOT / "node_modules" / "@expo-google-fonts"
FONTS_DIRECTORIES = [Path(part) for part in os.environ.get("LUNHENG_FONTS", str(FONTS)).split(":")]
LEDGER_ORIGIN = os.environ.get("LUNHENG_ORIGIN", "lunheng.example/ledger")
# The signer's socket (empty: nobody signs), and whose signatures count (written by the development signer).
LEDGER_SIGNER = os.environ.get("LUNHENG_SIGNER", "" if MODE == "test" else str(VAR / "signer.sock"))
LEDGER_POLICY = os.environ.get("LUNHENG_LEDGER_POLICY", str(VAR / "ledger-policy.txt"))
# Whether the same entries are also hashed with SM3 and signed with SM2 (needs the extra ``sm2``).
LEDGER_SECOND_TREE = os.environ.get("LUNHENG_SECOND_TREE", "off") == "on"
SITE_ADDRESS = os.environ.get("LUNHENG_ADDRESS", "http://127.0.0.1:8000")
SMS_CALLBACK_TOKEN = os.environ.get("LUNHENG_SMS_CALLBACK_TOKEN", "")
SMS_OPTIONS = {
    name.removeprefix("LUNHENG_SMS_OPTION_").lower(): value
    for name, value in os.environ.items()
    if name.startswith("LUNHENG_SMS_OPTION_")
}
SMS_SIMULATOR_AUTO = os.environ.get("LUNHENG_SMS_SIMULATOR", "deliver") == "deliver"
SMS_BACKEND = os.environ.get("LUNHENG_SMS", "simulator")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.auth",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "lunheng.web",
    "lunheng.ledger",
    "lunheng.jobs",
    "lunheng.jurisdictions",
    "lunheng.organizations",
    "lunheng.accounts",
    "lunheng.cases",
    "lunheng.documents",
    "lunheng.messaging",
    "lunheng.notices",
    "lunheng.procedures",
    "lunheng.pools",
    "lunheng.works",
    "lunheng.experts",
    "lunheng.panels",
    "lunheng.plans",
    "lunheng.meetings",
    "lunheng.reports",
    "lunheng.desk",
    "lunheng.portal",
    "lunheng.api",
    "lunheng.clockwork",
    "lunheng.demo",
    "lunheng.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lunheng.accounts.middleware.NoStoreMiddleware",
    "lunheng.accounts.door.DoorMiddleware",
    "lunheng.accounts.middleware.ActorMiddleware",
    "lunheng.cases.middleware.RefusalMiddleware",
    "lunheng.documents.middleware.DamageMiddleware",
    "lunheng.cases.middleware.ReceiptMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "lunheng.config.urls"
WSGI_APPLICATION = "lunheng.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lunheng.accounts.context.seats",
                "lunheng.desk.context.navigation",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = [
    "lunheng.accounts.authentication.PhoneBackend",
    "lunheng.accounts.authentication.AccountBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# By city: {"qingdao": {"name": …, "server": issuer, "client": …, "secret": …}}
IDENTITY_SERVICES = json.loads(os.environ.get("LUNHENG_IDENTITY_SERVICES", "{}"))
TRUSTED_PROXIES = [part for part in os.environ.get("LUNHENG_PROXIES", "").split(",") if part]
SOCIALACCOUNT_ADAPTER = "lunheng.accounts.identity.IdentityAdapter"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/desk/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MODE == "production"
CSRF_COOKIE_SAMESITE = "Lax"
if MODE == "production":
    # Bound to this host alone. The proxies that are named speak TLS for us and say so.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
if MODE == "test":
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if MODE != "test"
        else "django_tasks.backends.dummy.DummyBackend"
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 60 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
SILENCED_SYSTEM_CHECKS: list[str] = []
SOCIALACCOUNT_ONLY = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
