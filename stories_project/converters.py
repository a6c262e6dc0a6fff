from django.urls import register_converter


class UnicodeSlugConverter:
    """Match the slugs of stories, founders and tags: letters of any script, digits, - and _."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        """Return the slug from the URL unchanged."""
        return value

    def to_url(self, value: str) -> str:
        """Return the slug from the database unchanged."""
        return value


register_converter(UnicodeSlugConverter, "uslug")
