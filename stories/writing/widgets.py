from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.urls import reverse_lazy

from stories_project.library.image_field import StoredImageInput
from stories_project.primary_keys import is_primary_key

Attrs = dict[str, Any]


class CoverInput(StoredImageInput):
    """The cover of a story: uploaded, or chosen from the media library.

    `chooses_for` is the key of the story, or "new".
    """

    template_name = "admin/widgets/cover.html"
    chooses_for = "new"

    class Media:
        js = (
            forms.Script("js/cover.js", type="module"),
            forms.Script("js/crops.js", type="module"),
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add for which story the library is asked."""
        context = super().get_context(name, value, attrs)
        context["widget"]["chooses_for"] = self.chooses_for
        return context


class OrderedAutocomplete(AutocompleteSelectMultiple):
    """An autocomplete that shows the chosen rows in the order in which they were chosen."""

    def build_attrs(self, base_attrs: Attrs, extra_attrs: Attrs | None = None) -> dict[str, Any]:
        """Leave out the button that clears all, which would be invalid HTML inside the list."""
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}

    def optgroups(self, name: str, value: Sequence[str], attrs: Attrs | None = None) -> list[Any]:
        """Return the chosen rows as options, in the order of the value.

        Invalid keys are left out: the field shows an error, but Django's widget would crash.
        """
        chosen = [str(key) for key in value if is_primary_key(key)]
        groups = super().optgroups(name, chosen, attrs)
        name_of_group, options, index = groups[0]
        options.sort(
            key=lambda o: chosen.index(str(o["value"])) if str(o["value"]) in chosen else -1
        )
        return [(name_of_group, options, index)]


class TagNamesInput(forms.SelectMultiple):
    """An autocomplete for tag names, which also accepts new ones."""

    def __init__(self, attrs: Attrs | None = None) -> None:
        super().__init__(
            {"class": "tag-names", "data-names": reverse_lazy("admin:stories_tag_names")}
            | (attrs or {})
        )

    @property
    def media(self) -> forms.Media:
        """The files of the admin's autocomplete, and our own module."""
        return forms.Media(
            css={"screen": ["admin/css/vendor/select2/select2.css", "admin/css/autocomplete.css"]},
            js=[
                "admin/js/vendor/jquery/jquery.js",
                "admin/js/vendor/select2/select2.full.js",
                "admin/js/jquery.init.js",
                forms.Script("js/tag_names.js", type="module"),  # type: ignore[list-item]
            ],
        )

    def optgroups(self, name: str, value: Sequence[str], attrs: Attrs | None = None) -> list[Any]:
        """Return only the chosen names as options; the browser loads others while one types."""
        options = [
            self.create_option(name, text, text, selected=True, index=index)
            for index, text in enumerate(value)
        ]
        return [(None, options, 0)]
