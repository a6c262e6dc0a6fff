from datetime import timedelta

from stories_project import env
from stories_project.env import BASE_DIR, DATA_DIR, DEBUG
from stories_project.monitoring.logs import configuration

# The version in pyproject.toml.
RELEASE = "0.2.0"

# The publication

SITE_URL = env.required(
    "SITE_URL",
    local=env.TRIAL_ADDRESS or "http://127.0.0.1:8000",
    why="feeds, e-mails and search engines need the public address, such as https://example.org",
).rstrip("/")
# Until an administrator chooses another; see stories_project/publication.
TIME_ZONE = env.text("TIME_ZONE", "UTC")

# Django

SECRET_KEY = env.required(
    "SECRET_KEY",
    local=env.local_secret(),
    why="fifty or more random characters that sign sessions and links, and that nobody else knows",
)
ALLOWED_HOSTS = env.words(
    env.required(
        "ALLOWED_HOSTS",
        local="127.0.0.1,localhost,[::1],testserver",
        why="the host names this site answers to, separated by commas",
    )
)
INSTALLED_APPS = [
    "stories_project.apps.EditorialAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "markdownx",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "stories_project.page_cache",
    "stories_project.publication",
    "stories_project.library",
    "stories_project.audit",
    "stories_project.accounts",
    "founders",
    "stories",
]
MIDDLEWARE = [
    "stories_project.middleware.answer_balancers",
    "stories_project.monitoring.requests.watch_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "stories_project.middleware.revalidate_always",
    "stories_project.publication.current.use_zone_and_language",
    "csp.middleware.CSPMiddleware",
    "stories_project.middleware.name_permissions",
    "stories_project.audit.recording.remember_address",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "stories_project.body_limit.LimitBodies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "stories_project.accounts.sessions.end_old_sessions",
    "stories_project.accounts.second_factor.RequireSecondFactor",
    "stories_project.pictures.upload_quota.LimitUploads",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "stories.planning.scheduling.apply_due_updates",
    "stories.views.old_addresses.lead_on",
]
ROOT_URLCONF = "stories_project.urls"
WSGI_APPLICATION = "stories_project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "stories_project.context_processors.publication",
            ],
            "builtins": ["stories_project.template_tags"],
            "libraries": {"i18n": "stories_project.i18n_tags"},
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

DATABASES = {"default": env.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache()}
# Whole pages in the memory of each process; see stories_project/page_cache.
PAGE_CACHE_BYTES = env.number("PAGE_CACHE_MIB", 0 if DEBUG else 32) * 1024 * 1024
PAGE_CACHE_SCHEDULE = "stories.planning.transitions.passed"
# The content delivery network before the site; see stories_project/page_cache/networks.py.
NETWORK = env.network()
INDEXNOW_KEY = env.index_now_key()
WEBSUB_HUB = env.web_address("WEBSUB_HUB")
# Who else is told of changed stories: {target of a `Delivery`: the function that tells it}.
WEBHOOKS = env.switch("WEBHOOKS", on=True)
PINGS = {
    **({"indexnow": "stories.sharing.index_now.tell"} if INDEXNOW_KEY else {}),
    **({"websub": "stories.sharing.web_sub.tell"} if WEBSUB_HUB else {}),
    **({"webhook": "stories.webhooks.events.tell"} if WEBHOOKS else {}),
}
# Sends what waits for a single receiver, in a thread of its own: it may be slow.
SEND_MESSAGES = "stories.webhooks.sending.send_due"
# Whether webhooks may be in a private network; only then also without TLS.
WEBHOOKS_TO_PRIVATE_ADDRESSES = env.switch("WEBHOOKS_TO_PRIVATE_ADDRESSES", on=False)
# A worker process that needs more memory is replaced. See stories_project/serving.
WORKER_MEMORY_BYTES = env.number("WORKER_MEMORY_MIB", 512) * 1024 * 1024
vars().update(env.email())
# E-mail goes through the worker, if one runs; see stories_project/background.
DIRECT_EMAIL_BACKEND = vars()["EMAIL_BACKEND"]
if DIRECT_EMAIL_BACKEND.endswith("smtp.EmailBackend"):
    EMAIL_BACKEND = "stories_project.background.email.BackgroundEmail"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Seconds: a mail server that is silent must not hold up a request for longer.
EMAIL_TIMEOUT = env.number("EMAIL_TIMEOUT", 10)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "desk@localhost")

# The language of sentences in the code. Administrators choose that of the pages.
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "stories_project" / "locale"]
FORMAT_MODULE_PATH = "stories_project.formats"
USE_TZ = True

# Accounts. See https://docs.allauth.org/en/latest/account/configuration.html

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"
# How long a session lasts without a request, and in any case.
SESSION_IDLE = timedelta(hours=env.number("SESSION_IDLE_HOURS", 12))
SESSION_LIFETIME = timedelta(days=env.number("SESSION_DAYS", 14))
SESSION_COOKIE_AGE = int(SESSION_LIFETIME.total_seconds())
# How long the audit log keeps an entry.
AUDIT_LOG_KEPT = timedelta(days=env.number("AUDIT_LOG_DAYS", 365))
# The hour of the daily e-mail to the staff, in the publication's zone.
DIGEST_HOUR = min(env.number("DIGEST_HOUR", 7), 23)
# Whether the staff needs a second factor, and how long an account may do without one at first.
SECOND_FACTOR_REQUIRED = env.switch("SECOND_FACTOR", on=not DEBUG)
SECOND_FACTOR_GRACE = timedelta(days=env.number("SECOND_FACTOR_GRACE_DAYS", 14))
ACCOUNT_ADAPTER = "stories_project.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "stories_project.accounts.forms.SignInForm",
    "add_email": "stories_project.accounts.forms.EmailForm",
    "change_password": "stories_project.accounts.forms.PasswordForm",
    "reset_password": "stories_project.accounts.forms.LinkForm",
    "reset_password_from_key": "stories_project.accounts.forms.NewPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_VERIFICATION = "optional"
# The answer to a request for a new password, or to a wrong one, is the same for unknown accounts.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Whoever changes the account has typed the password in the last minutes.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,50/d/ip,5/5m/key"}
MFA_ADAPTER = "stories_project.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "add_webauthn": "stories_project.accounts.forms.PasskeyForm",
    "activate_totp": "stories_project.accounts.forms.CodeForm",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Phones are often half a minute fast or slow.
MFA_TOTP_TOLERANCE = 1
# Only administrators make accounts, so nobody can reserve the address of somebody else.
MFA_ALLOW_UNVERIFIED_EMAIL = True
DEMO_PASSWORD = env.text("DEMO_PASSWORD")

# Files

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": env.storage(),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "stories_project.static_files.HashedStaticFiles"
    },
}
# Who may see the pictures of a folder: {folder: the function that returns the surrogate keys of the
# public pages with a picture; without any, only the staff may see it}.
GUARDED_PICTURES = {"portraits": "founders.portraits.keys_of"}
IMAGE_MAX_BYTES = 20 * 1024 * 1024
IMAGE_MAX_PIXELS = 50_000_000
# How many pictures an account may upload in 24 hours.
UPLOADS_A_DAY = env.number("UPLOADS_A_DAY", 500)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

# The public

# The WSGI variable with the client IP address; behind a proxy, the header that the proxy sets.
CLIENT_ADDRESS_VARIABLE = env.text("CLIENT_ADDRESS_VARIABLE", "REMOTE_ADDR")
SUGGESTIONS_AN_HOUR = 5
# Forms sent, accepted or not.
ATTEMPTS_AN_HOUR = 60
# Comments of guests with a review link, from one client IP address.
GUEST_COMMENTS_AN_HOUR = 60
# Requests to get stories by e-mail, from one client IP address, and how long their links are good.
FOLLOWS_AN_HOUR = 10
CONFIRMED_WITHIN = timedelta(days=7)
# Whether other sites may say that they link here, and how often one client IP address may.
WEBMENTIONS = env.switch("WEBMENTIONS", on=True)
WEBMENTIONS_AN_HOUR = 30
# How many letters are sent to followers in a minute, by all processes together.
LETTERS_A_MINUTE = env.number("LETTERS_A_MINUTE", 300)
# The hour at which a digest ends and is sent, in the zone of the publication.
DIGEST_HOUR = 7
# How long a suggestion, or a profile that waits for a moderator, may wait for an answer.
ANSWER_WITHIN = timedelta(days=env.number("ANSWER_WITHIN_DAYS", 30))
# How long the e-mail address of a sender is kept after the answer, and the name of a guest after
# the review link is closed.
SENDERS_KEPT = timedelta(days=env.number("SENDERS_KEPT_DAYS", 30))
# The longest body of a request that is not from the staff, in bytes. No public form needs half.
LONGEST_PUBLIC_BODY = 100_000

# Text

TAGGIT_CASE_INSENSITIVE = True
MARKDOWNX_MARKDOWNIFY_FUNCTION = "stories_project.text.markdown.render_html"
MARKDOWNX_URLS_PATH = "/markdownx/markdownify/"
MARKDOWNX_UPLOAD_URLS_PATH = "/markdownx/upload/"

# Safety

IS_BEHIND_TLS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = IS_BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_BEHIND_TLS else 0
# Both bind hosts that are not this site, so they are sent only if the operator asks for them.
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_BEHIND_TLS and "subdomains" in env.hsts()
SECURE_HSTS_PRELOAD = IS_BEHIND_TLS and "preload" in env.hsts()
# `{% load i18n %}` loads our library in place of Django's on purpose.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", "templates.W003"]
SESSION_COOKIE_SECURE = IS_BEHIND_TLS
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_BEHIND_TLS
CSRF_COOKIE_SECURE = IS_BEHIND_TLS
# A browser accepts a cookie with this prefix only from this host, over TLS, for the whole site.
COOKIE_PREFIX = "__Host-" if IS_BEHIND_TLS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# What no page needs, in every frame.
PERMISSIONS_POLICY = (
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), midi=(), serial=(), "
    "accelerometer=(), gyroscope=(), magnetometer=(), browsing-topics=()"
)

# A picture that is opened by itself needs inline styles: those of the browser, and those of an SVG.
POLICY_OF_PICTURES = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"

# What an operator sees; see stories_project/monitoring.

LOGGING = configuration(as_json=env.log_format() == "json")
# Queries that take longer are named in the log. 0: none.
SLOW_QUERY_SECONDS = env.number("SLOW_QUERY_MS", 500) / 1000
# Who knows the token may read /metrics. Without one, nobody may.
METRICS_TOKEN = env.text("METRICS_TOKEN")
# Where the workers of a server keep their counters.
METRICS_FOLDER = env.text("PROMETHEUS_MULTIPROC_DIR")
SENTRY_DSN = env.web_address("SENTRY_DSN")
