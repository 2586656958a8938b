"""The loops of the assignment, compiled on first use and kept on disk.

Arrays are those of `problem` and `pairs`; nothing here checks its input.
"""

import math

import numba
import numpy as np

_FAR = np.int64(2**62)


@numba.njit(cache=True)
def count_pairs(
    post_xy, post_role, post_skills, xy, roles, skills, order, begin, wide, tall, origin, reach,
    detour, limit,
):  # fmt: skip
    counts = np.zeros(len(post_role), dtype=np.int64)
    for j in range(len(post_role)):
        column = math.floor((post_xy[j, 0] - origin[0]) / reach)
        row = math.floor((post_xy[j, 1] - origin[1]) / reach)
        for r in range(max(row - 1, 0), min(row + 2, tall)):
            for c in range(max(column - 1, 0), min(column + 2, wide)):
                for k in range(begin[r * wide + c], begin[r * wide + c + 1]):
                    i = order[k]
                    if (roles[i] >> post_role[j]) & 1 and (post_skills[j] & ~skills[i]) == 0:
                        straight = math.hypot(xy[i, 0] - post_xy[j, 0], xy[i, 1] - post_xy[j, 1])
                        if np.rint(straight * detour) <= limit:
                            counts[j] += 1
    return counts


@numba.njit(cache=True)
def list_pairs(
    post_xy, post_role, post_skills, xy, roles, skills, order, begin, wide, tall, origin, reach,
    detour, limit, start,
):  # fmt: skip
    person = np.empty(start[-1], dtype=np.int32)
    walk = np.empty(start[-1], dtype=np.int32)
    for j in range(len(post_role)):
        at = start[j]
        column = math.floor((post_xy[j, 0] - origin[0]) / reach)
        row = math.floor((post_xy[j, 1] - origin[1]) / reach)
        for r in range(max(row - 1, 0), min(row + 2, tall)):
            for c in range(max(column - 1, 0), min(column + 2, wide)):
                for k in range(begin[r * wide + c], begin[r * wide + c + 1]):
                    i = order[k]
                    if (roles[i] >> post_role[j]) & 1 and (post_skills[j] & ~skills[i]) == 0:
                        straight = math.hypot(xy[i, 0] - post_xy[j, 0], xy[i, 1] - post_xy[j, 1])
                        metres = np.rint(straight * detour)
                        if metres <= limit:
                            person[at] = i
                            walk[at] = int(metres)
                            at += 1
    return person, walk


@numba.njit(cache=True)
def walk_of(start, person_of, walk, person):
    found = np.zeros(len(person), dtype=np.int64)
    for j in range(len(person)):
        for k in range(start[j], start[j + 1]):
            if person_of[k] == person[j]:
                found[j] = walk[k]
                break
    return found


@numba.njit(cache=True)
def price_pairs(start, person_of, walk, role, held_by, own_role, second_role, change):
    cost = np.empty(len(walk), dtype=np.int32)
    for j in range(len(role)):
        for k in range(start[j], start[j + 1]):
            i = person_of[k]
            cost[k] = walk[k]
            if own_role[i] != role[j]:
                cost[k] += second_role
            if held_by[j] != -1 and held_by[j] != i:
                cost[k] += change
    return cost


@numba.njit(cache=True)
def profits(start, person_of, cost, price, free, sole, people):
    """π_i: the most that a post is worth to a person, or 0; of all posts, and of those not sole."""
    profit = np.zeros((2, people), dtype=np.int64)
    for j in range(len(price)):
        if free[j]:
            for k in range(start[j], start[j + 1]):
                i = person_of[k]
                worth = price[j] - cost[k]
                profit[0, i] = max(profit[0, i], worth)
                if sole[j] == 0:
                    profit[1, i] = max(profit[1, i], worth)
    return profit


@numba.njit(cache=True)
def _push(heap, keys, size, key, item):
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if keys[above] <= key:
            break
        keys[at] = keys[above]
        heap[at] = heap[above]
        at = above
    keys[at] = key
    heap[at] = item


@numba.njit(cache=True)
def _pop(heap, keys, size):
    """Take the least item from a heap of `size`; the caller counts."""
    last, key = heap[size - 1], keys[size - 1]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size - 1:
            break
        if below + 1 < size - 1 and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[at] = keys[below]
        heap[at] = heap[below]
        at = below
    keys[at] = key
    heap[at] = last


@numba.njit(cache=True)
def _reduce_rows(
    start, person_of, cost, first, ends, unit_cost, unfilled, sole, waiting, u, v, unit_of, post_of
):  # fmt: skip
    """Let each waiting post bid for its best unit; a post that is outbid bids again."""
    left = np.empty(len(waiting), dtype=np.int64)
    count = 0
    budget = 4 * len(waiting)
    at = 0
    queue = waiting.copy()
    while at < len(queue):
        j = queue[at]
        best, second, chosen = unfilled[j], _FAR, -2
        for k in range(start[j], start[j + 1]):
            i = person_of[k]
            for unit in range(first[i], ends[sole[j], i]):
                value = cost[k] + unit_cost[unit] - v[unit]
                if value < best:
                    second, best, chosen = best, value, unit
                elif value < second:
                    second = value
        if chosen == -2:
            u[j] = best
            unit_of[j] = -2
            at += 1
            continue
        before = post_of[chosen]
        if before >= 0 and (second == best or budget <= 0):
            # A tie, or bidding has gone on for long: a path decides.
            u[j] = best
            left[count] = j
            count += 1
            at += 1
            continue
        u[j] = second
        v[chosen] -= second - best
        unit_of[j] = chosen
        post_of[chosen] = j
        if before >= 0:
            unit_of[before] = -1
            queue[at] = before
            budget -= 1
        else:
            at += 1
    return left[:count]


@numba.njit(cache=True)
def solve(start, person_of, cost, first, ends, unit_cost, unfilled, sole, free):
    """Units of each post and prices; the units of person i for a post are `first` to `ends`."""
    posts, units = len(unfilled), len(unit_cost)
    u = np.zeros(posts, dtype=np.int64)
    v = np.zeros(units, dtype=np.int64)
    unit_of = np.full(posts, -1, dtype=np.int64)  # -1 not yet, -2 stays empty
    post_of = np.full(units, -1, dtype=np.int64)
    waiting = _reduce_rows(
        start, person_of, cost, first, ends, unit_cost, unfilled, sole, np.flatnonzero(free), u, v,
        unit_of, post_of,
    )  # fmt: skip
    dist = np.full(units, _FAR, dtype=np.int64)
    came = np.empty(units, dtype=np.int64)
    done = np.zeros(units, dtype=np.bool_)
    touched = np.empty(units, dtype=np.int64)
    reached = np.empty(units + 1, dtype=np.int64)
    space = 1024
    heap = np.empty(space, dtype=np.int64)
    keys = np.empty(space, dtype=np.int64)
    for origin in waiting:
        touches, passed, size = 0, 0, 0
        end_empty, end_post = _FAR, -1
        post, far = origin, np.int64(0)
        final, target = _FAR, -1
        while True:
            way = far + unfilled[post] - u[post]
            if way < end_empty:
                end_empty, end_post = way, post
            for k in range(start[post], start[post + 1]):
                i = person_of[k]
                base = far + cost[k] - u[post]
                for unit in range(first[i], ends[sole[post], i]):
                    way = base + unit_cost[unit] - v[unit]
                    if way < dist[unit] and way < end_empty:
                        if dist[unit] == _FAR:
                            touched[touches] = unit
                            touches += 1
                        dist[unit] = way
                        came[unit] = post
                        if size == space:
                            space *= 2
                            more = np.empty(space, dtype=np.int64)
                            more[:size] = heap
                            heap = more
                            more = np.empty(space, dtype=np.int64)
                            more[:size] = keys
                            keys = more
                        _push(heap, keys, size, way, unit)
                        size += 1
            post = -1
            while size > 0:
                unit, way = heap[0], keys[0]
                _pop(heap, keys, size)
                size -= 1
                if done[unit] or way > dist[unit]:
                    continue
                if way >= end_empty:
                    size = 0
                    break
                if post_of[unit] < 0:
                    final, target = way, unit
                    size = 0
                    break
                done[unit] = True
                reached[passed] = unit
                passed += 1
                post, far = post_of[unit], way
                break
            if post < 0:
                break
        if target < 0:
            final = end_empty
        u[origin] += final
        for k in range(passed):
            unit = reached[k]
            u[post_of[unit]] += final - dist[unit]
            v[unit] -= final - dist[unit]
        if target < 0:
            post = end_post
            unit = unit_of[post]
            unit_of[post] = -2
        else:
            post = came[target]
            unit = unit_of[post]
            unit_of[post] = target
            post_of[target] = post
        while post != origin:
            post = came[unit]
            following = unit_of[post]
            unit_of[post] = unit
            post_of[unit] = post
            unit = following
        for k in range(touches):
            dist[touched[k]] = _FAR
            done[touched[k]] = False
    return unit_of, u
