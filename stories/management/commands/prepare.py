from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from stories_project.static_files import collect

# Any number: it means this lock, for every node that uses the database.
LOCK = 4_215_033


class Command(BaseCommand):
    help = "Prepare the database and the static files for this release. `make serve` does it."

    def handle(self, **options: Any) -> None:
        """Migrate, store the HTML of stories again if the renderer is newer, collect the files."""
        self.stdout.write("==> Preparing the database and the static files")
        self.stdout.flush()
        with _one_node_at_a_time(_connected()):
            call_command("migrate", verbosity=0)
            call_command("render_stories")
            call_command("index_pictures", once=True)
        collect()


def _connected() -> BaseDatabaseWrapper:
    """Return a connection of our own, outside the pool, which would hide why there is none.

    Raises CommandError if the database does not answer.
    """
    alone = connection.copy()
    alone.settings_dict["OPTIONS"].pop("pool", None)
    try:
        alone.ensure_connection()
    except OperationalError as error:
        raise CommandError(
            f"The database does not answer; is DATABASE_URL right? {error}"
        ) from None
    return alone


@contextmanager
def _one_node_at_a_time(alone: BaseDatabaseWrapper) -> Iterator[None]:
    """Let the nodes that start at once prepare their PostgreSQL database one after the other."""
    with closing(alone):
        if alone.vendor == "postgresql":
            alone.cursor().execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
