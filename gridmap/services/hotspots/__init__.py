"""Where incidents pile up more than chance: questions and their reproducible answers.

The answer is a function of the question and of the state of the data; both are in its id.
"""

from gridmap.services.hotspots.answer import (
    Answer,
    answer_id,
    answer_question,
    ask,
    find_hotspots,
)
from gridmap.services.hotspots.case import last_days, read_revisions
from gridmap.services.hotspots.question import Question, identify
from gridmap.services.hotspots.units import choose_size

__all__ = [
    "Answer",
    "Question",
    "answer_id",
    "answer_question",
    "ask",
    "choose_size",
    "find_hotspots",
    "identify",
    "last_days",
    "read_revisions",
]
