from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "stories_project.library"
