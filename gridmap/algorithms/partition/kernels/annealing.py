"""The loop: proposals at one temperature."""

from __future__ import annotations

from gridmap.algorithms.partition.kernels.arrays import Graph, Scratch, State, Terms, compiled
from gridmap.algorithms.partition.kernels.local import below, flip, uniform
from gridmap.algorithms.partition.kernels.recombining import recombine

FLIPS_PER_CUT = 19


@compiled
def anneal(
    graph: Graph,
    state: State,
    scratch: Scratch,
    terms: Terms,
    heat: float,
    wanted: int,
    count_weight: float,
    mean_cost: float,
    steps: int,
) -> None:
    """Make `steps` proposals at temperature `heat`; the plan is changed in place.

    Parameters
    ----------
    wanted, count_weight
        The number of grids asked for, and the cost of the square of missing it.
    mean_cost
        Mean cost of a grid: what a grid more must fall below so that the mean becomes less.
    """
    random = state.random
    capacity = len(state.atoms)
    entries = len(graph.source)
    for step in range(steps):
        if entries > 0 and step % (FLIPS_PER_CUT + 1) < FLIPS_PER_CUT:
            flip(below(random, entries), graph, state, scratch, terms, heat)
            continue
        g = below(random, capacity)
        while state.atoms[g] == 0:
            g = below(random, capacity)
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
