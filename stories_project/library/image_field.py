from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories_project.library.uploading import keep_upload
from stories_project.pictures.renditions import picture_of
from stories_project.pictures.uploads import ACCEPT_ATTRIBUTE, is_stored


class PostedImage(NamedTuple):
    """What a form posts of a picture: the name of the stored one, and an upload in its place."""

    stored_name: str
    upload: File | None = None


class StoredImageInput(forms.FileInput):
    """A file input with the stored picture beside it.

    The stored name is posted under the name of the field, the upload as `<name>-upload`.
    """

    template_name = "admin/widgets/stored_image.html"

    class Media:
        css: ClassVar = {"all": ["css/library.css"]}
        js = (forms.Script("js/stored_image.js", type="module"),)

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": ACCEPT_ATTRIBUTE, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> PostedImage:
        """Return what was posted; no stored name when the checkbox to remove it is set."""
        stored_name = "" if data.get(f"{name}-clear") else str(data.get(name) or "")
        return PostedImage(stored_name, (files or {}).get(upload_name(name)))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Return False: a form without the stored name removes the picture."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the stored picture."""
        context = super().get_context(upload_name(name), value, attrs)
        stored_name = str(value or "")
        picture = picture_of(stored_name)
        context["widget"] |= {"field": name, "stored_name": stored_name, "picture": picture}
        return context


def upload_name(field: str) -> str:
    """Return the name under which the upload of a field is posted."""
    return f"{field}-upload"


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
            label=_("Focus"),
            help_text=_(
                "Click on the picture where its subject is. Percent from left and top: 30 70"
            ),
            error_messages={"invalid": _("Two numbers from 0 to 100 with a space between them.")},
            widget=FocusInput(attrs={"data-focus-of": of, "size": 7}),
            **kwargs,
        )


class StoredImageField(forms.Field):
    """A picture that is stored in `folder` when the field is cleaned.

    The cleaned value is its name in the default storage, or an empty string. One that is stored
    already may also be in a folder of `also_from`.
    """

    widget = StoredImageInput
    # The stored name of the upload that this form has accepted.
    accepted = ""

    def __init__(self, *, folder: str, also_from: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.folder, self.folders = folder, (folder, *also_from)
        super().__init__(**kwargs)

    def clean(self, value: PostedImage) -> str:
        """Store an upload and return its name; raise ValidationError for an invalid one."""
        if value.upload:
            self.accepted = keep_upload(value.upload, self.folder)
            return self.accepted
        name = value.stored_name
        if name and not any(is_stored(name, folder) for folder in self.folders):
            raise ValidationError(
                gettext("This picture is not stored here. Choose the file again.")
            )
        cleaned: str = super().clean(name)
        return cleaned

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what a form with errors shows again: the accepted upload, or the stored name."""
        return self.accepted or data.stored_name

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the picture is a different one."""
        return bool(data.upload) or str(initial or "") != data.stored_name
