from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from stories_project.pictures.renditions import make_renditions, picture_of
from stories_project.pictures.uploads import ACCEPT_ATTRIBUTE, is_stored, store_image


def _stored_name(value: Any) -> str:
    """Return the stored name of a field's value: an upload that was just stored, or a name."""
    return getattr(value, "stored_name", None) or str(value or "")


class StoredImageInput(forms.FileInput):
    """A file input with the stored picture beside it; a form with errors keeps the picture."""

    template_name = "admin/widgets/stored_image.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": ACCEPT_ATTRIBUTE, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the upload, else the stored name, or "" when the checkbox to remove it is set.

        Browsers send an empty file input too, as an empty value after the stored name.
        """
        if upload := files.get(name):
            return upload
        sent = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return "" if data.get(f"{name}-clear") else next(filter(None, sent), "")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Return False: a form without the stored name removes the picture."""
        return False

    def format_value(self, value: Any) -> Any:
        """Return the stored name of the value."""
        return _stored_name(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the stored picture."""
        context = super().get_context(name, value, attrs)
        stored = _stored_name(value)
        context["widget"]["stored_name"] = stored
        context["widget"]["picture"] = picture_of(stored)
        return context


class FocusInput(forms.TextInput):
    """A text input that a click on the stored picture fills in."""

    class Media:
        js = (forms.Script("js/focus.js", type="module"),)


class FocusField(forms.RegexField):
    """The focal point of a picture: percent from left and from top, "30 70", or nothing.

    `of` is the name of the picture's field.
    """

    def __init__(self, *, of: str, **kwargs: Any) -> None:
        percent = "(100|[1-9]?[0-9])"
        super().__init__(
            rf"^{percent} {percent}$",
            required=False,
            label="Focus",
            help_text="Click on the picture where its subject is. Percent from left and top: 30 70",
            error_messages={"invalid": "Two numbers from 0 to 100 with a space between them."},
            widget=FocusInput(attrs={"data-focus-of": of, "size": 7}),
            **kwargs,
        )


class StoredImageField(forms.Field):
    """A picture that is stored in `folder` when the field is cleaned.

    The cleaned value is its name in the default storage, or an empty string.
    """

    widget = StoredImageInput

    def __init__(self, *, folder: str, **kwargs: Any) -> None:
        self.folder = folder
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """Store an upload and return its name; raise ValidationError for an invalid one."""
        if hasattr(value, "read") and not isinstance(value, str):
            value.stored_name = store_image(value, self.folder)
            make_renditions(value.stored_name)
            return value.stored_name
        name = str(value or "")
        if name and not is_stored(name, self.folder):
            raise ValidationError("This picture is not stored here. Choose the file again.")
        return super().clean(name)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the picture is a different one."""
        return str(initial or "") != _stored_name(data)
