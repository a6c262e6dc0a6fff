"""What is broken, and made whole again: each fault says for how long something may be noticed."""

import os
import shutil
import signal
import time
from contextlib import suppress


def signal_all(pids, number):
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


class Faults:
    """Each method breaks one thing of a `World`, waits, and mends it."""

    def __init__(self, world, rng):
        self.world, self.rng = world, rng

    NAMES = (
        *("kill_a_worker", "freeze_a_worker", "new_release", "kill_the_server"),
        *("crash_postgres", "freeze_postgres", "kill_redis", "freeze_redis"),
        *("fill_the_disk", "kill_mail", "freeze_mail", "kill_the_mail_worker"),
    )

    def _hold(self, shortest=1.0, longest=3.0):
        time.sleep(self.rng.uniform(shortest, longest))

    def kill_a_worker(self):
        """Requests that the worker held are cut."""
        if workers := self.world.site.workers():
            signal_all([self.rng.choice(workers)], signal.SIGKILL)

    def freeze_a_worker(self):
        """Requests that the worker holds wait; the others are answered by the rest."""
        if workers := self.world.site.workers():
            frozen = [self.rng.choice(workers)]
            signal_all(frozen, signal.SIGSTOP)
            self._hold(2, 4)
            signal_all(frozen, signal.SIGCONT)

    def new_release(self):
        """New processes take over; no request is cut."""
        signal_all([self.world.site.supervisor()], signal.SIGHUP)
        self._hold(4, 6)

    def kill_the_server(self):
        """All workers end with it. Readers wait until the supervisor has started another one."""
        self.world.site.workers()  # from now on known as such
        signal_all(self.world.site.servers(), signal.SIGKILL)
        self._hold(4, 6)

    def crash_postgres(self):
        """Every connection is cut. Kept pages are served, others answer 503."""
        with self.world.database_away():
            self.world.postgres.stop()
            self._hold()
            self.world.postgres.start()

    def freeze_postgres(self):
        """Queries wait. Kept pages are served."""
        with self.world.database_away():
            processes = self.world.postgres.processes()
            signal_all(processes, signal.SIGSTOP)
            self._hold()
            signal_all(processes, signal.SIGCONT)

    def kill_redis(self):
        """Other machines would learn of changes a little later; limits count in memory."""
        self.world.redis.kill()
        self._hold()
        self.world.redis.start()

    def freeze_redis(self):
        """Who asks the cache waits for its timeout."""
        signal_all([self.world.redis.process.pid], signal.SIGSTOP)
        self._hold()
        signal_all([self.world.redis.process.pid], signal.SIGCONT)

    def fill_the_disk(self):
        """No picture can be stored, and nothing written to the log."""
        filler = self.world.disk / "filler"
        with suppress(OSError), filler.open("wb") as file:
            file.write(b"0" * shutil.disk_usage(self.world.disk).free)
        self._hold()
        filler.unlink(missing_ok=True)

    def kill_mail(self):
        """E-mail is refused, and tried again later."""
        self.world.mail.stop()
        self._hold()
        self.world.mail.start()

    def freeze_mail(self):
        """The mail server accepts connections and says nothing."""
        self.world.mail.is_silent = True
        self._hold()
        self.world.mail.is_silent = False

    def kill_the_mail_worker(self):
        """Requests send their e-mail themselves until it is back."""
        self.world.kill_worker()
        self._hold()
        self.world.start_worker()
