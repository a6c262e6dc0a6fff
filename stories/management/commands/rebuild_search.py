from django.core.management.base import BaseCommand
from tqdm import tqdm

from stories.models import Story
from stories.search.indexing import rebuild


class Command(BaseCommand):
    help = "Index every story anew for the search. Safe at any time, and safe to stop."

    def handle(self, **options):
        """Index with progress, and say how many stories were."""
        done = 0
        with tqdm(total=Story.objects.count(), unit="story", disable=None) as progress:
            for step in rebuild():
                done += step
                progress.update(step)
        self.stdout.write(f"Indexed {done:,} stories.")
