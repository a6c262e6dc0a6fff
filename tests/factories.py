"""Plain functions that create valid rows, with the same forms and verbs as the site."""

from datetime import timedelta
from io import BytesIO
from itertools import count, pairwise

from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from founders.models import Company, Decision, Founder, Venture
from stories.models import Series, Tag
from stories.writing import verbs
from stories.writing.forms import StoryForm, Verb
from stories.writing.series import save_series

_numbers = count(1)
PAST = timedelta(days=-30)
FUTURE = timedelta(days=30)


def make_user(role=None, **fields):
    """Return a member of staff with a role: "Writer", "Editor" or "Moderator"."""
    fields.setdefault("username", f"user-{next(_numbers)}")
    fields.setdefault("is_staff", role is not None)
    user = User.objects.create_user(password="secret", **fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_founder(status=Founder.Status.APPROVED, **fields):
    """Return a founder with a status, which was reached by decisions."""
    fields.setdefault("name", f"Founder Number {next(_numbers)}")
    fields.setdefault("slug", fields["name"].lower().replace(" ", "-"))
    founder = Founder(**fields)
    founder.full_clean(validate_constraints=False)
    approve_at_once(founder)
    return bring(founder, status)


def approve_at_once(founder):
    """Store an approved founder with both decisions, as `submit()` and `approve()` leave them.

    Half of the time of most tests would go into taking these steps.
    """
    founder.status = Founder.Status.APPROVED
    founder.save()
    steps = pairwise(("draft", "pending", "approved"))
    Decision.objects.bulk_create(
        Decision(founder=founder, from_status=before, to_status=after) for before, after in steps
    )
    founder.record_change()


def make_company(name="A company", **fields):
    company = Company(name=name, **{"slug": name.lower().replace(" ", "-"), **fields})
    company.full_clean()
    company.save()
    return company


def make_venture(founder, company, **fields):
    """Return what a founder did in a company, as the desk stores it."""
    venture = Venture(founder=founder, company=company, **fields)
    venture.full_clean()
    venture.save()
    founder.record_change()
    company.record_change()
    return venture


def bring(founder, status):
    """Bring an approved founder to a status, by decisions that a moderator could make."""
    if status == "hidden":
        founder.hide("They asked us to.")
    elif status != "approved":
        founder.decide("pending")
        if status == "rejected":
            founder.reject("Too little is known.")
        elif status == "draft":
            founder.decide("draft")
    return founder


def story_values(**changes):
    """Return valid values of `StoryForm` for a published story."""
    number = next(_numbers)
    values = {
        "title": f"Story number {number}",
        "slug": f"story-number-{number}",
        "excerpt": f"Excerpt number {number}.",
        "body": f"## Prologue: Number {number}\n\nBody number {number}.\n\n## Act I: More\n\nMore.",
        "takeaways": "First takeaway.\nSecond takeaway.",
        "sources": "A book\nA page | https://example.org/ | 2026-01-31",
        "founders": None,
        "tags": ["Craft"],
        "publish_at": timezone.now() + PAST,
    }
    values |= changes
    if values["founders"] is None:
        values["founders"] = [make_founder()]
    values["founders"] = [founder.pk for founder in values["founders"]]
    for related in ("pinned", "banned"):
        values[related] = [story.pk for story in values.get(related, [])]
    return values


def make_story(**changes):
    """Return a story saved with its form; it is published unless the times say otherwise."""
    return save(StoryForm(story_values(**changes)))


def save(form, **edit):
    """Save what a form accepts, like the button “Save” at the desk."""
    assert form.is_valid(), form.errors
    return form.instance.save_content(form.content, **edit)


def revise(story, changes, **edit):
    """Change some values of a story, also for readers."""
    return verbs.revise(story, changes, Verb.REPLACE, **edit)


def rework(story, changes, **edit):
    """Change some values of a story, in the working copy if it is public."""
    return verbs.revise(story, changes, Verb.SAVE, **edit)


def make_story_in(state, **changes):
    """Return a story in a state: "draft", "scheduled", "published" or "withdrawn"."""
    now = timezone.now()
    times = {
        "draft": {"publish_at": None},
        "scheduled": {"publish_at": now + FUTURE},
        "published": {"publish_at": now + PAST},
        "withdrawn": {"publish_at": now + 2 * PAST, "unpublish_at": now + PAST},
    }
    return make_story(**(times[state] | changes))


def make_tag(name):
    return Tag.objects.named([name])[0]


def make_series(*stories, by=None, **fields):
    """Return a series with these stories as its parts, in this order."""
    fields.setdefault("title", f"Series number {next(_numbers)}")
    fields.setdefault("slug", fields["title"].lower().replace(" ", "-"))
    return save_series(Series(**fields), [story.pk for story in stories], by)


def picture(size=(64, 36), format="PNG", name="cover.png", **saving):
    """Return an upload with a real picture."""
    buffer = BytesIO()
    Image.new("RGB", size, "tomato").save(buffer, format, **saving)
    return SimpleUploadedFile(name, buffer.getvalue())


def reload(row):
    return type(row).objects.get(pk=row.pk)
