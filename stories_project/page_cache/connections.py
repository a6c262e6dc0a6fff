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
