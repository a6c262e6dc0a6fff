from importlib import import_module

from django.contrib.admin.apps import AdminConfig


class EditorialAdminConfig(AdminConfig):
    default_site = "stories_project.admin.EditorialAdminSite"

    def ready(self) -> None:
        """Register the admins of all apps, and the checks of the settings."""
        super().ready()
        import_module("stories_project.checks")
