"""A question as a client writes it: in a query or in a body, with the same names."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from gridmap.algorithms.hotspots.zones import Windows
from gridmap.errors import Fault, InvalidInput
from gridmap.services.hotspots import Question, last_days
from gridmap.services.hotspots.question import (
    LIMITS,
    Denominator,
    Kernel,
    Method,
    Rule,
    Smoothing,
    Test,
    Unit,
)
from gridmap.store.database import Engine

Word = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[^\x00]*$")]


def _limited(name: str, text: str) -> Any:
    low, high = LIMITS[name]
    return Field(ge=low, le=high, allow_inf_nan=False, description=text)


class Asked(BaseModel):
    """A question; either `from` and `to`, or `days` up to the latest incident of the place."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    place: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
    begins: Annotated[
        AwareDatetime | None, Field(alias="from", description="First moment, with zone.")
    ] = None
    ends: Annotated[
        AwareDatetime | None, Field(alias="to", description="End of the window, excluded.")
    ] = None
    days: Annotated[int | None, Field(ge=1, le=3660, description="Up to the latest incident.")] = (
        None
    )
    category: Annotated[list[Word], Field(max_length=50)] = []
    channel: Annotated[list[Word], Field(max_length=50)] = []
    severity: Annotated[int, _limited("least_severity", "The least one that counts.")] = 1
    unit: Unit = "hexagon"
    size: Annotated[float | None, _limited("size_m", "Metres; the data choose when missing.")] = (
        None
    )
    rings: Annotated[
        int | None, _limited("rings", "Of neighbours; the data choose when missing.")
    ] = None
    method: Method = "getis-ord"
    network: Annotated[str | None, Field(max_length=100, pattern=r"^[^\x00]*$")] = None
    denominator: Denominator = "none"
    smoothing: Smoothing = "global"
    test: Test = "auto"
    kernel: Kernel = "quartic"
    bandwidth: Annotated[
        float | None, _limited("bandwidth_m", "Standard deviation of the kernel in metres.")
    ] = None
    rule: Rule = "cross-validation"
    radius: Annotated[float | None, _limited("radius_m", "Metres.")] = None
    delay: Annotated[float | None, _limited("delay_days", "Days.")] = None
    least: Annotated[int | None, _limited("least_points", "Points of a cluster.")] = None
    baseline_from: AwareDatetime | None = None
    baseline_to: AwareDatetime | None = None
    control: Annotated[
        Word | None, Field(description="Category of the controls; all others when missing.")
    ] = None
    step: Annotated[int | None, _limited("step_days", "Days.")] = None
    windows: Annotated[Windows, Field(description="What a scan looks through.")] = "circles"
    share: Annotated[float, _limited("largest_share", "Of what is expected, in a window.")] = 0.1
    replicates: Annotated[int, _limited("replicates", "Of a scan.")] = 199
    seed: Annotated[int, _limited("seed", "The same seed, the same answer.")] = 1

    @model_validator(mode="after")
    def _has_a_window(self) -> Self:
        if (self.begins is None) != (self.ends is None):
            raise ValueError("from and to go together")
        if (self.begins is None) == (self.days is None):
            raise ValueError("a window is either from and to, or days")
        return self

    def as_question(self, engine: Engine) -> Question:
        """The question, with its window settled."""
        if self.begins is not None and self.ends is not None:
            window = (self.begins, self.ends)
        elif self.days is not None:
            window = last_days(engine, self.place, self.days)
        else:
            raise InvalidInput("A question has a window", faults=(Fault("missing", field="from"),))
        return Question(
            place=self.place,
            begins=window[0],
            ends=window[1],
            categories=tuple(sorted(set(self.category))),
            channels=tuple(sorted(set(self.channel))),
            least_severity=self.severity,
            unit=self.unit,
            size_m=self.size,
            rings=self.rings,
            method=self.method,
            network=self.network,
            denominator=self.denominator,
            smoothing=self.smoothing,
            test=self.test,
            kernel=self.kernel,
            bandwidth_m=self.bandwidth,
            rule=self.rule,
            radius_m=self.radius,
            delay_days=self.delay,
            least_points=self.least,
            baseline_begins=self.baseline_from,
            baseline_ends=self.baseline_to,
            control=self.control,
            step_days=self.step,
            windows=self.windows,
            largest_share=self.share,
            replicates=self.replicates,
            seed=self.seed,
        )
