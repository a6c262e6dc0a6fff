import logging
from pathlib import Path
from time import sleep, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from stories.models import Story
from stories.moving.workers import WorkerDied
from stories.static_site.building import StaticSite
from stories.static_site.search_index import NoIndex
from stories_project.publication.current import in_its_language, in_its_zone

MOST_JOBS = 64
# With more stories, drawing a picture for each of them would take hours.
MOST_SHARES = 2000
# In seconds.
WATCH_EVERY = 2.0


class Command(BaseCommand):
    help = "Write the public site as files, which any web server or object storage serves."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("directory", type=Path, help="the root of the site")
        parser.add_argument(
            "--jobs", type=int, default=1, metavar="N", help="render in N processes"
        )
        parser.add_argument(
            "--share-pictures",
            choices=["auto", "yes", "no"],
            default="auto",
            help=f"draw a picture for shared links for each page; auto: up to {MOST_SHARES:,} "
            "stories",
        )
        parser.add_argument(
            "--contact",
            default="",
            help="the e-mail address or URL where readers write, in place of the forms",
        )
        parser.add_argument(
            "--watch",
            action="store_true",
            help="go on: write what changes within seconds, and follow the schedule",
        )

    @in_its_zone()
    @in_its_language()
    def handle(
        self,
        *,
        directory: Path,
        jobs: int,
        share_pictures: str,
        contact: str,
        watch: bool,
        **options: Any,
    ) -> None:
        """Build the site, and say what was written; with `watch`, until it is stopped."""
        if not 1 <= jobs <= MOST_JOBS:
            raise CommandError(f"--jobs is a number from 1 to {MOST_JOBS}.")
        # The page for what is not found is one of the pages.
        logging.getLogger("django.request").setLevel(logging.ERROR)
        is_small = Story.objects.published().count() <= MOST_SHARES
        shares = share_pictures == "yes" or (share_pictures == "auto" and is_small)
        try:
            site = StaticSite(directory, jobs=jobs, shares=shares, contact=contact)
            self._build(site)
            while watch:
                self._wait(site)
                self._build(site)
        except (NoIndex, OSError) as error:
            raise CommandError(str(error)) from error
        except WorkerDied as died:
            raise CommandError(
                "One of the processes that render has died, perhaps because the memory is full. "
                "Build again with --jobs 1: it goes on with what is missing."
            ) from died
        except KeyboardInterrupt as stopped:
            self.stderr.write("Stopped. Build again to go on.")
            raise SystemExit(130) from stopped

    def _build(self, site: StaticSite) -> None:
        begun = time()
        with tqdm(unit="page", disable=None, file=self.stderr) as progress:
            for done, total in site.build():
                progress.total = total
                progress.update(done - progress.n)
        self.stdout.write(f"{site.report} ({time() - begun:,.1f} s).")

    def _wait(self, site: StaticSite) -> None:
        """Wait until something is another one than it was built."""
        while not site.is_outdated():
            sleep(WATCH_EVERY)
