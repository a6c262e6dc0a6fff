"""What can be done for a file without the database: parse it, render it, and store its cover."""

from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError

from stories.moving.story_files import cover_upload
from stories_project.pictures.renditions import make_renditions
from stories_project.pictures.uploads import store_image
from stories_project.text import front_matter, markdown, words
from stories_project.text.front_matter import BadFile, Document


@dataclass(frozen=True)
class Prepared:
    """A file that a worker process has read, with its body rendered and split into words."""

    document: Document
    body: str
    rendering: markdown.Rendering
    text: str
    indexed: words.Indexed

    def hand_over(self) -> Document:
        """Keep the results for the import of this file, and return its Document."""
        markdown.keep(self.body, self.rendering)
        words.keep(self.text, self.indexed)
        return self.document


def prepare(path: Path, directory: Path, *, stores_covers: bool) -> Prepared | None:
    """Return a file as Prepared, or None for a bad one: the import words what is wrong.

    With `stores_covers`, its cover is stored as well.
    """
    try:
        document = front_matter.read(path)
        if stores_covers:
            _store_cover(path, directory, document)
    except (BadFile, ValidationError, OSError):
        return None
    # As the form cleans it.
    body = document.body.strip().replace("\r\n", "\n")
    rendering = markdown.render(body)
    text = markdown.plain_text(rendering.html)
    return Prepared(document, body, rendering, text, words.indexed(text))


def _store_cover(path: Path, directory: Path, document: Document) -> None:
    for upload in cover_upload(path, directory, document).values():
        make_renditions(store_image(upload, "covers"))
