"""The forms in which the staff and guests comment on a passage, or reply."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stories.commenting.anchoring import LONGEST
from stories.commenting.passages import anchor_of, position_of_line
from stories.models import Comment, ReviewLink, Story
from stories_project.bot_traps import TrappedForm
from stories_project.text import markdown
from stories_project.text.printable import PrintableForm

# How many comments a guest can leave with one review link.
MOST_BY_GUESTS = 300


class PassageForm(PrintableForm, forms.ModelForm):
    """What all these forms have: a passage in a text, a comment, and the comment it replies to.

    `body` is the Markdown source that its author sees, and `comment` the new row to fill in.
    """

    passage = forms.CharField(
        label=_("Passage"),
        help_text=_("Copy the words from the text."),
        error_messages={"required": _("Say which passage you mean.")},
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    parent = forms.ModelChoiceField(Comment.objects, required=False, widget=forms.HiddenInput)

    class Meta:
        model = Comment
        fields: tuple[str, ...] = ("text",)

    def __init__(self, data: Any = None, *, body: str, comment: Comment, **options: Any) -> None:
        super().__init__(data, instance=comment, **options)
        self.body = body.replace("\r\n", "\n")
        # The passage of a reply is that of its thread.
        is_reply = (data or self.initial).get("parent")
        self.fields["passage"].required = not is_reply

    def clean(self) -> dict[str, Any]:
        """Find the passage, or put the reply into its thread."""
        super().clean()
        if parent := self.cleaned_data.get("parent"):
            # A reply to a reply belongs to the same thread.
            self.instance.parent = parent.parent or parent
        elif "passage" in self.cleaned_data:
            self._anchor(self.cleaned_data["passage"].replace("\r\n", "\n"))
        return self.cleaned_data

    def position(self) -> int:
        """Return near which position of the text the passage is."""
        return 0

    def _anchor(self, passage: str) -> None:
        anchor = anchor_of(passage, self.body, self.position())
        if anchor is None:
            text = gettext("These words are not in the text. Copy them from the text as it is now.")
            raise ValidationError({"passage": text})
        if len(anchor.quote) > LONGEST:
            raise ValidationError({"passage": gettext("This passage is too long.")})
        for name, value in vars(anchor).items():
            setattr(self.instance, name, value)


class CommentForm(PassageForm):
    """A comment of the staff, or the mark of a fact-checker."""

    near = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    is_for_guest = forms.BooleanField(required=False, label=_("The guest may read this reply"))
    field_order = ("passage", "kind", "text", "source", "is_for_guest")

    class Meta(PassageForm.Meta):
        fields = ("kind", "text", "source")

    def __init__(
        self, *args: Any, story: Story, user: Any, form_id: str = "", **options: Any
    ) -> None:
        """Let the fields belong to the form with the ID `form_id`, if they stand in another one."""
        comment = Comment(story=story, author=user)
        super().__init__(*args, comment=comment, **options)
        if form_id:
            for field in self.fields.values():
                field.widget.attrs["form"] = form_id
        self.fields["parent"].queryset = story.comments.all()  # type: ignore[attr-defined]
        self.fields["kind"].label = _("This is")
        self.fields["kind"].required = False
        self.fields["text"].help_text = _("Write @ and a username to tell somebody by e-mail.")
        self.fields["source"].help_text = _("For a confirmed passage: an address, or a book.")
        if not user.has_perm("stories.check_facts"):
            del self.fields["kind"], self.fields["source"]
            self.fields["text"].required = True

    def position(self) -> int:
        """Return where the passage was selected."""
        return self.cleaned_data.get("near") or 0

    def clean(self) -> dict[str, Any]:
        """Let a reply in the thread of a guest be read by the guest, if its author wants that."""
        super().clean()
        root = self.instance.parent
        if "kind" in self.fields:
            kind = self.cleaned_data.get("kind")
            self.cleaned_data["kind"] = Comment.Kind.COMMENT if root or not kind else kind
        if root and self.cleaned_data.get("is_for_guest"):
            self.instance.review_link = root.review_link
        return self.cleaned_data


class GuestCommentForm(TrappedForm, PassageForm):
    """A comment of a guest, who has a review link and no account."""

    # The number of the block of the page in which the passage was selected, from 0.
    block = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    field_order = ("passage", "text", "guest_name")

    class Meta(PassageForm.Meta):
        fields = ("text", "guest_name")

    def __init__(self, *args: Any, link: ReviewLink, **options: Any) -> None:
        comment = Comment(story=link.story, review_link=link)
        super().__init__(*args, comment=comment, **options)
        self.link = link
        roots = Comment.objects.for_guest(link).roots()
        self.fields["parent"].queryset = roots  # type: ignore[attr-defined]
        self.fields["text"].required = True
        self.fields["guest_name"].required = True
        self.fields["guest_name"].widget.attrs["autocomplete"] = "name"
        self.fields["guest_name"].help_text = _guest_help()

    def position(self) -> int:
        """Return where the block begins in which the passage was selected."""
        lines = markdown.render(self.body).lines
        block = self.cleaned_data.get("block") or 0
        return position_of_line(self.body, lines[block]) if block < len(lines) else 0

    def clean(self) -> dict[str, Any]:
        """Refuse more comments than anybody reads."""
        super().clean()
        if self.link.comments.filter(author=None).count() >= MOST_BY_GUESTS:
            raise ValidationError(gettext("This link has very many comments. Send an e-mail now."))
        return self.cleaned_data


def _guest_help() -> str:
    days = settings.SENDERS_KEPT.days
    return ngettext(
        "Only the editors see it. We delete it %(days)s day after this link closes.",
        "Only the editors see it. We delete it %(days)s days after this link closes.",
        days,
    ) % {"days": days}
