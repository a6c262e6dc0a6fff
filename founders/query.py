from django.db.models import Q, QuerySet

from stories_project.folding import fold


class FounderQuerySet(QuerySet):
    def approved(self):
        """Return the founders whom the public sees: the only door to a public profile."""
        return self.filter(status=self.model.Status.APPROVED)

    def hidden(self):
        """Return the founders whom the public saw once."""
        return self.filter(status=self.model.Status.HIDDEN)

    def waiting(self):
        """Return the moderators' queue, the longest waiting first."""
        return self.filter(status=self.model.Status.PENDING).order_by("status_changed_at", "pk")

    def by_name(self):
        """Sort as in a directory, accents and case aside."""
        return self.order_by("folded_name", "pk")

    def beginning_with(self, text):
        """Return those whose name, last name or original name begins with the text."""
        conditions = Q()
        for column in ("folded_name", "folded_last_name", "folded_native_name"):
            conditions |= self.model._meta.get_field(column).begins_with(text)
        return self.filter(conditions)

    def under_letter(self, letter):
        """Return those whose name begins with the letter, accents and case aside."""
        return self.filter(self.model._meta.get_field("folded_name").begins_with(letter))

    def known_as(self, name):
        """Return those with this slug, or with this name, accents and case aside."""
        return self.filter(Q(slug=name) | Q(folded_name=fold(name)))

    def for_directory(self):
        """Load what an entry of the directory shows."""
        return self.only("name", "native_name", "slug", "headline", "portrait", "portrait_alt")
