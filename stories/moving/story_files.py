"""Reads the values for `StoryForm` from a Markdown file with front matter."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _

from stories.models import Source, StoryContent
from stories.models.parts import parse_day
from stories.models.story_content import IN_ROWS
from stories_project.library.image_field import upload_name
from stories_project.text.front_matter import BadFile, Document

# {key in a file: field name}, where the two differ.
FIELDS = {"lead": "is_lead"}
# The body follows the front matter; related stories are chosen at the desk.
NOT_IN_FILES = {"body", "pinned", "banned"}
_KEYS = {field: key for key, field in FIELDS.items()}
LISTS = {_KEYS.get(name, name) for name in StoryContent.names(*IN_ROWS) if name not in NOT_IN_FILES}
KEYS = {_KEYS.get(name, name) for name in StoryContent.names() if name not in NOT_IN_FILES}
TEXTS = KEYS - LISTS


def form_values(document: Document) -> dict[str, Any]:
    """Return the form values of a document; `founders` are still names or slugs.

    Raises BadFile for a value of the wrong type.
    """
    _refuse_wrong_types(document)
    values = {key: value for key, value in document.values.items() if key in KEYS}
    values["body"] = document.body
    if "cover" in values:
        values["cover"] = ""
    if "lead" in values:
        values["is_lead"] = values.pop("lead").lower() in {"true", "yes", "on"}
    for key in LISTS:
        if isinstance(values.get(key), str):
            values[key] = [values[key]] if values[key] else []
    if "takeaways" in values:
        values["takeaways"] = _lines(values["takeaways"])
    if "sources" in values:
        values["sources"] = _lines(_source_line(source, document) for source in values["sources"])
    return values


def cover_upload(path: Path, directory: Path, document: Document) -> dict[str, UploadedFile]:
    """Return {"cover-upload": upload} with the cover of a document, or {} if it has none.

    The path is relative to the file. Raises BadFile for a picture outside `directory`, and for one
    that cannot be read.
    """
    if not document.values.get("cover"):
        return {}
    line = document.line_of("cover")
    picture = (path.parent / document.values["cover"]).resolve()
    if not picture.is_relative_to(directory):
        raise BadFile(_("The cover lies outside the imported directory."), line)
    try:
        return {upload_name("cover"): SimpleUploadedFile(picture.name, picture.read_bytes())}
    except OSError as error:
        sentence = _("The cover %(path)s cannot be read: %(reason)s.")
        values = {"path": document.values["cover"], "reason": error.strerror}
        raise BadFile(sentence % values, line) from error


def _refuse_wrong_types(document: Document) -> None:
    for key, value in document.values.items():
        if key in TEXTS and not isinstance(value, str):
            sentence = _("%(key)s is one value, not a list.")
            raise BadFile(sentence % {"key": key}, document.line_of(key))
        if key in LISTS and isinstance(value, dict):
            sentence = _("%(key)s is a list: write one item a line.")
            raise BadFile(sentence % {"key": key}, document.line_of(key))
        if key in LISTS and key != "sources" and any(not isinstance(v, str) for v in value):
            sentence = _("An item of %(key)s is not plain text.")
            raise BadFile(sentence % {"key": key}, document.line_of(key))


def _lines(items: Iterable[str]) -> str:
    return "\n".join(" ".join(item.split()) for item in items)


def _source_line(source: Any, document: Document) -> str:
    line = document.line_of("sources")
    if isinstance(source, str):
        source = {"title": source}
    if not isinstance(source, dict) or not all(isinstance(v, str) for v in source.values()):
        sentence = _("A source has a title, a url, accessed_on and a key, each of them text.")
        raise BadFile(sentence, line)
    day = source.get("accessed_on", "")
    if day and not parse_day(day):
        sentence = _("%(key)s is a day such as 2026-01-31, not %(day)s.")
        raise BadFile(sentence % {"key": "accessed_on", "day": day}, line)
    title, url = " ".join(source.get("title", "").split()), source.get("url", "")
    row = Source(title=title, url=url, accessed_on=parse_day(day), key=source.get("key", ""))
    try:
        row.clean_fields(exclude=["story", "position"])
    except ValidationError as error:
        raise BadFile(f"sources: {' '.join(error.messages)}", line) from error
    return row.line
