from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StoriesConfig(AppConfig):
    name = "stories"
    verbose_name = _("Stories")

    def ready(self) -> None:
        """Give the story its verbs, once all models are loaded.

        They need the form of a story, and the form needs the models: so the models cannot import
        them.
        """
        from stories.models.story_verbs import StoryVerbs
        from stories.writing import verbs

        StoryVerbs.implementation = verbs
