"""What the demo recommends under “Start here”."""

from django.contrib.auth.models import User

from stories.demo.accounts import address_of
from stories.models import StartHere, Story

CHOICES = {
    "behind-his-back-bertha-benz-and-the-road-to-pforzheim": (
        "The best known journey in the history of the car, and what is known of it."
    ),
    "five-thousand-trials-josiah-wedgwood": (
        "How a potter turned a craft into a science, one failure at a time."
    ),
    "the-bear-nobody-wanted-margarete-steiff": "A short one, for the evening.",
}


def recommend() -> None:
    """Choose the stories as the demo's editor; do nothing if something is chosen already."""
    editor = User.objects.filter(email=address_of("editor")).first()
    if not editor or StartHere.objects.exists():
        return
    stories = {story.slug: story for story in Story.objects.published().filter(slug__in=CHOICES)}
    for slug, why in CHOICES.items():
        if slug in stories:
            StartHere.objects.choose(stories[slug], why, editor)
