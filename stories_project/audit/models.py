from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories_project.append_only import AppendOnly
from stories_project.names import name_fields
from stories_project.text.folding import FoldedField, folded_field


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def beginning_with(self, text: str) -> Self:
        """Return the entries of a person, about a thing, or from an IP address (the whole one).

        Of names, the beginning is enough.
        """
        found = models.Q(address=text.strip())
        for column in ("folded_who", "folded_target"):
            found |= folded_field(self.model, column).begins_with(text)
        return self.filter(found)

    def about(self, *targets: models.Model) -> Self:
        """Return the entries about some rows."""
        return self.filter(target_key__in=[key_of(target) for target in targets])

    def since(self, moment: datetime) -> Self:
        """Return the entries from a moment on."""
        return self.filter(at__gte=moment)

    def expired(self) -> Self:
        """Return the entries that are older than the log keeps them."""
        return self.filter(at__lt=timezone.now() - settings.AUDIT_LOG_KEPT)


def key_of(row: models.Model) -> str:
    """Return the key of a row, such as "founders.founder-12"."""
    return f"{row._meta.label_lower}-{row.pk}"


class AuditEntry(AppendOnly):
    """Something that somebody did: who, what, to what, from where and when.

    The database refuses edits. People and things are kept by their names, so that an entry
    outlives them.
    """

    refusal = "An entry of the audit log is never edited."

    class Kind(models.TextChoices):
        SIGN_IN = "sign-in", _("Sign-ins")
        ACCOUNT = "account", _("Accounts and permissions")
        FOUNDER = "founder", _("Founders")
        SUGGESTION = "suggestion", _("Suggestions")
        STORY = "story", _("Stories")
        LINK = "link", _("Private links")
        TAG = "tag", _("Tags")
        PUBLICATION = "site", _("Publication")
        EXPORT = "export", _("Exports")
        PURGE = "purge", _("Purges and erasures")

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    kind = models.CharField(max_length=10, choices=Kind)
    who = models.CharField(max_length=150, blank=True)
    what = models.CharField(max_length=200)
    target = models.CharField(_("to what"), max_length=250, blank=True)
    # Such as "founders.founder-12".
    target_key = models.CharField(max_length=60, blank=True)
    address = models.CharField(_("from where"), max_length=45, blank=True)
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    folded_who = FoldedField(source="who")
    folded_target = FoldedField(source="target")

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = [
            models.Index(fields=["kind", "-id"], name="audit_kind"),
            models.Index(fields=["target_key", "-id"], name="audit_target"),
            models.Index(fields=["address", "-id"], name="audit_address"),
        ]

    def __str__(self) -> str:
        return " ".join(
            filter(None, (self.who or gettext("The publication"), self.what, self.target))
        )

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """The values before and after, as (name, before, after)."""
        names = dict.fromkeys((*self.before, *self.after))
        return [(name, self.before.get(name), self.after.get(name)) for name in names]

    @property
    def target_path(self) -> str:
        """The path of the thing at the desk; an empty text if it has none."""
        model, _, key = self.target_key.rpartition("-")
        try:
            return reverse(f"admin:{model.replace('.', '_')}_change", args=[key])
        except NoReverseMatch:
            return ""


name_fields(AuditEntry, who=_("who"), what=_("what"))
