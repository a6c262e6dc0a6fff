"""What has changed for readers since the last build, by surrogate keys."""

from datetime import UTC, datetime, timedelta
from math import inf
from time import time
from typing import Any

from stories.planning.transitions import passed
from stories.static_site.manifest import Manifest
from stories_project.page_cache.change_log import KEPT, Reader
from stories_project.page_cache.surrogate_keys import EVERYTHING


class Changes:
    """Reads the change log from where the last build has stopped, and follows the schedule."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        known: Any = manifest.fact("read")
        self.read_at = known["at"] if known else 0.0
        is_old = time() - self.read_at > KEPT.total_seconds() / 2
        state = (None, []) if is_old or not known else known["state"]
        self.reader = Reader((state[0], state[1]))
        # What `has_news` has read, and nobody has built yet.
        self.unread: set[str] = set()
        # When something changes by itself next, as a POSIX timestamp.
        self.next_at = inf

    def read(self) -> set[str]:
        """Return the keys of what has changed; {EVERYTHING} if nobody can say."""
        now = time()
        after = datetime.fromtimestamp(self.read_at or now, UTC)
        happened = passed(after - timedelta(seconds=1), datetime.fromtimestamp(now, UTC))
        self.next_at = happened.next_at.timestamp() if happened.next_at else inf
        logged = self._logged()
        self.read_at, self.unread = now, set()
        return logged | happened.keys

    def has_news(self) -> bool:
        """Whether there is something to read, or something has changed by itself."""
        self.unread = self._logged()
        return bool(self.unread) or time() >= self.next_at

    def _logged(self) -> set[str]:
        logged = self.reader.read()
        return self.unread | ({EVERYTHING} if logged is None else logged)

    def settle(self) -> None:
        """Remember what was read: everything is built now."""
        self.manifest.store("read", {"at": self.read_at, "state": self.reader.state})
