from importlib import import_module

from django.conf import settings
from django.contrib.admin.apps import AdminConfig

from stories_project.monitoring.errors import send_errors


class EditorialAdminConfig(AdminConfig):
    default_site = "stories_project.admin.EditorialAdminSite"

    def ready(self) -> None:
        """Register the admins of all apps, and the checks of the settings."""
        super().ready()
        import_module("stories_project.checks")
        if settings.SENTRY_DSN:
            send_errors(settings.SENTRY_DSN, settings.RELEASE)
