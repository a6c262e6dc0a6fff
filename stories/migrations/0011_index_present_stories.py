from html import unescape

import nh3
from django.db import migrations

from founders.migrations._words import plain_words, tokens_in


def plain_text(html):
    return unescape(nh3.clean(html.replace("<", " <"), tags=set(), attributes={}))


def index(apps, schema_editor):
    tag, story, row, word = (
        apps.get_model("stories", name) for name in ("Tag", "Story", "StorySearch", "SearchWord")
    )
    for present in tag.objects.only("name").iterator():
        tag.objects.filter(pk=present.pk).update(name_tokens=tokens_in(present.name))
    stories = story.objects.prefetch_related("takeaways", "story_founders", "story_tags__tag")
    for present in stories.iterator(chunk_size=200):
        takeaways = [takeaway.text for takeaway in present.takeaways.all()]
        summary = "\n".join([present.excerpt, *takeaways])
        body = plain_text(present.body_html)
        keys = [f"p{about.founder_id}" for about in present.story_founders.all()]
        keys += [f"t{tagged.tag_id}" for tagged in present.story_tags.all()]
        names = " ".join(tagged.tag.name for tagged in present.story_tags.all())
        row.objects.update_or_create(
            story=present,
            defaults={
                "publish_at": present.publish_at,
                "unpublish_at": present.unpublish_at,
                "title": tokens_in(present.title),
                "keys": " ".join(keys),
                "summary": tokens_in(summary),
                "body": tokens_in(body),
            },
        )
        words = plain_words(f"{present.title} {summary} {body} {names}")
        known = set(word.objects.filter(word__in=words).values_list("word", flat=True))
        word.objects.bulk_create(
            [word(word=new) for new in words if new not in known], ignore_conflicts=True
        )


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0010_search"),
    ]

    operations = [migrations.RunPython(index, migrations.RunPython.noop)]
