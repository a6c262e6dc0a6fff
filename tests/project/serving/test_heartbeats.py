"""When a worker says that it is well, and when it falls silent."""

from threading import Event, Thread

import pytest

from stories_project.serving.heartbeats import Heartbeats, Watch


class Requests:
    """Threads that answer requests which take until `end`."""

    def __init__(self):
        self.threads = []
        self.ends = []

    def begin(self):
        begun, end = Event(), Event()

        def answer():
            begun.set()
            end.wait()

        # A frame of threading.py calls it; so the first one is there, as for Granian in wsgi.py.
        thread = Thread(target=answer, daemon=True)
        thread.start()
        begun.wait()
        self.threads.append(thread)
        self.ends.append(end)

    def end(self, number):
        self.ends[number].set()
        self.threads[number].join()


@pytest.fixture
def requests():
    requests = Requests()
    yield requests
    for number in range(len(requests.ends)):
        requests.end(number)


@pytest.fixture
def watch():
    """A watch of two threads, which counts its beats."""
    beats = []
    watch = Watch(2, Thread.run.__code__.co_filename, lambda: beats.append(1))
    watch.before = len(watch_frames(watch))
    watch._threads += watch.before
    watch.beats = beats
    return watch


def watch_frames(watch):
    """The requests that a look of a watch sees; other tests may have left threads."""
    watch.look()
    return watch._before


class AWorker:
    def test_is_well_while_a_thread_is_free(self, watch, requests):
        requests.begin()
        before = len(watch.beats)
        for _ in range(3):
            watch.look()
        assert len(watch.beats) == before + 3

    def test_is_silent_while_all_threads_have_the_same_requests(self, watch, requests):
        requests.begin()
        requests.begin()
        watch.look()
        before = len(watch.beats)
        watch.look()
        assert len(watch.beats) == before
        requests.end(0)
        requests.begin()  # Another request.
        watch.look()
        assert len(watch.beats) == before + 1


class TheSilence:
    def test_is_counted_from_the_last_beat(self):
        heartbeats = Heartbeats(2)
        assert heartbeats.silence(1) is None
        heartbeats.beat(1)
        assert 0 <= heartbeats.silence(1) < 5
        assert heartbeats.silence(0) is None
        heartbeats.forget(1)
        assert heartbeats.silence(1) is None
