"""The form fields of a story. Their cleaned values can be stored in a revision."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from founders.models import Founder
from stories.models import Source, Tag
from stories_project.primary_keys import is_primary_key
from stories_project.text.folding import fold


class LinesField(forms.CharField):
    """One item on each line. The cleaned value has the stripped lines without blank ones.

    `too_long` is the error of a line that is longer than `line_length` characters.
    """

    widget = forms.Textarea(attrs={"rows": 5})

    def __init__(
        self, *, too_long: Any, line_length: int, max_lines: int = 50, **kwargs: Any
    ) -> None:
        self.too_long, self.line_length, self.max_lines = too_long, line_length, max_lines
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Return the lines as one text."""
        lines = (" ".join(line.split()) for line in (super().to_python(value) or "").splitlines())
        return "\n".join(line for line in lines if line)

    def validate(self, value: str) -> None:
        """Raise ValidationError for too many lines, or for a line that is too long."""
        super().validate(value)
        lines = value.splitlines()
        if len(lines) > self.max_lines:
            values = {"lines": len(lines), "most": self.max_lines}
            raise ValidationError(_("There are %(lines)s lines; %(most)s are allowed.") % values)
        for number, line in enumerate(lines, start=1):
            if len(line) > self.line_length:
                raise ValidationError(
                    self.too_long
                    % {"number": number, "characters": len(line), "most": self.line_length}
                )


class SourceLinesField(LinesField):
    """One source on each line: `@key | Title | address | date of access`.

    Only the title is required.
    """

    def __init__(self, **kwargs: Any) -> None:
        too_long = gettext_lazy(
            "Source %(number)s has %(characters)s characters; %(most)s are allowed."
        )
        super().__init__(too_long=too_long, line_length=1500, **kwargs)

    def validate(self, value: str) -> None:
        """Raise ValidationError for a line that is not a valid source."""
        super().validate(value)
        keys: set[str] = set()
        for number, line in enumerate(value.splitlines(), start=1):
            source = Source.from_line(line)
            try:
                source.clean_fields(exclude=["story", "position"])
                if source.key in keys:
                    sentence = _("Another source has the key @%(key)s.")
                    raise ValidationError(sentence % {"key": source.key})
            except ValidationError as error:
                values = {"number": number, "errors": " ".join(error.messages)}
                raise ValidationError(_("Source %(number)s: %(errors)s") % values) from error
            if source.key:
                keys.add(source.key)


class TagNamesField(forms.Field):
    """Tag names, typed freely. A name of an existing tag gets the spelling of that tag."""

    widget = forms.SelectMultiple
    max_length = cast(int, Tag._meta.get_field("name").max_length)
    max_tags = 20

    def clean(self, value: Any) -> list[str]:
        """Return the names without duplicates, spelt as existing tags are.

        Raises ValidationError for a name that is too long, and for too many names.
        """
        names: dict[str, str] = {}
        for name in (" ".join(str(name).split()) for name in value or []):
            ProhibitNullCharactersValidator()(name)
            if len(name) > self.max_length:
                raise ValidationError(
                    _("“%(name)s…” is too long for a tag; %(most)s characters are allowed.")
                    % {"name": name[:40], "most": self.max_length}
                )
            if name:
                names.setdefault(fold(name), name)
        if len(names) > self.max_tags:
            values = {"tags": len(names), "most": self.max_tags}
            raise ValidationError(_("%(tags)s tags are too many; choose %(most)s.") % values)
        known = Tag.objects.by_folded_name(list(names))
        spelt = names | {folded: tag.name for folded, tag in known.items()}
        return list(dict.fromkeys(spelt.values()))


class OrderedMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Up to `max_choices` rows. The cleaned value has their primary keys in the chosen order."""

    max_choices = 20

    def clean(self, value: Any) -> list[int]:  # type: ignore[override]
        """Return the primary keys in order; raise ValidationError for a missing row."""
        if len(value or []) > self.max_choices:
            values = {"chosen": len(value), "most": self.max_choices}
            raise ValidationError(_("%(chosen)s are too many; choose %(most)s.") % values)
        if not all(is_primary_key(key) for key in value or []):
            raise ValidationError(_("Choose from the list: one of these is not in it."))
        super().clean(value)
        return [int(key) for key in dict.fromkeys(str(key) for key in value or [])]

    def _check_values(self, value: Any) -> Any:
        """Raise ValidationError for a missing row, as Django does, but load no rows for it."""
        every: Any = self.queryset
        rows = every.filter(pk__in=value)
        found = set(map(str, rows.values_list("pk", flat=True)))
        for key in value:
            if str(key) not in found:
                params = {"value": key}
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params=params
                )
        return rows

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the chosen rows or their order differ from the initial ones."""
        return [str(key) for key in initial or []] != [str(key) for key in data or []]


class FoundersField(OrderedMultipleChoiceField):
    """Founders in order. A merged profile means the kept one, and an erased one means nobody."""

    def clean(self, value: Any) -> list[int]:  # type: ignore[override]
        """Return the primary keys in order; raise ValidationError for a missing founder."""
        keys = super().clean(value)
        replaced = Founder.objects.replaced(keys) if keys else {}
        present = (replaced.get(key, key) for key in keys)
        return list(dict.fromkeys(key for key in present if key))


class MomentField(forms.DateTimeField):
    """A date and time in the publication's time zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"})
    EARLIEST, LATEST = 1900, 2199

    def prepare_value(self, value: Any) -> Any:
        """Return the value for `<input type="datetime-local">`, in the publication's time zone."""
        value = super().prepare_value(value)
        return value.strftime("%Y-%m-%dT%H:%M:%S") if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        """Return an aware datetime or None; raise ValidationError for an implausible year."""
        try:
            moment = super().to_python(value)
        except OverflowError:
            moment = None
        if moment and not self.EARLIEST <= moment.year <= self.LATEST:
            raise ValidationError(
                _("Choose a date between the years %(first)s and %(last)s.")
                % {"first": self.EARLIEST, "last": self.LATEST}
            )
        return moment
