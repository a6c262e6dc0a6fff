"""Slugs that nothing has or had."""

from typing import Any

from stories_project.text.folding import slug_for


def free_slug(title: str, *models: Any) -> str:
    """Return a slug for a title that no row of these models has; past slugs are rows as well."""
    stem = slug_for(title, max_length=180)
    taken = {
        slug
        for model in models
        for slug in model.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    }
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)
