from founders.models.decision import STEPS, Decision
from founders.models.founder import Founder

__all__ = ["STEPS", "Decision", "Founder"]
