"""Random edits of all kinds over the five places and real Shanghai: exact after every single one."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.geometry import drafts
from tests.geometry.walking import KINDS, Walk

GROUNDS = {
    "chengzhen": "governance",
    "donghu": "governance",
    "nanjie": "governance",
    "wenyuan": "party",
    "xiameiqiao": "governance",
    "shanghai": "",
}
LONG = 10_000
LEAST_RATE = 0.93


def land_of(ground: str) -> drafts.Land:
    if ground != "shanghai":
        return drafts.of_place(ground, GROUNDS[ground])
    if not drafts.SHANGHAI.is_file():
        pytest.skip("the extract of Shanghai is not here")
    return drafts.of_shanghai()


def walked(ground: str, count: int, seed: int) -> Walk:
    """Walk that many edits, each proved, then undo them all."""
    land = land_of(ground)
    walk = Walk.over(land, seed)
    begin = dict(walk.draft.facts)
    assert walk.draft.defects() == []
    while walk.edits < count:
        walk.step()
    for step in reversed(walk.done):
        walk.draft.facts = walk.draft.after(step.inverse())
    assert walk.draft.facts == begin, "all undone: the first state bit for bit"
    return walk


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_short_walk_keeps_the_proof_and_is_taken_back(ground: str) -> None:
    walk = walked(ground, 12, seed=5)
    assert walk.accepted.total() >= 12


@pytest.mark.long
def test_ten_thousand_edits_keep_the_proof_and_lines_are_accepted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    grounds = [ground for ground in GROUNDS if ground != "shanghai" or drafts.SHANGHAI.is_file()]
    accepted: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for number, ground in enumerate(grounds):
        walk = walked(ground, -(-LONG // len(grounds)), seed=100 + number)
        accepted += walk.accepted
        refused += walk.refused
        with capsys.disabled():
            print(f"\n{ground}: {walk.edits} edits, {walk.line_rate():.1%} of lines accepted")
            print("  refused", dict(walk.reasons.most_common()))
    lines = accepted["redraw"] + accepted["split"]
    rate = lines / (lines + refused["redraw"] + refused["split"])
    with capsys.disabled():
        print(f"{accepted.total():,} edits {dict(accepted)}; {rate:.1%} of lines accepted")
    assert accepted.total() >= LONG
    assert set(accepted) >= set(KINDS)
    assert rate >= LEAST_RATE
    if "shanghai" not in grounds:
        pytest.skip("walked without Shanghai: its extract is not here")
