"""Who looks after what: posts and vacancies, assignments that cannot clash, and proposals."""

from gridmap.services.staffing.posting import assign, end, hand_over, history, lock, roster
from gridmap.services.staffing.proposing import Options, Proposal, accept, propose
from gridmap.services.staffing.vacancies import candidates, completeness

__all__ = [
    "Options",
    "Proposal",
    "accept",
    "assign",
    "candidates",
    "completeness",
    "end",
    "hand_over",
    "history",
    "lock",
    "propose",
    "roster",
]
