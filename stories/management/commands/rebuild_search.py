from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from stories.models import Story
from stories.search.indexing import rebuild
from stories_project.page_cache import change_log
from stories_project.page_cache.surrogate_keys import SEARCH


class Command(BaseCommand):
    help = "Index all stories for the search again. Safe at any time, and safe to stop."

    def handle(self, **options: Any) -> None:
        """Index with a progress bar, and print how many stories were indexed."""
        done = 0
        with tqdm(total=Story.objects.count(), unit="story", disable=None) as progress:
            for count in rebuild():
                done += count
                progress.update(count)
        change_log.record(SEARCH)
        self.stdout.write(f"Indexed {done:,} stories.")
