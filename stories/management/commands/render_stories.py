from django.core.management.base import BaseCommand
from tqdm import tqdm

from stories.models import Story

BATCH = 500


class Command(BaseCommand):
    help = "Render the stories again whose HTML an older renderer made. Safe to stop and to repeat."

    def handle(self, **options: object) -> None:
        """Render with progress, and say how many stories were rendered."""
        keys = list(Story.objects.with_outdated_html().values_list("pk", flat=True))
        with tqdm(total=len(keys), unit="story", disable=None) as progress:
            for start in range(0, len(keys), BATCH):
                batch = keys[start : start + BATCH]
                for story in Story.objects.filter(pk__in=batch).only("body"):
                    story.store_html()
                progress.update(len(batch))
        self.stdout.write(f"Stories rendered: {len(keys):,}.")
