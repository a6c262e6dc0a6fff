"""Companies, and the years of founders in them."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import stories_project.text.folding
import stories_project.text.years


class Migration(migrations.Migration):
    dependencies = [
        ("founders", "0014_index_lives"),
    ]

    operations = [
        migrations.CreateModel(
            name="Company",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, db_index=False, max_length=100, verbose_name="slug"
                    ),
                ),
                (
                    "founded_year",
                    models.SmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            stories_project.text.years.validate_year,
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="founded in",
                    ),
                ),
                (
                    "closed_year",
                    models.SmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            stories_project.text.years.validate_year,
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="closed in",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                (
                    "link",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="link",
                    ),
                ),
                ("folded_name", stories_project.text.folding.FoldedField(source="name")),
            ],
            options={
                "verbose_name": "company",
                "verbose_name_plural": "companies",
                "indexes": [models.Index(fields=["folded_name", "id"], name="company_by_name")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("slug",),
                        name="company_slug_unique",
                        violation_error_code="unique",
                        violation_error_message="Another company already has this address. Choose another.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("slug", ""), _negated=True),
                        ),
                        name="company_has_name_and_slug",
                        violation_error_message="A company needs a name and an address.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_year", None),
                            ("founded_year", None),
                            ("closed_year__gte", models.F("founded_year")),
                            _connector="OR",
                        ),
                        name="company_closes_after_founding",
                        violation_error_message="The company is closed before it is founded.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CompanyPastSlug",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=200)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="past_slugs",
                        to="founders.company",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("slug",), name="company_past_slug_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Venture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "from_year",
                    models.SmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            stories_project.text.years.validate_year,
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="from",
                    ),
                ),
                (
                    "to_year",
                    models.SmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            stories_project.text.years.validate_year,
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="to",
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=200, verbose_name="role")),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ventures",
                        to="founders.company",
                    ),
                ),
                (
                    "founder",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ventures",
                        to="founders.founder",
                    ),
                ),
            ],
            options={
                "verbose_name": "venture",
                "verbose_name_plural": "ventures",
                "ordering": [models.OrderBy(models.F("from_year"), nulls_last=True), "pk"],
                "indexes": [
                    models.Index(fields=["founder", "company"], name="venture_of_founder"),
                    models.Index(fields=["company", "founder"], name="venture_of_company"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_year", None),
                            models.Q(
                                ("from_year__isnull", False),
                                ("to_year__gte", models.F("from_year")),
                            ),
                            _connector="OR",
                        ),
                        name="venture_forwards",
                        violation_error_message="The last year is not before the first one: give both, or only the first.",
                    )
                ],
            },
        ),
    ]
