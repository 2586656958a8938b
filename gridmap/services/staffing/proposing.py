"""The best staffing of a place as a proposal: a difference, its proof, and reasons for gaps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from gridmap.algorithms import staffing
from gridmap.algorithms.staffing.levelling import Load, level
from gridmap.errors import InvalidInput
from gridmap.services.staffing.difference import list_changes
from gridmap.services.staffing.gaps import list_gaps
from gridmap.services.staffing.question import Options, Question, ask
from gridmap.services.staffing.walking import IN_WORDS, open_meter
from gridmap.store import assignments, database
from gridmap.store.database import Engine
from gridmap.store.needs import read_needs


@dataclass(frozen=True)
class Proposal:
    """The optimum as a difference from what is held now.

    Parameters
    ----------
    changes
        Posts that would have another person: `{"kind", "target_id", "role", "name", "from", "to",
        "assignment_id", "walk_m", "walk_by", "lon", "lat", "home", "origin", "needs"}`; `from` or
        `to` is None for one that is empty before or after. `needs` are the numbers of changes that
        have to be accepted with this one, because they free its person.
    empty
        Posts that stay empty, each with its funnel and the price of filling it.
    posts, kept
        How many posts there are, and how many keep their person.
    fixed
        How many of those kept were no question: locked against a rule, or held by somebody whose
        home is unknown.
    beyond_walk
        How many people keep a post that is farther than the longest walk.
    cost, lower_bound
        Metre-equivalents; equal when the proposal is proved to be the optimum.
    overload, overload_before
        Households above the limit, of everybody; None when load is not evened out.
    distance, by_street, by_line
        How walks were measured, and how many of the proposal's walks were measured in which way.
    """

    changes: list[dict[str, Any]] = field(default_factory=list)
    empty: list[dict[str, Any]] = field(default_factory=list)
    posts: int = 0
    kept: int = 0
    fixed: int = 0
    beyond_walk: int = 0
    cost: int = 0
    lower_bound: int = 0
    gap_percent: float = 0.0
    mean_walk_m: float = 0.0
    overload: int | None = None
    overload_before: int | None = None
    distance: str = ""
    by_street: int = 0
    by_line: int = 0


def propose(
    engine: Engine, place: str, *, at: datetime, options: Options | None = None
) -> Proposal:
    """Find the best staffing of a place's required posts; nothing is stored.

    Raises
    ------
    NotFound
        No such place.
    InvalidInput
        The place has no templates.
    """
    options = options or Options()
    with database.translated(), engine.connect() as connection:
        meter = open_meter(engine, place, connection)
        needs = read_needs(connection, place, at)
        people = assignments.read_people(connection, place, at)
        held = assignments.read_assignments(connection, place, at)
    if not needs:
        raise InvalidInput(
            f"The templates of {place} ask for nobody", hint="A staffing template is missing."
        )
    # No transaction is open from here on: the solver may take its time.
    question = ask(needs, held, people, meter, options)
    pairs = question.pairs(options)
    answer = staffing.assign(question.problem, question.workers, question.costs, pairs=pairs)
    found = Proposal(
        changes=[],
        empty=list_gaps(question, answer, pairs, options),
        posts=len(question.posts) + len(question.fixed),
        fixed=len(question.fixed),
        distance=IN_WORDS[meter.method],
    )
    if options.level_households is not None:
        answer, found = _level(question, answer, pairs, options, found)
    return _with_figures(question, answer, options, found)


def _level(
    question: Question,
    answer: staffing.Assignment,
    pairs: staffing.Pairs,
    options: Options,
    found: Proposal,
) -> tuple[staffing.Assignment, Proposal]:
    load = Load(question.load, limit=options.level_households or 0, price=options.household)
    problem, workers = question.problem, question.workers
    levelled = level(problem, workers, question.costs, answer, pairs, load)
    return levelled, replace(
        found,
        overload=load.overload(levelled.person, len(workers)),
        overload_before=load.overload(answer.person, len(workers)),
    )


def _with_figures(
    question: Question, answer: staffing.Assignment, options: Options, found: Proposal
) -> Proposal:
    changes = list_changes(question, answer)
    filled = [j for j, who in enumerate(answer.person.tolist()) if who >= 0]
    chosen = answer.person[filled]
    by_street = int(question.walks.by_street[filled, chosen].sum())
    walk = answer.walk_m[filled]
    kept = answer.person[filled] == question.problem.held_by[filled]
    return replace(
        found,
        changes=changes,
        kept=int(kept.sum()) + len(question.fixed),
        beyond_walk=int((walk > options.max_walk_m).sum()),
        cost=answer.cost,
        lower_bound=answer.lower_bound,
        gap_percent=round(100 * answer.gap, 4),
        mean_walk_m=round(float(walk.mean()), 1) if filled else 0.0,
        by_street=by_street,
        by_line=len(filled) - by_street,
    )
