"""Messages of the desk: one sentence that says what was done, and the next step beside it.

Django keeps the message in a signed cookie or in the session. The steps travel with it in its
`extra_tags`, as JSON; no HTML is stored, the template writes the links and the buttons.
"""

import json
from dataclasses import astuple, dataclass

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

BEGIN = "steps:"


@dataclass(frozen=True)
class Step:
    """A next step: a link to an address of ours, or a button that posts to it."""

    label: str
    address: str
    is_post: bool = False


def say(request: HttpRequest, sentence: str, *steps: Step, level: int = messages.SUCCESS) -> None:
    """Show a sentence on the next page, with steps beside it."""
    tags = BEGIN + json.dumps([astuple(step) for step in steps]) if steps else ""
    messages.add_message(request, level, sentence, extra_tags=tags)


def steps_of(message: Message) -> list[Step]:
    """Return the steps of a message; none for a message that something else has added."""
    tags = message.extra_tags or ""
    if not tags.startswith(BEGIN):
        return []
    return [Step(*each) for each in json.loads(tags.removeprefix(BEGIN))]
