from founders.models.decision import STEPS, Decision
from founders.models.founder import Founder
from founders.models.past_slug import FounderPastSlug

__all__ = ["STEPS", "Decision", "Founder", "FounderPastSlug"]
