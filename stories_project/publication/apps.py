from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "stories_project.publication"
