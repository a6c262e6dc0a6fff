from collections.abc import Iterator
from contextlib import contextmanager

from django.db import close_old_connections, connection


@contextmanager
def connection_given_back() -> Iterator[None]:
    """Give the database connection back after the block, as Django does after each request.

    Inside a transaction, whoever began it still needs the connection.
    """
    try:
        yield
    finally:
        if not connection.in_atomic_block:
            close_old_connections()


def take_working_connection() -> None:
    """Give this thread a connection that works. Raises OperationalError if there is none.

    A restart of the database breaks every connection of the pool, and the pool notices it only when
    somebody uses one. So if one is broken, all of them are tried.
    """
    if not connection.in_atomic_block:
        connection.ensure_connection()
        if not connection.is_usable():
            replace_broken_connections()


def replace_broken_connections() -> None:
    """Let the pool try each of its connections, and replace what the database has ended."""
    connection.close()
    pool = getattr(connection, "pool", None)
    if pool:
        pool.check()
