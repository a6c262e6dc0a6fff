"""The correction of the demo: readers see it below its story, and on the page of corrections."""

from django.contrib.auth.models import User

from stories.demo.accounts import address_of
from stories.models import Story, Suggestion
from stories.suggesting.deciding import accept

SLUG = "behind-his-back-bertha-benz-and-the-road-to-pforzheim"
MESSAGE = (
    "You write that Bertha Benz had five children to bring up in 1888. Her daughter Ellen was only "
    "born in 1890."
)
NOTE = (
    "An earlier version said that Bertha Benz had five children to bring up in 1888. There were "
    "four: Ellen was born in 1890."
)


def add_correction() -> None:
    """Send the correction and accept it, as the demo's moderator; do nothing the second time."""
    story = Story.objects.filter(slug=SLUG).first()
    moderator = User.objects.filter(email=address_of("moderator")).first()
    if not story or not moderator or Suggestion.objects.filter(message=MESSAGE).exists():
        return
    suggestion = Suggestion.objects.create(
        kind=Suggestion.Kind.STORY, name=story.title, story=story, message=MESSAGE
    )
    accept(suggestion, moderator, public_note=NOTE)


def remove_correction() -> None:
    """Delete the correction of a story that is removed."""
    Suggestion.objects.filter(message=MESSAGE, story=None).delete()
