"""Read the environment and .env, and say which variables are missing.

Nothing else reads them but the supervisor, which imports nothing of the site.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import unquote

import environ
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

BASE_DIR = Path(__file__).resolve().parent.parent

# The environment without what .env adds to it.
AS_STARTED = dict(os.environ)
_environment = environ.Env()
_environment.read_env(BASE_DIR / ".env")


def text(name: str, default: str = "") -> str:
    """Return a variable without surrounding spaces, or the default if it is unset or empty."""
    return _environment.str(name, default="").strip() or default


def number(name: str, default: int) -> int:
    """Return a variable that is a whole number. Raises ImproperlyConfigured for anything else."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, such as {default}.")
    return int(value)


def switch(name: str, *, on: bool) -> bool:
    """Return a variable that is "on" or "off". Raises ImproperlyConfigured for anything else."""
    value = text(name, "on" if on else "off").lower()
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} must be on or off.")
    return value == "on"


def changed(**variables: str) -> dict[str, str]:
    """Return the whole environment with some variables changed, for a process that we start."""
    return {**_environment.ENVIRON, **variables}


DEBUG = text("DEBUG", "off").lower() in environ.Env.BOOLEAN_TRUE_STRINGS
DATA_DIR = BASE_DIR / text("DATA_DIR", "var")
# `make run` sets this to the URL of a trial site on this machine. Missing variables then get a
# default for that URL, as they do while DEBUG is on.
TRIAL_ADDRESS = text("TRIAL_ADDRESS")

# Readers do not wait for a writer; safe after a crash of the process; 2 MB
# of page cache for each connection, since every thread keeps one.
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-2000"


def required(name: str, *, local: str, why: str) -> str:
    """Return a variable that a public site needs to start.

    `local` is the default while DEBUG is on, and for a trial site on this machine. Otherwise raises
    ImproperlyConfigured if the variable is missing; the message ends with `why`.
    """
    value = text(name)
    if value:
        return value
    if DEBUG or TRIAL_ADDRESS:
        return local
    raise ImproperlyConfigured(f"Set {name} in the environment or in .env: {why}.")


def local_secret() -> str:
    """Return a secret key for this machine; a trial site keeps a random one in DATA_DIR."""
    if not TRIAL_ADDRESS:
        return "only for development, and refused when DEBUG is off"
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(token_urlsafe(50))
    return path.read_text().strip()


def words(value: str) -> list[str]:
    """Return the parts of a comma-separated text, without surrounding spaces."""
    return [word.strip() for word in value.split(",") if word.strip()]


def hsts() -> list[str]:
    """Return what HSTS says beside the site itself: "subdomains", "preload", both or nothing.

    Raises ImproperlyConfigured for anything else, and for "preload" alone, which browsers refuse.
    """
    asked = words(text("HSTS"))
    if set(asked) - {"subdomains", "preload"} or asked == ["preload"]:
        raise ImproperlyConfigured("HSTS is empty, “subdomains”, or “subdomains, preload”.")
    return asked


# A process has four threads that answer, and some that deliver and listen: more connections are
# made only for more threads. Who gets none within a second is told so: the database is away then.
# A connection that cannot be made is given up at once, and tried again when somebody wants one: the
# pool itself would wait longer after each failure, and go on waiting while the database is back.
POOL = {"min_size": 4, "max_size": 64, "timeout": 1.0, "reconnect_timeout": 0.0}
# A statement is prepared when a connection runs it for the third time.
PREPARED_AT = 2


def database() -> dict[str, Any]:
    """Return Django's settings for DATABASE_URL, or for an SQLite file in DATA_DIR if it is unset.

    SQLite takes the write lock at the start of a transaction, so that concurrent writers wait for
    each other instead of failing. PostgreSQL uses a pool of connections.
    """
    config = environ.Env.db_url_config(text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}"))
    if not config.get("ENGINE"):
        raise ImproperlyConfigured(
            "DATABASE_URL is not an address such as postgres://user:password@host:5432/name."
        )
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"].endswith("sqlite3"):
        options.setdefault("transaction_mode", "IMMEDIATE")
        options.setdefault("timeout", 20)
        options.setdefault("init_command", SQLITE_PRAGMAS)
        # Each thread keeps its connection for some requests: to open the file costs as much as to
        # read a story. A minute later it notices that the file was replaced.
        config.setdefault("CONN_MAX_AGE", 60)
    elif config["ENGINE"].endswith("postgresql"):
        options.setdefault("pool", POOL)
        # For the queries of stories_project/prepared.py; Django's own are never prepared.
        options.setdefault("prepare_threshold", PREPARED_AT)
    return config


# What is in Redis is never worth waiting for: a thread that waits serves nobody. In seconds.
REDIS = {
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "retry": Retry(NoBackoff(), 1),
}
# The table is made by a migration of stories_project.accounts.
CACHE_TABLE, MOST_CACHE_ROWS = "shared_cache", 100_000


def cache() -> dict[str, Any]:
    """Return Django's settings for CACHE_URL, or for a table of the database if it is unset.

    The counts of the rate limits are in it, so every process must see the same.
    """
    config = environ.Env.cache_url_config(text("CACHE_URL", f"dbcache://{CACHE_TABLE}"))
    if config["BACKEND"].endswith("DatabaseCache"):
        config["OPTIONS"] = {"MAX_ENTRIES": MOST_CACHE_ROWS}
    elif config["BACKEND"].endswith("RedisCache"):
        config["OPTIONS"] = REDIS | config.get("OPTIONS", {})
    return config


# The secret may have percent signs for what an address does not allow.
BUCKET_ADDRESS = re.compile(
    r"s3(?P<plain>\+http)?://(?P<key>[^:@/]+):(?P<secret>[^:@/]+)@"
    r"(?P<host>[-.\w]+(?::(?P<port>\d{1,5}))?)/(?P<bucket>[a-z0-9][-.a-z0-9]{2,62})"
    r"(?:\?region=(?P<region>[-a-z0-9]+))?",
    re.ASCII,
)
LARGEST_PORT = 65_535
# In seconds: a storage that is silent must not hold a request for long.
STORAGE_CONNECTS, STORAGE_READS = 2, 4


def storage() -> dict[str, Any]:
    """Return where pictures are stored: in the bucket of MEDIA_STORAGE, or on the disk."""
    address = text("MEDIA_STORAGE")
    if not address:
        return {"BACKEND": "stories_project.pictures.whole_files.WholeFiles"}
    match = BUCKET_ADDRESS.fullmatch(address)
    if match is None or int(match["port"] or 0) > LARGEST_PORT:
        raise ImproperlyConfigured(
            "MEDIA_STORAGE is not an address such as s3://KEY:SECRET@host/bucket?region=eu-1 "
            "(s3+http:// without TLS; percent signs for other characters in the secret)."
        )
    return {
        "BACKEND": "stories_project.pictures.object_storage.ObjectStorage",
        "OPTIONS": {
            "access_key": unquote(match["key"]),
            "secret_key": unquote(match["secret"]),
            "bucket_name": match["bucket"],
            "endpoint_url": f"{'http' if match['plain'] else 'https'}://{match['host']}",
            "region_name": match["region"] or "us-east-1",
            "default_acl": None,
            "file_overwrite": True,  # A name holds the hash of the content.
            "client_config": storage_client(),
        },
    }


def storage_client() -> Any:
    """Return how the client of the object storage asks: once more after an error, not for long."""
    from botocore.config import Config  # Only who needs it pays for loading it.

    return Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        connect_timeout=STORAGE_CONNECTS,
        read_timeout=STORAGE_READS,
        retries={"total_max_attempts": 2, "mode": "standard"},
        # Many services that speak S3 do not know the checksums that Amazon's has since 2025.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


def email() -> dict[str, Any]:
    """Return Django's EMAIL_* settings for EMAIL_URL, or for the console if it is unset."""
    return environ.Env.email_url_config(text("EMAIL_URL", "consolemail://"))


@dataclass(frozen=True)
class NetworkAddress:
    """Where and how a content delivery network is purged.

    `provider` is "fastly", "cloudflare" or "varnish"; `identifier` names the service, or the zone.
    `api` is the URL of the API without a final slash; empty means the provider's own.
    """

    provider: str
    identifier: str = ""
    token: str = field(default="", repr=False)
    api: str = ""


# No message repeats an address that is refused: it may contain a token.
NETWORK_ADDRESS = re.compile(
    r"(?P<provider>fastly|cloudflare)://(?P<token>[-\w]+)@(?P<identifier>[-\w]+)"
    r"(\?api=(?P<api>\S+))?",
    re.ASCII,
)
VARNISH_ADDRESS = re.compile(
    r"varnish://(?P<host>[-.\w]+|\[[:\da-f]+\]):(?P<port>\d{1,5})", re.ASCII
)
SAFE_API = re.compile(r"https://[-.\w]+(:\d+)?|http://127\.0\.0\.1:\d+", re.ASCII)


def network() -> NetworkAddress | None:
    """Return the content delivery network of CDN_URL, or None if it is unset."""
    address = text("CDN_URL")
    if not address:
        return None
    if match := VARNISH_ADDRESS.fullmatch(address):
        return NetworkAddress("varnish", api=f"http://{match['host']}:{match['port']}")
    match = NETWORK_ADDRESS.fullmatch(address)
    if match is None:
        raise ImproperlyConfigured(
            "CDN_URL is not an address such as fastly://TOKEN@SERVICE_ID, "
            "cloudflare://TOKEN@ZONE_ID or varnish://host:port."
        )
    api = match["api"] or ""
    if api and not SAFE_API.fullmatch(api):
        raise ImproperlyConfigured("The api= of CDN_URL is not an address such as https://host.")
    return NetworkAddress(match["provider"], match["identifier"], match["token"], api)


def index_now_key() -> str:
    """Return INDEXNOW_KEY, or an empty text if it is unset."""
    key = text("INDEXNOW_KEY")
    if key and not re.fullmatch(r"[-a-zA-Z0-9]{8,128}", key):
        raise ImproperlyConfigured("INDEXNOW_KEY must be 8 to 128 letters, digits and hyphens.")
    return key


def log_format() -> str:
    """Return LOG_FORMAT, "json" or "text". If it is unset: text while developing and on trial."""
    value = text("LOG_FORMAT", "text" if DEBUG or TRIAL_ADDRESS else "json")
    if value not in {"json", "text"}:
        raise ImproperlyConfigured("LOG_FORMAT must be json or text.")
    return value


def web_address(name: str) -> str:
    """Return a variable that is an http or https URL, or an empty text if it is unset."""
    value = text(name)
    if value and not re.fullmatch(r'https?://[^\s<>"/]+[^\s<>"]*', value):
        raise ImproperlyConfigured(f"{name} is not an address such as https://hub.example.org/.")
    return value
