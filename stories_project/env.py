"""The environment: the one place that reads it, and that says what is missing from it."""

from pathlib import Path
from secrets import token_urlsafe

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

_environment = environ.Env()
_environment.read_env(BASE_DIR / ".env")


def text(name, default=""):
    """Return the variable as text without the spaces around it; the default when unset or empty."""
    return _environment.str(name, default="").strip() or default


DEBUG = text("DEBUG", "off").lower() in environ.Env.BOOLEAN_TRUE_STRINGS
DATA_DIR = BASE_DIR / text("DATA_DIR", "var")
# `make run` sets it: the address of a site that is tried out on this machine. What neither the
# environment nor .env says may then be chosen for that address, as it is while DEBUG is on.
TRIAL_ADDRESS = text("TRIAL_ADDRESS")

# Readers and a writer at once, safe after a crash of the process; 64 MiB of pages kept in memory.
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536"


def required(name, *, local, why):
    """Return the text of a variable that a public site cannot start without.

    `local` is the value that stands in for it while DEBUG is on, and on a site that is tried out
    on this machine; `why` ends the sentence that the operator reads when the variable is missing.
    Raises ImproperlyConfigured.
    """
    value = text(name)
    if value:
        return value
    if DEBUG or TRIAL_ADDRESS:
        return local
    raise ImproperlyConfigured(f"Set {name} in the environment or in .env: {why}.")


def local_secret():
    """Return a secret for a site on this machine: a random one, made once and kept in DATA_DIR."""
    if not TRIAL_ADDRESS:
        return "only for development, and refused when DEBUG is off"
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(token_urlsafe(50))
    return path.read_text().strip()


def words(value):
    """Return the parts of a comma-separated text, without the spaces around them."""
    return [word.strip() for word in value.split(",") if word.strip()]


def database():
    """Return Django's settings for DATABASE_URL; an SQLite file in DATA_DIR when unset.

    SQLite takes the write lock when a transaction begins, so that two savers wait for each other
    instead of failing; PostgreSQL keeps a pool of connections.
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
    elif config["ENGINE"].endswith("postgresql"):
        options.setdefault("pool", True)
    return config


def cache():
    """Return Django's settings for CACHE_URL; the process's own memory when unset."""
    return environ.Env.cache_url_config(text("CACHE_URL", "locmemcache://"))


def email():
    """Return Django's EMAIL_* settings for EMAIL_URL; the console when unset."""
    return environ.Env.email_url_config(text("EMAIL_URL", "consolemail://"))
