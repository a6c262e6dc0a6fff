"""The environment: the one place that reads it, and that says what is missing from it."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

_environment = environ.Env()
_environment.read_env(BASE_DIR / ".env")

DEBUG = _environment.bool("DEBUG", default=False)
DATA_DIR = Path(_environment.str("DATA_DIR", default="var"))
if not DATA_DIR.is_absolute():
    DATA_DIR = BASE_DIR / DATA_DIR


# Readers and a writer at once, safe after a crash of the process; 64 MiB of pages kept in memory.
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536"


def required(name, *, in_debug, why):
    """Return the text of a variable that a public site cannot start without.

    `in_debug` is the value that stands in for it while DEBUG is on; `why` ends the sentence
    that the operator reads when it is missing. Raises ImproperlyConfigured.
    """
    value = _environment.str(name, default="").strip()
    if value:
        return value
    if DEBUG:
        return in_debug
    raise ImproperlyConfigured(f"Set {name} in the environment or in .env: {why}.")


def text(name, default=""):
    """Return the variable as text without the spaces around it."""
    return _environment.str(name, default=default).strip()


def words(value):
    """Return the parts of a comma-separated text, without the spaces around them."""
    return [word.strip() for word in value.split(",") if word.strip()]


def database():
    """Return Django's settings for DATABASE_URL; an SQLite file in DATA_DIR when unset.

    SQLite takes the write lock when a transaction begins, so that two savers wait for each other
    instead of failing; PostgreSQL keeps a pool of connections.
    """
    config = _environment.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
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
    return _environment.cache("CACHE_URL", default="locmemcache://")


def email():
    """Return Django's EMAIL_* settings for EMAIL_URL; the console when unset."""
    return _environment.email("EMAIL_URL", default="consolemail://")
