"""Many threads at one database, each with a connection of its own."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import connection, connections


def at_once(number, tmp_path, work):
    """Return what `work(connect, n)` returns in so many threads; each calls `connect()` first.

    SQLite's memory is one connection's, so the threads get a copy of it in a file: what they store
    is seen by them, and not by the test.
    """
    settings = dict(connection.settings_dict)
    if connection.vendor == "sqlite":
        settings["NAME"] = tmp_path / "copy.sqlite3"
        with sqlite3.connect(settings["NAME"]) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
    wrapper = type(connection._connections["default"])

    def connect():
        connections["default"] = wrapper(settings, "default")

    def run(n):
        try:
            return partial(work, connect)(n)
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))
