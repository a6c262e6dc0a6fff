"""Text without the characters that nobody can see and XML 1.0 forbids, such as a bell.

They come with what is pasted from word processors, and would break feeds.
https://www.w3.org/TR/xml/#charsets
"""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

# Null and halves of characters are not among them: form fields refuse them in a sentence.
FORBIDDEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Word processors write these for a line that ends within a paragraph, and for a new page.
LINE_ENDS = re.compile("[\x0b\x0c]")


class PrintableForm(forms.BaseForm):
    """Mixin of forms: what is typed or pasted loses its invisible characters."""

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(printable(data), *args, **kwargs)


def printable(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return the data of a form with all texts printable."""
    if isinstance(data, QueryDict):
        cleaned = data.copy()
        for name, values in data.lists():
            cleaned.setlist(name, [printable_text(value) for value in values])
        return cleaned
    if data is None:
        return None
    return {name: _printable_value(value) for name, value in data.items()}


def printable_text(text: str) -> str:
    """Return a text without forbidden characters; those that end a line become a line end."""
    return FORBIDDEN.sub("", LINE_ENDS.sub("\n", text)) if FORBIDDEN.search(text) else text


def _printable_value(value: Any) -> Any:
    if isinstance(value, str):
        return printable_text(value)
    return [_printable_value(item) for item in value] if isinstance(value, list) else value


def normalized(value: Any) -> Any:
    """Return a value without what browsers change: line ends, outer spaces, None for empty."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value or ""
