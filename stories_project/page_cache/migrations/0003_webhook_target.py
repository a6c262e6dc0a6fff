from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("page_cache", "0002_delivery"),
    ]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="target",
            field=models.CharField(
                choices=[
                    ("purge", "Purges of the content delivery network"),
                    ("indexnow", "Pings of search engines (IndexNow)"),
                    ("websub", "Pings of feed readers (WebSub)"),
                    ("webhook", "Events for webhooks"),
                ],
                max_length=10,
            ),
        ),
    ]
