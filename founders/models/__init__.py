from founders.models.canned_reason import CannedReason
from founders.models.decision import Decision
from founders.models.founder import Founder
from founders.models.past_slug import FounderPastSlug
from founders.models.status import STEPS

__all__ = ["STEPS", "CannedReason", "Decision", "Founder", "FounderPastSlug"]
