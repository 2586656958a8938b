"""Who looks after what: posts and vacancies, assignments that cannot clash, and proposals."""

from gridmap.services.staffing.absence import set_absence
from gridmap.services.staffing.accepting import accept
from gridmap.services.staffing.bulk import assign_many, list_inside
from gridmap.services.staffing.candidates import candidates
from gridmap.services.staffing.completeness import completeness
from gridmap.services.staffing.loads import loads
from gridmap.services.staffing.looking_back import (
    changes,
    ending,
    history,
    history_of_person,
    orphans,
    pairs,
)
from gridmap.services.staffing.posting import assign, end, hand_over, lock, move, pair, roster
from gridmap.services.staffing.proposing import Proposal, propose
from gridmap.services.staffing.question import Demand, Options
from gridmap.services.staffing.templates import delete_template, list_templates, put_template

__all__ = [
    "Demand",
    "Options",
    "Proposal",
    "accept",
    "assign",
    "assign_many",
    "candidates",
    "changes",
    "completeness",
    "delete_template",
    "end",
    "ending",
    "hand_over",
    "history",
    "history_of_person",
    "list_inside",
    "list_templates",
    "loads",
    "lock",
    "move",
    "orphans",
    "pair",
    "pairs",
    "propose",
    "put_template",
    "roster",
    "set_absence",
]
