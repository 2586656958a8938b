"""The loop: proposals at one temperature."""

from __future__ import annotations

from gridmap.algorithms.partition.kernels.arrays import Graph, Ints, Scratch, State, Terms, compiled
from gridmap.algorithms.partition.kernels.local import below, flip, uniform
from gridmap.algorithms.partition.kernels.recombining import recombine

FLIPS_PER_CUT = 19
_TRIES = 30


@compiled
def anneal(
    graph: Graph,
    state: State,
    scratch: Scratch,
    terms: Terms,
    places: Ints,
    labels: Ints,
    heat: float,
    wanted: int,
    count_weight: float,
    mean_cost: float,
    steps: int,
) -> None:
    """Make `steps` proposals at temperature `heat`; the plan is changed in place.

    Parameters
    ----------
    places, labels
        The atoms and the grids that proposals start from: all, or those of a quarter.
    wanted, count_weight
        The number of grids asked for, and the cost of the square of missing it.
    mean_cost
        Mean cost of a grid: what a grid more must fall below so that the mean becomes less.
    """
    random = state.random
    capacity = len(state.atoms)
    for step in range(steps):
        if step % (FLIPS_PER_CUT + 1) < FLIPS_PER_CUT:
            v = places[below(random, len(places))]
            degree = graph.first[v + 1] - graph.first[v]
            if degree > 0:
                entry = graph.first[v] + below(random, degree)
                flip(entry, graph, state, scratch, terms, heat)
            continue
        g = labels[below(random, len(labels))]
        for _ in range(_TRIES):
            if state.atoms[g] > 0:
                break
            g = labels[below(random, len(labels))]
        if state.atoms[g] == 0:
            continue
        chance = uniform(random)
        if chance < 0.60:
            before, after = 2, 2
        elif chance < 0.70:
            before, after = 3, 3
        elif chance < 0.76:
            before, after = 1, 2
        elif chance < 0.82:
            before, after = 2, 1
        elif chance < 0.92:
            before, after = 2, 3
        else:
            before, after = 3, 2
        cost = 0.0
        if before != after:
            off = capacity - state.free_count[0] - wanted
            new_off = off + after - before
            cost = count_weight * (new_off**2 - off**2) - mean_cost * (after - before)
        recombine(state.member[g], before, after, graph, state, scratch, terms, heat, cost)
