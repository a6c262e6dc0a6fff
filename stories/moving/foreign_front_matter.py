"""Front matter as the programs that make sites from folders accept it: YAML, TOML or JSON."""

import json
import tomllib
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from stories_project.text.front_matter import BadFile, Document, parse

TOML_FENCE = "+++"


def read_front_matter(text: str) -> Document | None:
    """Return the Document in a text, or None if it has no front matter.

    Dates and numbers stay text, as in a file of ours. Raises BadFile for what cannot be read.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").lstrip("\n")
    if text.startswith("---\n---\n"):
        return Document({}, {}, text.removeprefix("---\n---\n").strip())
    if text.startswith("---\n") or text.startswith("--- \n"):
        return parse(_with_usual_fence(text))
    if text.startswith(f"{TOML_FENCE}\n"):
        return _toml(text)
    return _json(text) if text.startswith("{\n") or text.startswith('{"') else None


def read_settings(name: str, text: str) -> dict[str, Any]:
    """Return the settings of a site in YAML, TOML or JSON; none if they cannot be read."""
    try:
        if name.endswith(".toml"):
            return tomllib.loads(text)
        if name.endswith(".json"):
            settings = json.loads(text)
            return settings if isinstance(settings, dict) else {}
        return parse(f"---\n{text}\n---\n").values
    except (ValueError, RecursionError):
        return {}


def _with_usual_fence(text: str) -> str:
    """Return YAML whose second fence is `---`: some programs also accept `...`."""
    head, fence, body = text.partition("\n...\n")
    return f"{head}\n---\n{body}" if fence and "\n---\n" not in text[4:] else text


def _toml(text: str) -> Document:
    head, fence, body = text.removeprefix(TOML_FENCE).partition(f"\n{TOML_FENCE}\n")
    if not fence and text.endswith(f"\n{TOML_FENCE}"):
        head, body = text[3:-4], ""
    elif not fence:
        sentence = _("The front matter does not end: %(fence)s is missing.")
        raise BadFile(sentence % {"fence": TOML_FENCE})
    try:
        values = _plain(tomllib.loads(head))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadFile(_("The front matter is not TOML: %(error)s.") % {"error": error}) from error
    return Document(values, {}, body.strip())


def _json(text: str) -> Document:
    try:
        values, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError) as error:
        raise BadFile(_("The front matter is not JSON: %(error)s.") % {"error": error}) from error
    return Document(_plain(values), {}, text[end:].strip())


def _plain(value: Any) -> Any:
    """Return values as text, also within lists and tables."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return "" if value is None else str(value)
