"""Words of an answer, in both languages, and the colours that they stand beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Words:
    """One sentence or more, in Chinese and in English."""

    zh: str
    en: str

    def __add__(self, other: Words) -> Words:
        """Put one after the other, in English with a space between sentences."""
        one, two = self.en.rstrip(), other.en.lstrip()
        space = " " if one and two and not two.startswith(",") else ""
        return Words(self.zh + other.zh, f"{one}{space}{two}")

    def as_dict(self) -> dict[str, str]:
        """As JSON has it."""
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True)
class Entry:
    """One line of a legend: a class, its colour, and what it means."""

    kind: int
    colour: str
    words: Words
    least: float | None = None  # from which value on, of classes of rising values

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        made = {"class": self.kind, "colour": self.colour, **self.words.as_dict()}
        return made if self.least is None else {**made, "least": self.least}


LEVELS = {1: 90, 2: 95, 3: 99}
# ColorBrewer RdBu: hot is red, cold is blue, and what is like chance is nearly nothing.
SIGNED = {
    3: "#b2182b", 2: "#ef8a62", 1: "#fddbc7", 0: "#f7f7f7",
    -1: "#d1e5f0", -2: "#67a9cf", -3: "#2166ac",
}  # fmt: skip
# ColorBrewer YlOrRd in five classes.
ORDERED = ("#ffffb2", "#fecc5c", "#fd8d3c", "#f03b20", "#bd0026")
# ColorBrewer Set1 and Dark2: clusters are told apart, not ranked.
APART = ("#e41a1c", "#377eb8", "#4daf4a", "#984ea3", "#ff7f00", "#a65628", "#d95f02", "#1b9e77")
NOISE = "#9e9e9e"


def signed_legend(tests: int, high: Words, low: Words, *, none: Words | None = None) -> list[Entry]:
    """Classes −3 … 3 by confidence after correction, in the words of what is high and low."""
    legend = []
    for kind, colour in SIGNED.items():
        if kind == 0:
            words = none or Words("与随机无显著差别", "no difference from chance")
        else:
            which, sure = (high if kind > 0 else low), LEVELS[abs(kind)]
            words = Words(
                f"{which.zh}，{sure}% 置信（已按 {tests:,} 次检验校正）",
                f"{which.en}, {sure} % confident, after correcting for {tests:,} tests",
            )
        legend.append(Entry(kind, colour, words))
    return legend


def ordered_legend(limits: list[float], unit: Words) -> list[Entry]:
    """Classes 1 … n of rising values; `limits` are one more than classes."""
    legend = []
    for kind in range(len(limits) - 1, 0, -1):
        low, high = limits[kind - 1], limits[kind]
        text = f"{short(low)}–{short(high)}" if low != high else short(low)
        colour = ORDERED[min(kind, len(ORDERED)) - 1]
        words = Words(f"{text} {unit.zh}", f"{text} {unit.en}")
        legend.append(Entry(kind, colour, words, low))
    return legend


def short(value: float) -> str:
    """A number of three digits that matter."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
