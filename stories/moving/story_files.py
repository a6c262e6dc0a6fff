"""A Markdown file with a story: what its front matter gives to `StoryForm`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from stories.models import Source, StoryContent
from stories.models.parts import parse_day
from stories.models.story_content import IN_ROWS
from stories_project.pictures.image_field import upload_name
from stories_project.text.front_matter import BadFile, Document

# The name of a field, for a key of the file that is called otherwise.
FIELDS = {"lead": "is_lead"}
# The body is the text below the front matter; pins and bans are choices of this site's editors.
NOT_IN_FILES = {"body", "pinned", "banned"}
_KEYS = {field: key for key, field in FIELDS.items()}
LISTS = {_KEYS.get(name, name) for name in StoryContent.names(*IN_ROWS) if name not in NOT_IN_FILES}
KEYS = {_KEYS.get(name, name) for name in StoryContent.names() if name not in NOT_IN_FILES}
TEXTS = KEYS - LISTS


def form_values(document: Document) -> dict[str, Any]:
    """Return the values that a document gives to the form; `founders` are still names or slugs.

    Raises BadFile for a value of the wrong shape.
    """
    _refuse_wrong_shapes(document)
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
    """Return {name of the upload: upload} for the picture that a document names, or {}.

    The picture lies beside the file or below it. Raises BadFile when it is not there.
    """
    if not document.values.get("cover"):
        return {}
    line = document.line_of("cover")
    picture = (path.parent / document.values["cover"]).resolve()
    if not picture.is_relative_to(directory):
        raise BadFile("The cover lies outside the directory that is imported.", line)
    try:
        return {upload_name("cover"): SimpleUploadedFile(picture.name, picture.read_bytes())}
    except OSError as error:
        reason = f"The cover {document.values['cover']} cannot be read: {error.strerror}."
        raise BadFile(reason, line) from error


def _refuse_wrong_shapes(document: Document) -> None:
    for key, value in document.values.items():
        if key in TEXTS and not isinstance(value, str):
            raise BadFile(f"{key} is one value, not a list.", document.line_of(key))
        if key in LISTS and isinstance(value, dict):
            raise BadFile(f"{key} is a list: write one item a line.", document.line_of(key))
        if key in LISTS and key != "sources" and any(not isinstance(v, str) for v in value):
            raise BadFile(f"An item of {key} is not plain text.", document.line_of(key))


def _lines(items: Iterable[str]) -> str:
    return "\n".join(" ".join(item.split()) for item in items)


def _source_line(source: Any, document: Document) -> str:
    line = document.line_of("sources")
    if isinstance(source, str):
        source = {"title": source}
    if not isinstance(source, dict) or not all(isinstance(v, str) for v in source.values()):
        raise BadFile("A source has a title, a url and accessed_on, each of them text.", line)
    day = source.get("accessed_on", "")
    if day and not parse_day(day):
        raise BadFile(f"accessed_on is a day such as 2026-01-31, not {day}.", line)
    title, url = " ".join(source.get("title", "").split()), source.get("url", "")
    row = Source(title=title, url=url, accessed_on=parse_day(day))
    try:
        row.clean_fields(exclude=["story", "position"])
    except ValidationError as error:
        raise BadFile(f"sources: {' '.join(error.messages)}", line) from error
    return row.line
