from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, close_old_connections, connection


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


def replace_broken_connections() -> None:
    """Give this thread a connection that works, if the database can be reached.

    A restart of the database breaks every connection of the pool, and the pool notices it only when
    somebody uses one. So if one is broken, all of them are tried, and replaced at once.
    """
    pool = getattr(connection, "pool", None)
    if pool is None or connection.in_atomic_block:
        return
    if not _is_usable():
        connection.close()
        pool.check()


def _is_usable() -> bool:
    try:
        connection.ensure_connection()
    except Error:
        return False
    return connection.is_usable()
