"""One run: the servers are started, and every page is measured on each of them in turn."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from django.conf import settings

from stories.bench import nginx, publishing, server
from stories.bench.clients import Client, client_in
from stories.bench.cold import FreshServers
from stories.bench.keep_alive import Endpoint, exchange
from stories.bench.machine import describe_machine
from stories.bench.nginx import StoredAnswers
from stories.bench.pages import Page
from stories.bench.results import BenchError, Measurement, PageResult, Report, Sample
from stories.bench.server import Server

HALVES = 2
# Before and after each half, so many requests look at the status of some paths.
LOOKS = 8
COMPRESSED = "Accept-Encoding: br, gzip"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How to measure."""

    seconds: float  # of each measurement
    connections: int
    workers: int  # processes of the server
    publish: bool


@dataclass(frozen=True)
class Subject:
    """What is measured: where the requests go, and which of our paths is which path there."""

    endpoint: Endpoint
    paths: dict[str, str] | None = None

    def paths_of(self, page: Page) -> list[str]:
        """Return the paths of a page at this endpoint."""
        return [self.paths[path] for path in page.paths] if self.paths else list(page.paths)


class Run:
    """One run, with a folder for its files; `tell` is called with a sentence before each step."""

    def __init__(
        self, options: Options, pages: Sequence[Page], stories: int, folder: Path, tell: Tell
    ) -> None:
        self.options, self.pages, self.folder, self.tell = options, pages, folder, tell
        self.client: Client = client_in(folder)
        self.answers = StoredAnswers(folder)
        self.report = Report(
            machine=describe_machine(),
            stories=stories,
            settings=asdict(options),
            client=self.client.name,
            has_fast_client=self.client.is_fast,
        )

    def measure(self) -> None:
        """Measure everything, into `report`."""
        self.tell("Starting two production servers, one of them without page cache")
        workers = self.options.workers
        with (
            server.serving("cached", self.folder, workers) as cached,
            server.serving("uncached", self.folder, workers, PAGE_CACHE_MIB="0") as uncached,
        ):
            self._request_first(cached, uncached)
            ours = {"cached": Subject(_endpoint(cached)), "uncached": Subject(_endpoint(uncached))}
            with self.beside_nginx(ours) as subjects:
                for number, page in enumerate(self.pages):
                    self.tell(f"Measuring {page.name} ({number + 1} of {len(self.pages)})")
                    self.measure_page(page, self.report.pages[number], subjects)
            self.report.memory_mib = server.memory_mib(cached.pid)
            self._publish(cached)

    def _request_first(self, cached: Server, uncached: Server) -> None:
        """Measure the first requests, and fill the page cache."""
        connections = self.options.connections
        fresh = FreshServers(_endpoint(cached), _endpoint(uncached), self.answers, connections)
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
    def beside_nginx(self, ours: dict[str, Subject]) -> Iterator[dict[str, Subject]]:
        """Yield our {column: Subject}, and nginx among them if it is there and starts."""
        program = nginx.find_nginx()
        with ExitStack() as stack:
            try:
                if not program:
                    raise BenchError("nginx is not installed")
                port = stack.enter_context(nginx.serving(program, self.answers))
            except BenchError as error:
                self.report.notes.append(f"Nothing is compared with nginx: {error}")
                yield ours
            else:
                endpoint = Endpoint(port, ("Host: 127.0.0.1", COMPRESSED))
                yield ours | {"nginx": Subject(endpoint, self.answers.paths)}

    def measure_page(self, page: Page, result: PageResult, subjects: dict[str, Subject]) -> None:
        """Measure a page on all subjects in turn, twice, so that another load disturbs all."""
        samples: dict[str, list[Sample]] = {name: [] for name in subjects}
        for _ in range(HALVES):
            for name, subject in subjects.items():
                samples[name].append(self._sample(page, result, subject))
        for name, halves in samples.items():
            measurement = Measurement.of(halves)
            setattr(result, name, measurement)
            if measurement.doubt:
                self.report.notes.append(f"{page.name}, {name}: {measurement.doubt}")

    def _sample(self, page: Page, result: PageResult, subject: Subject) -> Sample:
        paths = subject.paths_of(page)
        # Each process of the server has seen the page before.
        self._look(subject.endpoint, paths[:1], result)
        seconds = self.options.seconds / HALVES
        sample = self.client.measure(subject.endpoint, paths, self.options.connections, seconds)
        # The server finishes what the client did not wait for, and must not disturb the next. And
        # wrk does not count a redirect as an error.
        self._look(subject.endpoint, paths[:: -(-len(paths) // LOOKS)], result)
        return sample

    def _look(self, endpoint: Endpoint, paths: Sequence[str], result: PageResult) -> None:
        """Request these paths in turn, each on a connection of its own, and note the statuses."""
        for answer in exchange(endpoint, islice(cycle(paths), LOOKS), LOOKS):
            result.note_status(answer.status)

    def _publish(self, cached: Server) -> None:
        if self.options.publish:
            self.tell("Publishing some stories, and removing them")
            self.report.publishing = publishing.measure(_endpoint(cached, compressed=False))


def run(options: Options, pages: Sequence[Page], stories: int, tell: Tell) -> Report:
    """Measure the pages of a site with so many public stories, and return the Report.

    Nothing is left behind, also if the run is interrupted. Raises BenchError if the server does not
    start, or stops to answer.
    """
    with TemporaryDirectory(prefix="bench-") as folder:
        measured = Run(options, pages, stories, Path(folder), tell)
        try:
            measured.measure()
        except (ConnectionError, TimeoutError) as error:
            raise BenchError(f"The server does not answer any more: {error}") from error
        return measured.report


def _endpoint(ours: Server, *, compressed: bool = True) -> Endpoint:
    """Return where to send requests, which say what a proxy in front of the site would say."""
    headers = [f"Host: {urlsplit(settings.SITE_URL).netloc}"]
    if settings.IS_BEHIND_TLS:
        headers.append("X-Forwarded-Proto: https")
    return Endpoint(ours.port, (*headers, COMPRESSED) if compressed else tuple(headers))
