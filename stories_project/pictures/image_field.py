from django import forms
from django.core.exceptions import ValidationError

from stories_project.pictures.renditions import make_renditions, picture_of
from stories_project.pictures.uploads import ACCEPT_ATTRIBUTE, is_stored, store_image


class StoredImageInput(forms.FileInput):
    """A file input beside the picture that is stored, so that a form in error keeps both."""

    template_name = "admin/widgets/stored_image.html"

    def __init__(self, attrs=None):
        super().__init__({"accept": ACCEPT_ATTRIBUTE, **(attrs or {})})

    def value_from_datadict(self, data, files, name):
        """Return the upload; or the stored name, or nothing when the box to remove it is ticked.

        A browser sends the empty file input too, as an empty field behind the stored name.
        """
        if upload := files.get(name):
            return upload
        sent = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return "" if data.get(f"{name}-clear") else next(filter(None, sent), "")

    def value_omitted_from_data(self, data, files, name):
        """A form without the stored name has removed the picture."""
        return False

    def format_value(self, value):
        """Return the stored name of what is shown: an upload that was just stored, or a name."""
        return getattr(value, "stored_name", None) or str(value or "")

    def get_context(self, name, value, attrs):
        """Add the stored picture."""
        context = super().get_context(name, value, attrs)
        stored = self.format_value(value)
        context["widget"]["stored_name"] = stored
        context["widget"]["picture"] = picture_of(stored)
        return context


class FocusInput(forms.TextInput):
    """Two numbers that a click on the stored picture writes."""

    class Media:
        js = (forms.Script("js/focus.js", type="module"),)


class FocusField(forms.RegexField):
    """Where in a picture its subject is: percent from left and from top, "30 70", or nothing."""

    def __init__(self, *, of, **kwargs):
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
    """A picture that is stored as soon as it is accepted, and is from then on its stored name.

    The cleaned value is the name in the default storage, or an empty string.
    """

    widget = StoredImageInput

    def __init__(self, *, folder, **kwargs):
        self.folder = folder
        super().__init__(**kwargs)

    def clean(self, value):
        """Store an upload and return its name; raise ValidationError with a sentence."""
        if hasattr(value, "read") and not isinstance(value, str):
            value.stored_name = store_image(value, self.folder)
            make_renditions(value.stored_name)
            return value.stored_name
        name = str(value or "")
        if name and not is_stored(name, self.folder):
            raise ValidationError("This picture is not stored here. Choose the file again.")
        return super().clean(name)

    def has_changed(self, initial, data):
        """Whether the picture is another one."""
        return str(initial or "") != self.widget.format_value(data)
