from collections.abc import Iterable
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stories.bench import growth, pages, report, targets
from stories.bench.measuring import Options, run
from stories.bench.processes import stoppable
from stories.bench.results import BenchError, Report
from stories_project.serving import server as production_server

INTERRUPTED = 130


class Command(BaseCommand):
    help = (
        "Measure the speed of this site with the production server. nginx serves the same bytes "
        "beside it, if it is installed. Changes nothing, except that some stories are published "
        "for a moment and removed again (not with --no-publish)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Define what is measured, and for how long."""
        add = parser.add_argument
        every = ",".join(pages.PAGES)
        add("--pages", default=every, help=f"some of {every}")
        add("--seconds", type=float, default=3, help="of each measurement; 3 if not given")
        add("--connections", type=int, default=32, help="32 if not given")
        add("--workers", type=int, default=production_server.WORKERS, help="processes to serve")
        add("--rotate", type=int, default=5000, help="the most stories to rotate over; 5000")
        add("--no-publish", action="store_true", help="do not measure publishing")
        add("--json", type=Path, metavar="FILE", help="write the report as JSON, too")
        add("--growth", type=Path, metavar="FILE", help="compare with the JSON of an earlier run")
        add("--check", action="store_true", help="exit with status 1 if a target is missed")

    def handle(self, **options: Any) -> None:
        """Measure, print the report, and exit with status 1 if --check finds something wrong."""
        if settings.DEBUG:
            raise CommandError("DEBUG is on. Set DEBUG=off: readers never get the slow server.")
        self.started_at = monotonic()
        try:
            with stoppable():
                measured = self._measure(options)
        except BenchError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Nothing was left behind.")
            raise SystemExit(INTERRUPTED) from None
        if options["json"]:
            options["json"].write_text(report.to_json(measured))
        is_missed = any(target.is_missed for target in targets.targets_of(measured))
        if options["check"] and (is_missed or measured.errors):
            raise SystemExit(1)

    def _measure(self, options: dict[str, Any]) -> Report:
        earlier = growth.read_earlier_run(options["growth"]) if options["growth"] else None
        for option in ("seconds", "connections", "workers", "rotate"):
            if options[option] <= 0:
                raise BenchError(f"--{option} must be more than 0.")
        if options["json"] and not options["json"].parent.is_dir():
            raise BenchError(f"There is no folder {options['json'].parent} for the report.")
        stories = pages.count_stories()
        chosen = pages.choose(options["pages"].split(","), options["rotate"])
        measured = run(
            Options(
                seconds=options["seconds"],
                connections=options["connections"],
                workers=options["workers"],
                publish=not options["no_publish"],
            ),
            chosen,
            stories,
            self._tell,
        )
        self._print(report.lines_of(measured))
        self._print(targets.lines_of(measured))
        if earlier:
            self._print(growth.lines_of(measured, earlier))
        return measured

    def _print(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stdout.write(line)

    def _tell(self, sentence: str) -> None:
        self.stderr.write(f"[{monotonic() - self.started_at:4.0f} s] {sentence} …")
