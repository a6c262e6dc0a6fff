"""What a foreign story becomes: a content that `StoryForm` has accepted."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from founders.models import Founder
from stories.models import ImportLine, Story, StoryContent
from stories.moving.conversion import Conversion
from stories.moving.fetching import Fetcher
from stories.moving.foreign_story import ForeignStory, Losses, Source
from stories.moving.mapping import NameMapping
from stories.moving.moved_pictures import MovedPictures
from stories.moving.moved_values import cover_values, moved_values
from stories.moving.plan import Plan
from stories.reviewing.checklist import broken_rules
from stories.writing.forms import StoryForm, Verb
from stories_project.library.image_field import upload_name


class Refused(Exception):
    """Why an entry becomes no story, or stays as it is here, as a sentence."""

    def __init__(self, reason: str, result: ImportLine.Result = ImportLine.Result.FAILED) -> None:
        super().__init__(reason)
        self.reason, self.result = reason, result


@dataclass(frozen=True)
class Choices:
    """What an editor chooses for an import.

    With `publishes_all`, what was public there is public here, even if the checklist of this site
    would refuse it. `overwrites` replaces what was worked on here since the last import.
    """

    mapping: NameMapping = field(default_factory=NameMapping)
    publishes_all: bool = False
    fetches: bool = False
    approves_founders: bool = False
    overwrites: bool = False
    site_url: str = ""


class Contents:
    """Makes the contents of the stories of a source, by their Plan and by an editor's Choices."""

    def __init__(self, source: Source, plan: Plan, choices: Choices, dry_run: bool) -> None:
        self.source, self.plan, self.choices, self.dry_run = source, plan, choices, dry_run
        fetcher = Fetcher() if choices.fetches else None
        self.pictures = MovedPictures(source, fetcher, dry_run)
        self.site_url = choices.site_url or source.site_url
        self.public_slugs = plan.public_slugs()

    def of(self, foreign: ForeignStory, story: Story, losses: Losses) -> StoryContent:
        """Return the content for a story, as the form has accepted it. Raises Refused."""
        conversion = Conversion(
            self.source, foreign, self.plan, self.pictures, self.site_url, self.public_slugs, losses
        )
        values = moved_values(conversion, self.choices.mapping)
        founders = self._founders(foreign, values.pop("founders", []))
        values["publish_at"] = foreign.publish_at if foreign.is_public else None
        files = self._cover(conversion, values)
        if foreign.is_secret:
            losses.add(_("It is a draft here: %(reason)s.") % {"reason": foreign.is_secret})
        before = story.content
        data = before.to_form_data() | values
        data["founders"] = [founder.pk for founder in founders] or data["founders"]
        form = StoryForm(data, files, instance=story, stored=before, verb=Verb.RETIME)
        if not form.is_valid():
            reasons = (f"{name}: {' '.join(map(str, form.errors[name]))}" for name in form.errors)
            raise Refused(" ".join(reasons))
        return self._allowed(form, founders, losses)

    def _cover(self, conversion: Conversion, values: dict[str, Any]) -> dict[str, UploadedFile]:
        """Add the texts of the cover to the values, and return it as the form takes it."""
        foreign = conversion.story
        if foreign.cover is None:
            return {}
        address = conversion.absolute(foreign.cover.address)
        upload = self.pictures.upload(address, foreign, conversion.losses)
        if upload is None:
            return {}
        values |= cover_values(conversion, self.choices.publishes_all)
        if values["publish_at"] and not values["cover_alt"]:
            conversion.losses.add(_("It is a draft here: its cover has no description."))
            values["publish_at"] = None
        return {} if self.dry_run else {upload_name("cover"): upload}

    def _founders(self, foreign: ForeignStory, named: list[str]) -> list[Founder]:
        """Return the founders that a file names, or those of the mapping, new ones included."""
        mapping = self.choices.mapping
        names = named or mapping.founder_names(foreign.authors, foreign.tags)
        try:
            founders = [Founder.objects.find_or_introduce(name) for name in names]
        except ValidationError as error:
            raise Refused(f"founders: {' '.join(error.messages)}") from error
        for founder in founders:
            if self.choices.approves_founders and founder.status == Founder.Status.PENDING:
                founder.approve()
        return founders

    def _allowed(self, form: StoryForm, founders: list[Founder], losses: Losses) -> StoryContent:
        """Return the content as a draft if this site would not publish it.

        Raises Refused if readers see the story, and then would not see it any more.
        """
        content, reason = form.content, " ".join(losses)
        if content.publish_at:
            broken = broken_rules(content, self.public_slugs)
            waits = "founders" in broken and bool(founders)
            if not broken or (self.choices.publishes_all and not waits):
                return content
            reason = " ".join(broken.values())
            losses.add(_("It is a draft here. %(reason)s") % {"reason": reason})
        if form.was_published:
            raise Refused(_("Readers would no longer see it. %(reason)s") % {"reason": reason})
        return replace(content, publish_at=None)
