from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stories.models import Story
from stories.moderating.erasing import erase
from stories.moderating.person import Person
from stories_project.text.full_text_index import forget_deleted_words


class Command(BaseCommand):
    help = "Remove what identifies a founder, and keep the decisions without it. Cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("slug", help="the address of the founder, present or former")
        parser.add_argument("--yes", action="store_true", help="erase; without it, only say what")
        parser.add_argument(
            "--keep-stories",
            action="store_true",
            help="erase although public stories are about them; these keep their text",
        )

    def handle(self, slug: str, yes: bool, keep_stories: bool, **options: Any) -> None:
        """Say what will be erased, and do it with --yes."""
        try:
            person = Person.with_slug(slug)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        public = list(Story.objects.published().filter(pk__in=person.stories.values("pk")))
        self._tell(person, public)
        if public and not keep_stories:
            raise CommandError(
                "Readers see these stories. Withdraw them, purge the passages, or say "
                "--keep-stories: then they lose the name above the text, and keep the text."
            )
        if not yes:
            self.stdout.write("Nothing is erased yet. Say --yes to do it; it cannot be undone.")
            return
        erase(person)
        forget_deleted_words()
        self.stdout.write("Erased. Backups still have everything: see docs/operating.md.")

    def _tell(self, person: Person, public: list[Story]) -> None:
        names = ", ".join(sorted(person.names))
        self.stdout.write(
            f"{names}: profiles {len(person.profiles)}, decisions {person.decisions.count()} "
            f"(kept without their reasons), suggestions {len(person.suggestions)}, "
            f"portraits {len(person.portraits)}, entries of the audit log {person.log.count()}."
        )
        for story in public:
            self.stdout.write(f"Public: {story.absolute_url} ({story})")
