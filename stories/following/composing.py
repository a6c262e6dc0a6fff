"""A letter as an e-mail: as text, and as HTML that e-mail clients show without our style sheet.

Every follower gets the same HTML but for the private addresses. It loads nothing but covers and
pictures of the story, from the same addresses for everybody: nobody learns who has opened it.
"""

from email.utils import formataddr, parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from css_inline import CSSInliner
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import ngettext

from stories.models import Follower, Letter, Sending, Story
from stories.reading.parts import read_parts
from stories_project.pictures.renditions import picture_of
from stories_project.publication.current import current
from stories_project.text import markdown
from stories_project.text.typography import typographic

STYLES = Path(__file__).with_name("letter.css")
# Gmail cuts an e-mail of more than 102 kB; the rest is for the frame and its styles.
LONGEST_BODY = 60_000
# Stands in the rendered letter for the token of each follower.
SOMEBODY = "0000-token-of-the-follower-0000"


class Cover(NamedTuple):
    """The uploaded cover of a story in an e-mail."""

    address: str
    alt: str
    credit: str


class Rendered(NamedTuple):
    """A letter for somebody."""

    subject: str
    text: str
    html: str


class Composer:
    """Composes the e-mails of one letter; what is the same for many is rendered once."""

    def __init__(self, letter: Letter) -> None:
        self._letter = letter
        self._rendered: dict[tuple[int, ...], Rendered] = {}

    def message(self, stories: list[int], sending: Sending) -> EmailMultiAlternatives:
        """Return the e-mail with these stories to the follower of a sending."""
        key = tuple(stories)
        if key not in self._rendered:
            self._rendered[key] = rendered(self._letter.kind, stories)
        if sending.follower is None:
            raise ValueError("nobody gets this")
        # The same each time it is tried: who gets it twice can tell.
        name = f"letter-{sending.letter_id}-{sending.pk}"
        return message_for(sending.follower, self._rendered[key], name)


def rendered(kind: str, keys: list[int]) -> Rendered:
    """Return a letter with the stories of these primary keys, in this order."""
    found = Story.objects.with_founders().in_bulk(keys)
    stories = [found[pk] for pk in keys if pk in found]
    return render(kind, stories)


def render(kind: str, stories: list[Story]) -> Rendered:
    """Return a letter with these stories; that of a single story has its text, if it is short."""
    nobody = Follower(token=SOMEBODY)
    context = {
        "publication": current(),
        "publication_name": current().name,
        "site": settings.SITE_URL,
        "preferences": settings.SITE_URL + nobody.path("preferences"),
        "leave": settings.SITE_URL + nobody.path("leave"),
        "stories": [{"story": story, "cover": _cover(story)} for story in stories],
    }
    if kind == Letter.Kind.STORY:
        context |= _whole(stories[0])
    name = "story" if kind == Letter.Kind.STORY else "digest"
    html = render_to_string(f"letters/{name}.html", context)
    return Rendered(
        _subject(kind, stories),
        render_to_string(f"letters/{name}.txt", context).strip() + "\n",
        _inliner().inline(html),
    )


def message_for(
    follower: Follower, letter: Rendered, message_name: str = ""
) -> EmailMultiAlternatives:
    """Return a rendered letter as an e-mail to a follower, with the headers of a list.

    One click leaves (RFC 8058): the e-mail client posts to the address without asking anything.
    """
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    sender = formataddr((current().name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    headers = {
        "List-Id": formataddr((current().name, f"letters.{host}")),
        "List-Unsubscribe": f"<{settings.SITE_URL}{follower.path('leave')}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "list",
        "Auto-Submitted": "auto-generated",
    }
    if message_name:
        headers["Message-ID"] = f"<{message_name}@{host}>"
    own = {"text": letter.text, "html": letter.html}
    own = {form: words.replace(SOMEBODY, follower.token) for form, words in own.items()}
    message = EmailMultiAlternatives(
        letter.subject, own["text"], sender, [follower.address], headers=headers
    )
    message.attach_alternative(own["html"], "text/html")
    return message


def _whole(story: Story) -> dict[str, Any]:
    """Return what the letter of one story has besides its card."""
    parts = read_parts([story.pk])[story.pk] if story.pk else None
    body = markdown.for_email(story.html, story.absolute_url)
    is_short = len(body) <= LONGEST_BODY
    return {
        "takeaways": parts.takeaways if parts else [],
        "sources": parts.sources if parts else [],
        "body": body if is_short else "",
        "source": story.body if is_short else "",
        "founders": [founder.name for founder in story.founders],
    }


def _cover(story: Story) -> Cover | None:
    picture = picture_of(story.cover.name)
    if picture is None:
        return None
    return Cover(settings.SITE_URL + picture.src, story.cover_alt, story.cover_credit)


def _subject(kind: str, stories: list[Story]) -> str:
    title = typographic(" ".join(stories[0].title.split()))
    others = len(stories) - 1
    if kind == Letter.Kind.STORY or not others:
        return title
    return ngettext("%(title)s, and %(n)s more", "%(title)s, and %(n)s more", others) % {
        "title": title,
        "n": others,
    }


@lru_cache(1)
def _inliner() -> CSSInliner:
    """Return what writes the rules of the style sheet into the elements, and loads nothing."""
    return CSSInliner(
        extra_css=STYLES.read_text(),
        load_remote_stylesheets=False,
        keep_style_tags=False,
        keep_link_tags=False,
    )
