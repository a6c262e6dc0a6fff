from django.db import migrations
from django.db.models import Count, Q
from django.utils import timezone

BATCH = 1000
RANKED_AT_MOST = 10_000


def count(apps, schema_editor):
    tags = apps.get_model("stories", "Tag").objects
    rows = apps.get_model("stories", "StoryTag").objects.filter(publish_at__isnull=False)
    rows = rows.exclude(Q(unpublish_at__lte=timezone.now()))
    keys = list(tags.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        counts = rows.filter(tag__in=some).order_by().values("tag").annotate(number=Count("pk"))
        counted = dict(counts.values_list("tag", "number"))
        found = list(tags.filter(pk__in=counted).only("pk"))
        for tag in found:
            tag.popularity = min(counted[tag.pk], RANKED_AT_MOST)
        tags.bulk_update(found, ["popularity"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("stories", "0032_tag_popularity")]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
