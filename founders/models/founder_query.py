import re

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from stories_project.text import full_text
from stories_project.text.folding import fold, slug_for


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

    def named_by(self, terms):
        """Return those whose names or company have every one of the `full_text` Terms."""
        return self.filter(full_text.Matches(terms, "name_vector"))

    def find_or_introduce(self, name):
        """Return the founder of this name or slug, or a new one in the moderators' queue.

        What looks like a slug ("wang_ning") becomes the slug, and the name is made from it. Raises
        ValidationError when several founders share the name.
        """
        found = list(self.filter(slug=name) or self.filter(folded_name=fold(name))[:2])
        if len(found) > 1:
            raise ValidationError(f"Several founders are called {name}: give the slug of one.")
        if found:
            return found[0]
        is_slug = re.fullmatch(r"[-\w]+", name) and name == name.lower()
        founder = self.model(
            name=re.sub(r"[-_]+", " ", name).title() if is_slug else name,
            slug=name if is_slug else slug_for(name),
        )
        founder.full_clean()
        founder.save()
        founder.submit()
        return founder

    def for_directory(self):
        """Load what an entry of the directory shows."""
        return self.only("name", "native_name", "slug", "headline", "portrait", "portrait_focus")
