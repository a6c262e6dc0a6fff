"""The name, the look and the pages of a publication, taken over from an export."""

import json
from dataclasses import fields
from pathlib import Path

from django.utils.translation import gettext as _

from stories_project.publication import current
from stories_project.publication.values import Publication
from stories_project.text.front_matter import BadFile


def take_over_publication(path: Path) -> None:
    """Make this the publication, unless an administrator has decided about it here already.

    Raises BadFile for values that no release has written.
    """
    if not path.exists() or current.newest_revision() is not None:
        return
    values = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(values, dict):
        raise BadFile(_("This is not a publication."))
    publication = Publication.of(values)
    for field in fields(Publication):
        if type(getattr(publication, field.name)) is not type(field.default):
            sentence = _("%(key)s has a value of another type.")
            raise BadFile(sentence % {"key": field.name})
    if publication != Publication():
        current.save(publication)
