"""Run a function in several threads, each with its own database connection."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import connection, connections


def at_once(number, tmp_path, work):
    """Call `work(connect, n)` in `number` threads at once, and return the results in order.

    `n` counts from 0. `work` calls `connect()` before it uses the database. Only one connection
    can use an in-memory SQLite database, so the threads work on a copy of it in a file below
    `tmp_path`: they see what they store there, and the test does not.
    """
    settings = dict(connection.settings_dict)
    # Each thread stands for a process: they do not share a pool of connections.
    settings["OPTIONS"] = {k: v for k, v in settings["OPTIONS"].items() if k != "pool"}
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
