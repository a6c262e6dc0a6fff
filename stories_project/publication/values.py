"""What an operator decides about the publication, as one typed value."""

from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings

INKS = """\
#bc3f24 #1d3f5c
#d8912c #2e4034
#2a6c78 #cf5a3c
#7a3a56 #e0a846
#3f5f3f #d66c3e
#26386a #dc8a62
#a22a36 #4a7474
#5a4c88 #e2943e
#17584f #d2606a
#8f5c28 #28486c
#c4512e #5d7a4a
#1f2f3f #d9a441"""

# The languages into which all sentences of pages and desk are translated.
TRANSLATED = ("en", "de")
LONGEST_NAME = 60
ABOUT_TITLE = "Every company was once a person with an idea nobody had asked for"
ABOUT_LEAD = (
    "How founders began: the workshop before the works, the refusals before the order book, the"
    " year in which it could still have gone the other way."
)
ABOUT = Path(__file__).with_name("about.md").read_text().strip()


class Link(NamedTuple):
    """A link in the footer."""

    label: str
    address: str


@dataclass(frozen=True)
class Publication:
    """Everything about the publication that administrators edit at the desk.

    The fields hold what is typed; the properties are what pages need of it.
    """

    name: str = "How They Began"
    promise: str = "Long-form stories about how founders began"
    # A language of Django, such as "de", and a zone of the IANA time zone database.
    language: str = "en"
    time_zone: str = ""
    words_a_minute: int = 200
    # Colours as "#rrggbb": on the light and on the dark page, and two in each line for drawings.
    accent: str = "#93331c"
    dark_accent: str = "#f0a284"
    inks: str = INKS
    # The names of stored pictures.
    logo: str = ""
    icon: str = ""
    share_picture: str = ""
    about_title: str = ABOUT_TITLE
    about_lead: str = ABOUT_LEAD
    about: str = ABOUT
    # An e-mail address or a URL where anybody writes to, and two texts in Markdown.
    contact: str = ""
    privacy: str = ""
    imprint: str = ""
    # In each line, a label and an address; in each line, an address.
    footer_links: str = ""
    social: str = ""

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """Return the Publication with stored values; what a release does not know is left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})

    def as_values(self) -> dict[str, Any]:
        """Return the values as JSON holds them."""
        return asdict(self)

    def changed_from(self, other: "Publication") -> tuple[str, ...]:
        """Return the names of the fields in which it differs from another one."""
        before, after = other.as_values(), self.as_values()
        return tuple(name for name in after if before[name] != after[name])

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone; that of the environment until somebody chooses another."""
        return ZoneInfo(self.time_zone or settings.TIME_ZONE)

    @cached_property
    def pairs_of_inks(self) -> tuple[tuple[str, str], ...]:
        """The inks of drawings, each as six hexadecimal digits."""
        pairs = (line.replace("#", "").split() for line in self.inks.splitlines())
        return tuple((first, second) for first, second in pairs)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The links of the footer."""
        lines = (line.rpartition(" ") for line in self.footer_links.splitlines())
        return tuple(Link(label.strip(), address) for label, _, address in lines)

    @cached_property
    def social_links(self) -> tuple[Link, ...]:
        """Where else the publication is, by the name of the host."""
        addresses = self.social.splitlines()
        return tuple(Link(urlsplit(a).netloc.removeprefix("www."), a) for a in addresses)

    @property
    def contact_address(self) -> str:
        """Where a link to the contact leads; an empty text without a contact."""
        is_email = "@" in self.contact and "://" not in self.contact
        return f"mailto:{self.contact}" if is_email else self.contact

    @property
    def has_own_colours(self) -> bool:
        """Whether the accents are not those of the style sheet."""
        return (self.accent, self.dark_accent) != (Publication.accent, Publication.dark_accent)

    @property
    def colours(self) -> str:
        """The accents as they stand in the address of their style sheet."""
        return f"{self.accent}-{self.dark_accent}".replace("#", "")
