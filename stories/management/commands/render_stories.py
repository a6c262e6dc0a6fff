from django.core.management.base import BaseCommand
from tqdm import tqdm

from stories.models import Story

AT_ONCE = 500


class Command(BaseCommand):
    help = "Render the stories again whose HTML an older renderer made. Safe to stop and to repeat."

    def handle(self, **options: object) -> None:
        """Render with progress, and say how many stories were rendered."""
        outdated = Story.objects.with_outdated_html()
        total = outdated.count()
        with tqdm(total=total, unit="story", disable=None) as progress:
            while stories := list(outdated.order_by("pk")[:AT_ONCE]):
                for story in stories:
                    story.store_html()
                progress.update(len(stories))
        self.stdout.write(f"Stories rendered: {total:,}.")
