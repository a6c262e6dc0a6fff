from django.urls import register_converter


class UnicodeSlugConverter:
    """Match the slugs of stories, founders and tags: letters of any script, digits, - and _."""

    regex = r"[-\w]+"

    def to_python(self, value):
        """Return the slug as it stands in the address."""
        return value

    def to_url(self, value):
        """Return the slug as it stands in the database."""
        return value


register_converter(UnicodeSlugConverter, "uslug")
