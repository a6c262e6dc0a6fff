from importlib import import_module

from django.apps import AppConfig

# The modules that do something whenever somebody signs in.
LISTENING = ("sessions", "second_factor", "sign_in_log")


class AccountsConfig(AppConfig):
    name = "stories_project.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begin to listen for sign-ins, and name Django's models as this site does."""
        import_module(f"{self.name}.naming")
        for module in LISTENING:
            import_module(f"{self.name}.{module}")
