"""Which stories: every rule about time and every list that a reader sees begins here."""

from django.db.models import Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Length
from django.utils import timezone

from stories_project import full_text
from stories_project.folding import fold

# Nobody counts further than this: "1,000" means "1,000 or more".
COUNTED_AT_MOST = 1000


def published_at(moment):
    """Return the condition that a story is public at a moment.

    The same rule in plain SQL is `PUBLIC_SQL`, and in Python `Story.is_published`.
    """
    return Q(publish_at__lte=moment) & (Q(unpublish_at=None) | Q(unpublish_at__gt=moment))


PUBLIC_SQL = "publish_at <= %(now)s AND (unpublish_at IS NULL OR unpublish_at > %(now)s)"


class TimedQuerySet(QuerySet):
    """Whatever carries the times of a story: the story itself, and the rows that copy them."""

    def published(self, at=None):
        """Return what the public sees: the only door to a public story."""
        return self.filter(published_at(at or timezone.now()))


class StoryQuerySet(TimedQuerySet):
    ON_CARDS = (
        *("title", "slug", "excerpt", "cover", "cover_focus", "cover_alt"),
        *("publish_at", "unpublish_at", "word_count", "reading_minutes"),
    )

    def drafts(self):
        """Return the stories without a date."""
        return self.filter(publish_at=None)

    def scheduled(self, at=None):
        """Return the stories whose time is still to come."""
        return self.filter(publish_at__gt=at or timezone.now())

    def withdrawn(self, at=None):
        """Return the stories whose public time is over."""
        return self.filter(unpublish_at__lte=at or timezone.now())

    def with_unpublished_changes(self):
        """Return the stories that have a working copy."""
        return self.filter(working_revision__isnull=False)

    def in_review(self, status):
        """Return the drafts that are at a step of the review, the longest waiting first."""
        return self.filter(review_status=status).order_by("review_status_changed_at", "pk")

    def leading(self):
        """Return the story that leads the front page, if one does."""
        return self.filter(is_lead=True)

    def titled(self, text):
        """Return the stories whose titles have the words of a text, or whose slug begins so."""
        named = Q(slug__startswith=text.strip(), slug__gte=text.strip())
        if terms := full_text.last_as_prefix(full_text.parse(text)):
            rows = self.model._meta.get_field("search").related_model.objects
            titled = rows.with_all(terms, StorySearchQuerySet.TITLE)
            named |= Q(pk__in=titled.values("pk"))
        return self.filter(named)

    def newest_first(self):
        """Sort by publication, the newest first."""
        return self.order_by("-publish_at", "-pk")

    def by(self, founder):
        """Return the stories about a founder, newest first, as their one index has them."""
        return self.filter(story_founders__founder=founder).order_by(
            "-story_founders__publish_at", "-story_founders__story_id"
        )

    def tagged(self, tag):
        """Return the stories of a tag, newest first, as their one index has them."""
        return self.filter(story_tags__tag=tag).order_by(
            "-story_tags__publish_at", "-story_tags__content_object_id"
        )

    def for_cards(self):
        """Load what a card shows, in two queries."""
        return self.only(*self.ON_CARDS).prefetch_related(self._founders())

    def for_results(self):
        """Load what a result of a search shows: a card, and where the words stand."""
        return self.for_cards().only(*self.ON_CARDS, "body_html").prefetch_related("takeaways")

    def for_desk(self):
        """Load what a row of the desk's list shows, in two queries."""
        return self.defer("body", "body_html", "body_headings", "excerpt").prefetch_related(
            self._founders()
        )

    def for_page(self):
        """Load what `stories.page.page_of` begins with, in two queries."""
        rows = self.model._meta.get_field("story_founders").related_model.objects
        return self.prefetch_related(Prefetch("story_founders", rows.for_page()))

    def for_feed(self):
        """Load what an entry of a feed shows, in five queries."""
        tags = self.model._meta.get_field("story_tags").related_model.objects
        return self.prefetch_related(
            *("takeaways", "sources"),
            Prefetch("story_tags", tags.select_related("tag").order_by("pk")),
        )

    def _founders(self):
        rows = self.model._meta.get_field("story_founders").related_model.objects
        return Prefetch("story_founders", rows.for_cards())


class StorySearchQuerySet(TimedQuerySet):
    # Columns of the index, with their labels on PostgreSQL.
    TITLE = {"title": "A"}
    HEAD = {"title": "A", "keys": "B", "summary": "C"}

    def with_all(self, terms, columns=()):
        """Return the rows that have every one of the `full_text` Terms, anywhere or in columns."""
        vector = "head" if columns else "whole"
        return self.filter(full_text.Matches(terms, vector, columns))

    def newest_first(self):
        """Sort by publication of the story, the newest first."""
        return self.order_by("-publish_at", "-story_id")


class TagQuerySet(QuerySet):
    def by_name(self):
        """Sort as in a directory, accents and case aside."""
        return self.order_by("folded_name", "pk")

    def named(self, names):
        """Return the tags of these names in their order, and make those that are missing.

        Case, accents and spacing aside: a name that folds onto an existing tag is that tag.
        """
        folded = [fold(name) for name in names]
        known = self.by_folded_name(folded)
        for name, key in zip(names, folded, strict=True):
            if key not in known:
                known[key], _ = self.get_or_create(folded_name=key, defaults={"name": name})
        return list(dict.fromkeys(known[key] for key in folded))

    def by_folded_name(self, folded):
        """Return {folded name: tag} of those that have such a name, or had it once."""
        known = {tag.folded_name: tag for tag in self.filter(folded_name__in=folded)}
        if missing := set(folded) - known.keys():
            renamed = self.filter(aliases__folded_name__in=missing)
            known |= {tag.alias: tag for tag in renamed.annotate(alias=F("aliases__folded_name"))}
        return known

    def named_by(self, terms):
        """Return the tags whose names have every one of the `full_text` Terms."""
        return self.filter(full_text.Matches(terms, "name_vector"))

    def known_by(self, names):
        """Return the tags of these names that are there, case, accents and spacing aside."""
        return self.filter(folded_name__in=[fold(name) for name in names])

    def containing(self, text):
        """Return the tags with the text in their names, case, accents and spacing aside."""
        return self.filter(folded_name__contains=fold(text)) if text.strip() else self

    def shortest_first(self):
        """Sort so that what was typed in full comes first."""
        return self.order_by(Length("folded_name"), "folded_name")

    def of(self, story):
        """Return the tags of a story, in its order, without what only their own pages show."""
        of_story = self.filter(story_tags__content_object=story).order_by("story_tags__pk")
        return of_story.defer("description")

    def on_any_of(self, stories):
        """Return the tags that any of some stories has."""
        return self.filter(story_tags__content_object__in=stories).distinct()

    def with_counts(self, at=None):
        """Annotate `story_count`, the number of public stories, counted to 1,000 at most."""
        return self.annotate(story_count=CountUpTo(self._public_rows(at)[:COUNTED_AT_MOST]))

    def in_use(self, at=None):
        """Return the tags that some public story has."""
        return self.filter(Exists(self._public_rows(at)))

    def _public_rows(self, at):
        rows = self.model._meta.get_field("story_tags").related_model.objects
        return rows.published(at).filter(tag=OuterRef("pk")).values("pk")


class CountUpTo(Subquery):
    """The number of rows in a sliced subquery; the slice bounds the work."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
