"""Partitions that run beside the requests: started, watched, cancelled, accepted.

A job lives in the process that started it and ends with it. Its id carries a mark of the process,
so that one who asks after a restart is told what became of it.
"""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from gridmap.errors import Conflict, GridmapError, NotFound, Unavailable
from gridmap.services.plans.partition.proposing import Proposal, Wanted, propose
from gridmap.store.database import Engine

State = Literal["waiting", "running", "done", "cancelled", "failed"]

_AT_ONCE = 1  # the loops take a whole core each; requests need one too
_MOST_WAITING = 8
_MOST_KEPT = 20


class _Cancelled(Exception):  # noqa: N818 - leaves the search, is no error
    pass


@dataclass
class Job:
    """One partition on its way.

    Parameters
    ----------
    progress
        Share that is done, 0 to 1.
    error
        Why it failed, in words of the domain.
    """

    id: str
    plan_id: int
    wanted: Wanted
    actor: str
    asked_at: datetime
    state: State = "waiting"
    progress: float = 0.0
    seconds: float = 0.0
    proposal: Proposal | None = None
    error: GridmapError | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def summary(self) -> dict[str, Any]:
        """What a page shows; ready for JSON."""
        found = self.proposal
        return {
            "job": self.id,
            "plan": self.plan_id,
            "state": self.state,
            "progress": round(self.progress, 3),
            "seconds": round(self.seconds, 2),
            "asked_at": self.asked_at.isoformat(),
            "actor": self.actor,
            "revision": found.ground.revision if found else None,
            "level": found.ground.level if found else None,
            "alternatives": [item.summary() for item in found.alternatives] if found else [],
            "error": {"message": self.error.message, "hint": self.error.hint}
            if self.error
            else None,
        }


class Jobs:
    """The jobs of this process: one runs at a time, some wait, the last ones are remembered."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._mark = secrets.token_hex(4)
        self._numbers = itertools.count(1)
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="partition")

    def start(self, engine: Engine, plan_id: int, wanted: Wanted, *, actor: str) -> Job:
        """Start a partition, or let it wait for its turn.

        Raises
        ------
        Unavailable
            Too many wait already.
        """
        with self._lock:
            open_ = [job for job in self._jobs.values() if job.state in ("waiting", "running")]
            if len(open_) >= _MOST_WAITING:
                raise Unavailable(
                    f"{len(open_)} partitions are running or waiting",
                    hint="Try again in a minute, or cancel one.",
                )
            ended = [key for key, job in self._jobs.items() if job not in open_]
            for key in ended[: max(0, len(ended) - _MOST_KEPT + 1)]:
                del self._jobs[key]
            key = f"{self._mark}-{next(self._numbers)}"
            job = Job(key, plan_id, wanted, actor, datetime.now(UTC))
            self._jobs[key] = job
        self._threads.submit(self._run, engine, job)
        return job

    def find(self, plan_id: int, key: str) -> Job:
        """A job of a plan.

        Raises
        ------
        NotFound
            There is none; or it went with the process that had it.
        """
        job = self._jobs.get(key)
        if job is None or job.plan_id != plan_id:
            mark = key.partition("-")[0]
            raise NotFound(
                f"There is no partition {key} of plan {plan_id}",
                hint="Only the last ones are remembered: start it again."
                if mark == self._mark
                else "It ended with the process that had it, or another worker has it.",
            )
        return job

    def cancel(self, plan_id: int, key: str) -> Job:
        """Stop a job within moments; one that has ended stays as it is."""
        job = self.find(plan_id, key)
        job.stop.set()
        if job.state == "waiting":
            job.state = "cancelled"
            job.ended.set()
        return job

    def proposal(self, plan_id: int, key: str) -> Proposal:
        """What a job found.

        Raises
        ------
        Conflict
            It has not ended, was cancelled, or failed.
        """
        job = self.find(plan_id, key)
        if job.proposal is None:
            raise Conflict(f"The partition {key} is {job.state}", hint="Wait until it is done.")
        return job.proposal

    def close(self) -> None:
        """Stop everything; the process ends."""
        for job in list(self._jobs.values()):
            job.stop.set()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _run(self, engine: Engine, job: Job) -> None:
        if job.stop.is_set():
            job.state = "cancelled"
            job.ended.set()
            return
        began = self._now()
        job.state = "running"

        def progress(share: float) -> None:
            if job.stop.is_set():
                raise _Cancelled
            job.progress = max(job.progress, share)
            job.seconds = self._now() - began

        try:
            found = propose(
                engine,
                job.plan_id,
                job.wanted,
                progress=progress,
                elapsed=lambda: self._now() - began,
            )
        except _Cancelled:
            job.state = "cancelled"
        except GridmapError as error:
            job.error, job.state = error, "failed"
        except Exception:
            job.error = GridmapError("The partition ended by a fault of the program")
            job.state = "failed"
            raise
        else:
            job.proposal, job.progress = found, 1.0
            job.state = "done"
        finally:
            job.seconds = self._now() - began
            job.ended.set()
