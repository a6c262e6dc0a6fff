from django.db import models

from founders.models.founder import Founder
from stories_project.past_slugs import PastSlug


class FounderPastSlug(PastSlug):
    """A slug that the founder had while the profile was public."""

    founder = models.ForeignKey(Founder, on_delete=models.CASCADE, related_name="past_slugs")
