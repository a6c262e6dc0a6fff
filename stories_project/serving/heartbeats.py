"""Heartbeats: how the server knows that a worker hangs.

Each worker writes the time to a memory that it shares with the server, once a second, as long as
one of its threads can take the next request. A worker that is stopped, that never gives up the
interpreter, or whose threads all wait for something that does not come, falls silent.
"""

import mmap
import struct
import sys
import time
from collections.abc import Callable
from threading import Thread
from types import FrameType

# In seconds.
BEAT_EVERY = 1.0
LEAVE_WITHIN = 0.1
TIME = struct.Struct("d")


class Heartbeats:
    """The times of the last beats, in a memory that forked processes share."""

    def __init__(self, workers: int) -> None:
        self._memory = mmap.mmap(-1, TIME.size * workers)
        # Not 0: the workers must accept no more connections.
        self._leaving = mmap.mmap(-1, 1)

    def leave(self) -> None:
        """Tell all workers to accept no more connections; they notice it within LEAVE_WITHIN."""
        self._leaving[0] = 1

    def beat(self, worker: int) -> None:
        """Say that a worker, counted from 0, is well now."""
        TIME.pack_into(self._memory, TIME.size * worker, time.monotonic())

    def forget(self, worker: int) -> None:
        """Say that a worker has not beaten yet."""
        TIME.pack_into(self._memory, TIME.size * worker, 0.0)

    def silence(self, worker: int) -> float | None:
        """Return for how many seconds a worker has been silent; None if it has not beaten yet."""
        (at,) = TIME.unpack_from(self._memory, TIME.size * worker)
        return time.monotonic() - at if at else None

    def start(self, worker: int, threads: int, entry: str, leave: Callable[[], None]) -> None:
        """Begin to beat in this process.

        It answers with so many threads; the first Python code of each request is in the file
        `entry`. `leave` is called when it must accept no more connections.
        """
        watch = Watch(threads, entry, lambda: self.beat(worker))
        Thread(target=watch.run, name="heartbeat", daemon=True).start()
        Thread(target=self._wait_to_leave, args=[leave], name="leaving", daemon=True).start()

    def _wait_to_leave(self, leave: Callable[[], None]) -> None:
        while not self._leaving[0]:
            time.sleep(LEAVE_WITHIN)
        leave()


class Watch:
    """Calls `beat` as long as a thread of this process is free, or has been free a second ago."""

    def __init__(self, threads: int, entry: str, beat: Callable[[], None]) -> None:
        self._threads = threads
        self._entry = entry
        self._beat = beat
        self._before: set[FrameType] = set()

    def run(self) -> None:
        """Look once a second, for ever."""
        while True:
            self.look()
            time.sleep(BEAT_EVERY)

    def look(self) -> None:
        """Beat, unless every thread is still busy with the request that it had the last time.

        The first frame of a request is kept until the next look, so that no other one can be taken
        for it. A thread that is free has no frame.
        """
        firsts = map(_first, sys._current_frames().values())
        busy = {frame for frame in firsts if frame.f_code.co_filename == self._entry}
        if len(busy & self._before) < self._threads:
            self._beat()
        self._before = busy


def _first(frame: FrameType) -> FrameType:
    while frame.f_back:
        frame = frame.f_back
    return frame
