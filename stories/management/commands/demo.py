from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from stories.demo import showcase
from stories.demo.accounts import create_accounts
from stories.demo.bulk import Bulk, count_synthetic
from stories.models import Story

MOST_STORIES = 1_000_000


class Command(BaseCommand):
    help = "Add the demo: founders, stories and four accounts. --stories fills a site of any size."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--stories`, the number of synthetic stories."""
        parser.add_argument(
            "--stories",
            type=int,
            default=0,
            metavar="N",
            help=f"fill up to N synthetic stories as well, {MOST_STORIES:,} at most",
        )

    def handle(self, *, stories: int, **options: Any) -> None:
        """Add what is missing, with a progress bar; change nothing that exists."""
        if not 0 <= stories <= MOST_STORIES:
            self.stderr.write(f"--stories takes a number from 0 to {MOST_STORIES:,}.")
            raise SystemExit(2)
        self._add_showcase()
        if stories:
            self._fill_up_to(stories)
        self._report_accounts()

    def _add_showcase(self) -> None:
        founders = [showcase.add_founder(path) for path in showcase.founder_files()]
        outcomes = [
            showcase.add_story(path)
            for path in tqdm(showcase.story_files(), "Demo stories", disable=None)
        ]
        for outcome in outcomes:
            if outcome and outcome.line:
                self.stderr.write(str(outcome))
        added = sum(outcome is not None for outcome in outcomes)
        self.stdout.write(f"Demo: {sum(founders)} founders and {added} stories added.")

    def _fill_up_to(self, wanted: int) -> None:
        existing = count_synthetic()
        with tqdm(total=wanted, initial=existing, unit="story", disable=None) as progress:
            for created in Bulk(wanted).create_missing():
                progress.update(created)
        self.stdout.write(
            f"Synthetic stories: {max(0, wanted - existing):,} added to {existing:,}."
        )
        self.stdout.write(f"All stories: {Story.objects.count():,}.")

    def _report_accounts(self) -> None:
        self.stdout.write("Sign in at /admin/ as:")
        for name, password in create_accounts().items():
            self.stdout.write(
                f"  {name:<10} {password or '(password unchanged; see DEMO_PASSWORD)'}"
            )
