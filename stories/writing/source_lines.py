"""A source as one line of text: `Title | address | day it was read`, the last two optional."""

from datetime import date

from stories.models import Source


def parse_source(line):
    """Return the unsaved and unvalidated Source that a line describes."""
    parts = [part.strip() for part in line.split(" | ")]
    accessed_on = parse_day(parts[-1]) if len(parts) > 1 else None
    if accessed_on:
        parts.pop()
    url = parts.pop() if len(parts) > 1 and "://" in parts[-1] else ""
    return Source(title=" | ".join(parts), url=url, accessed_on=accessed_on)


def source_line(source):
    """Return the line that `parse_source` reads."""
    day = source.accessed_on.isoformat() if source.accessed_on else ""
    return " | ".join(part for part in (source.title, source.url, day) if part)


def parse_day(text):
    """Return the date that a text such as "2026-01-31" names, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
