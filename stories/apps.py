from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "stories"

    def ready(self) -> None:
        """Give the story its verbs, once all models are loaded.

        They need the form of a story, and the form needs the models: so the models cannot import
        them.
        """
        from stories.models.story_verbs import StoryVerbs
        from stories.writing import verbs

        StoryVerbs.implementation = verbs
