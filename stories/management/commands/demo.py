from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from stories.demo import removing, showcase
from stories.demo.accounts import create_accounts
from stories.demo.bulk import Bulk, synthetic_stories
from stories.demo.correcting import add_correction
from stories.demo.recommending import recommend
from stories.models import Story
from stories_project.publication.current import in_its_zone

MOST_STORIES = 1_000_000
# Names that are printed of what is left.
SHOWN = 10
ON_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


class Command(BaseCommand):
    help = (
        "Add the demo: founders, stories, a series and four accounts. "
        "--stories fills a site of any size; "
        "--remove takes all of it out again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--stories`, the number of synthetic stories, and `--with-demo`."""
        parser.add_argument(
            "--with-demo",
            action="store_true",
            help="needed with DEBUG off: only people on this machine can reach the site",
        )
        parser.add_argument(
            "--stories",
            type=int,
            default=0,
            metavar="N",
            help=f"fill up to N synthetic stories as well, {MOST_STORIES:,} at most",
        )

        parser.add_argument(
            "--remove",
            action="store_true",
            help="remove the demo, and leave what somebody has edited or decided",
        )

    @in_its_zone()
    def handle(self, *, stories: int, with_demo: bool, remove: bool, **options: Any) -> None:
        """Add what is missing, with a progress bar; change nothing that exists."""
        if remove:
            self._remove()
            return
        if not settings.DEBUG:
            _refuse_strangers(with_demo)
        if not 0 <= stories <= MOST_STORIES:
            self.stderr.write(f"--stories takes a number from 0 to {MOST_STORIES:,}.")
            raise SystemExit(2)
        self._add_showcase()
        if stories:
            self._fill_up_to(stories)
        self._report_accounts()

    def _remove(self) -> None:
        if not removing.has_another_administrator():
            raise CommandError("Make your own administrator first: manage.py setup")
        removed = 0
        with tqdm(desc="Stories removed", unit="story", disable=None) as progress:
            for count in removing.remove_stories():
                removed += count
                progress.update(count)
        left = removing.remove_the_rest()
        self.stdout.write(f"Removed: {removed:,} stories, their founders and tags, the accounts.")
        for what, names in vars(left).items():
            if names:
                self.stdout.write(f"Left, because somebody works with them: {what}: {_few(names)}")

    def _add_showcase(self) -> None:
        founders = [showcase.add_founder(path) for path in showcase.founder_files()]
        outcomes = [
            showcase.add_story(path)
            for path in tqdm(showcase.story_files(), "Demo stories", disable=None)
        ]
        for outcome in outcomes:
            if outcome and outcome.line:
                self.stderr.write(str(outcome))
        for path in showcase.series_files():
            showcase.add_series(path)
        added = sum(outcome is not None for outcome in outcomes)
        self.stdout.write(f"Demo: {sum(founders)} founders and {added} stories added.")

    def _fill_up_to(self, wanted: int) -> None:
        existing = synthetic_stories().count()
        with tqdm(total=wanted, initial=existing, unit="story", disable=None) as progress:
            for created in Bulk(wanted).create_missing():
                progress.update(created)
        self.stdout.write(
            f"Synthetic stories: {max(0, wanted - existing):,} added to {existing:,}."
        )
        self.stdout.write(f"All stories: {Story.objects.count():,}.")

    def _report_accounts(self) -> None:
        passwords = create_accounts()
        add_correction()
        recommend()
        if not passwords:
            self.stdout.write("This site has accounts already: none was added or changed.")
            return
        self.stdout.write("Sign in at /admin/ as:")
        for name, password in passwords.items():
            self.stdout.write(f"  {name:<10} {password}")


def _few(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _refuse_strangers(with_demo: bool) -> None:
    """Raise CommandError unless the demo was asked for in words, for a site on this machine."""
    if not with_demo:
        raise CommandError(
            "DEBUG is off. The demo adds four accounts that share one password, and one of them "
            "may do everything. Add --with-demo if nobody else can reach the site."
        )
    host = urlsplit(settings.SITE_URL).hostname
    if host not in ON_THIS_MACHINE:
        raise CommandError(
            f"SITE_URL names {host}. The demo is only for a site that nobody else can reach, such "
            "as http://127.0.0.1:8000."
        )
