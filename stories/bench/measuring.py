"""One run: the servers are started, and every page is measured on each of them in turn."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from django.conf import settings

from stories.bench import nginx, publishing, server
from stories.bench.clients import Client, client_in
from stories.bench.cold import FreshServers
from stories.bench.keep_alive import Target, exchange
from stories.bench.machine import describe_machine
from stories.bench.nginx import StoredAnswers
from stories.bench.pages import Page
from stories.bench.results import BenchError, Measurement, PageResult, Report, Sample
from stories.bench.server import Server

HALVES = 2
# After each half, the status of so many paths is looked at.
PATHS_CHECKED = 20
COMPRESSED = "Accept-Encoding: br, gzip"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How to measure: seconds of each measurement, connections, processes of the server."""

    seconds: float
    connections: int
    workers: int
    publish: bool


@dataclass(frozen=True)
class Subject:
    """What is measured: where the requests go, and which of our paths is which path there."""

    target: Target
    paths: dict[str, str] | None = None

    def paths_of(self, page: Page) -> list[str]:
        """Return the paths of a page at this target."""
        return [self.paths[path] for path in page.paths] if self.paths else list(page.paths)


class Run:
    """One run, with a folder for its files; `tell` is called with a sentence before each step."""

    def __init__(self, options: Options, pages: Sequence[Page], folder: Path, tell: Tell) -> None:
        self.options, self.pages, self.folder, self.tell = options, pages, folder, tell
        self.client: Client = client_in(folder)
        self.answers = StoredAnswers(folder)

    def measure(self, stories: int) -> Report:
        """Measure everything, and return the Report; `stories` is the number of public stories."""
        self.report = Report(
            machine=describe_machine(),
            settings=asdict(self.options),
            client=self.client.name,
            has_fast_client=self.client.is_fast,
            stories=stories,
        )
        self.tell("Starting two production servers, one of them without page cache")
        workers = self.options.workers
        with (
            server.serving("cached", self.folder, workers) as cached,
            server.serving("uncached", self.folder, workers, PAGE_CACHE_MIB="0") as uncached,
        ):
            self._request_first(cached, uncached)
            with self._subjects(cached, uncached) as subjects:
                for number, page in enumerate(self.pages):
                    self.tell(f"Measuring {page.name} ({number + 1} of {len(self.pages)})")
                    self._measure_page(page, self.report.pages[number], subjects)
            self.report.memory_mib = server.memory_mib(cached.pid)
            self._publish(cached)
        return self.report

    def _request_first(self, cached: Server, uncached: Server) -> None:
        """Measure the first requests, and fill the page cache."""
        connections = self.options.connections
        fresh = FreshServers(_target(cached), _target(uncached), self.answers, connections)
        self.tell("Requesting each page for the first time")
        self.report.pages = fresh.first_answers(self.pages)
        for page, result in zip(self.pages, self.report.pages, strict=True):
            if len(page.paths) > 1:
                self.tell(f"Rotating once over {len(page.paths):,} stories")
                start = fresh.rotate_once(page.paths, result)
                self.report.cold_start = start
                self.tell("Rotating until the page cache of each process is full or has all")
                fresh.fill(page.paths, result, start.rate)

    @contextmanager
    def _subjects(self, cached: Server, uncached: Server) -> Iterator[dict[str, Subject]]:
        """Yield {column: Subject}; nginx is among them where it is installed."""
        ours = {"cached": Subject(_target(cached)), "uncached": Subject(_target(uncached))}
        program = nginx.find_nginx()
        if not program:
            self.report.notes.append("nginx is not installed, so nothing is compared with it.")
            yield ours
            return
        with nginx.serving(program, self.answers) as port:
            target = Target(port, ("Host: 127.0.0.1", COMPRESSED))
            yield ours | {"nginx": Subject(target, self.answers.paths)}

    def _measure_page(self, page: Page, result: PageResult, subjects: dict[str, Subject]) -> None:
        """Measure a page on all subjects in turn, twice, so that another load disturbs all."""
        samples: dict[str, list[Sample]] = {name: [] for name in subjects}
        for _ in range(HALVES):
            for name, subject in subjects.items():
                samples[name].append(self._sample(page, result, subject))
        for name, halves in samples.items():
            measurement = Measurement.of(halves)
            setattr(result, name, measurement)
            if measurement.is_disturbed:
                self.report.notes.append(
                    f"{page.name}, {name}: the two halves of the measurement differ by "
                    f"{measurement.spread:.0%}. Another load disturbs this machine."
                )

    def _sample(self, page: Page, result: PageResult, subject: Subject) -> Sample:
        connections = self.options.connections
        paths = subject.paths_of(page)
        # Each process of the server has seen the page before.
        self._look(subject.target, paths[:1] * connections, result)
        seconds = self.options.seconds / HALVES
        sample = self.client.measure(subject.target, paths, connections, seconds)
        # The server finishes what the client did not wait for, and must not disturb the next. And
        # wrk does not count a redirect as an error, so we look at the status of some paths.
        some = paths[:: -(-len(paths) // PATHS_CHECKED)]
        self._look(subject.target, some * -(-connections // len(some)), result)
        return sample

    def _look(self, target: Target, paths: Sequence[str], result: PageResult) -> None:
        """Request each path once, and note the statuses."""
        for answer in exchange(target, paths, self.options.connections):
            result.note_status(answer.status)

    def _publish(self, cached: Server) -> None:
        if self.options.publish:
            self.tell("Publishing some stories, and removing them")
            self.report.publishing = publishing.measure(_target(cached, compressed=False))


def run(options: Options, pages: Sequence[Page], stories: int, tell: Tell) -> Report:
    """Measure the pages and return the Report. Nothing is left behind, also if it is interrupted.

    Raises BenchError if the server does not start, or stops to answer.
    """
    with TemporaryDirectory(prefix="bench-") as folder:
        try:
            return Run(options, pages, Path(folder), tell).measure(stories)
        except (ConnectionError, TimeoutError) as error:
            raise BenchError(f"The server does not answer any more: {error}") from error


def _target(ours: Server, *, compressed: bool = True) -> Target:
    """Return where to send requests, which say what a proxy in front of the site would say."""
    headers = [f"Host: {urlsplit(settings.SITE_URL).netloc}"]
    if settings.IS_BEHIND_TLS:
        headers.append("X-Forwarded-Proto: https")
    return Target(ours.port, (*headers, COMPRESSED) if compressed else tuple(headers))
