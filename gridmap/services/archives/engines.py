"""Who counts: this process, or the workers of a Dask cluster that runs already.

Dask hands out the batches and does a lost worker's again elsewhere; what a worker does and what is
done with the cubes is the same code as here (docs/decisions/0016).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from gridmap.algorithms.hotspots.cube import Cube, merge_cubes
from gridmap.errors import Conflict, GridmapError, Unavailable
from gridmap.services.archives.counting import (
    Counting,
    Partial,
    count_batch,
    count_points,
    cut_into_batches,
)
from gridmap.services.archives.sources import Source

Progress = Callable[[int, int], None]  # batches done, batches in all
Count = Callable[[Source, Counting], Cube]

_CONNECT_S = 10
_LOOK_S = 2.0
_WITHOUT_WORKERS_S = 30.0


def _quietly(_done: int, _all: int) -> None:
    """Nobody watches."""


def count_here(source: Source, counting: Counting, *, progress: Progress = _quietly) -> Cube:
    """Count in this process, batch by batch: the memory of one batch, whatever the archive has."""
    if source.points is not None:
        return count_points(source.points, source.time_zone, counting)
    batches = cut_into_batches(source.parts, counting)
    cubes: list[Cube] = []
    for done, batch in enumerate(batches, 1):
        cubes.append(count_batch(batch, counting).widen())
        if len(cubes) == _MERGED_AT:
            cubes = [merge_cubes(cubes)]
        progress(done, len(batches))
    return merge_cubes(cubes)


_MERGED_AT = 16


def count_on_dask(
    source: Source,
    counting: Counting,
    *,
    scheduler: str,
    progress: Progress = _quietly,
    without_workers_s: float = _WITHOUT_WORKERS_S,
) -> Cube:
    """Count on the workers of a Dask cluster, which see the archive under the same path.

    Parameters
    ----------
    source
        An archive.
    counting
        What is counted.
    scheduler
        Address of the running scheduler, as in `tcp://10.0.0.5:8786`.
    progress
        Called with the number of batches done and in all, at the beginning and after each.
    without_workers_s
        How long the cluster may be without any worker before it is given up, in seconds.

    Raises
    ------
    Unavailable
        Dask is not installed, the scheduler does not answer, or no worker is left.
    Conflict
        The workers have another version of gridmap.
    """
    if source.points is not None:
        raise Conflict(
            "A cluster counts archives, not the database",
            hint="Write one by `gridmap incidents export --out DIR`, then give --archive DIR.",
        )
    client = _connect(scheduler)
    try:
        _compare_versions(client, without_workers_s)
        batches = cut_into_batches(source.parts, counting)
        progress(0, len(batches))
        futures = [
            client.submit(count_batch, batch, counting, pure=False, key=f"gridmap-{start}-{number}")
            for start in (time.time_ns(),)
            for number, batch in enumerate(batches)
        ]
        cubes = []
        for done, partial in enumerate(_gather(client, futures, without_workers_s), 1):
            cubes.append(partial.widen())
            progress(done, len(batches))
        return merge_cubes(cubes)
    finally:
        client.close()


def _connect(scheduler: str) -> Any:
    try:
        from distributed import Client  # noqa: PLC0415 - an optional extra, and half a second
    except ModuleNotFoundError as error:
        raise Unavailable(
            "Counting on a cluster needs Dask, which is not installed.",
            hint="pip install gridmap[dask]",
        ) from error
    try:
        return Client(  # type: ignore[no-untyped-call]
            scheduler, timeout=_CONNECT_S, set_as_default=False
        )
    except (OSError, TimeoutError, ValueError) as error:
        raise Unavailable(
            f"No Dask scheduler answers at {scheduler}",
            hint="Start one by `dask scheduler`, and workers by `dask worker ADDRESS`.",
        ) from error


def _about() -> str:
    """What a worker says of itself."""
    return version("gridmap")


def _compare_versions(client: Any, patience_s: float) -> None:
    try:
        client.wait_for_workers(1, timeout=patience_s)
    except TimeoutError as error:
        raise _deserted(client, patience_s) from error
    try:
        theirs = client.run(_about)
    except (ModuleNotFoundError, ImportError) as error:
        raise Unavailable(
            "A worker cannot import gridmap",
            hint="Install gridmap[dask] where the workers run, the same version as here.",
        ) from error
    others = {address: number for address, number in theirs.items() if number != _about()}
    if others:
        address, number = min(others.items())
        raise Conflict(
            f"The worker {address} has gridmap {number}, here it is {_about()}",
            hint="The same version counts the same way: update the workers.",
        )


def _gather(client: Any, futures: list[Any], patience_s: float) -> Any:
    """Yield results as they come; each future is let go when its result is here."""
    from distributed import wait  # noqa: PLC0415

    pending = set(futures)
    futures.clear()
    seen = time.monotonic()
    while pending:
        try:
            with client.as_current():  # other clients of this process are none of our business
                looked = wait(  # type: ignore[no-untyped-call]
                    pending, timeout=_LOOK_S, return_when="FIRST_COMPLETED"
                )
            finished = looked.done
        except TimeoutError:
            finished = set()
        if client.scheduler_info()["workers"]:
            seen = time.monotonic()
        elif time.monotonic() - seen > patience_s:
            raise _deserted(client, patience_s)
        for future in finished:
            pending.discard(future)
            yield _result(future)


def _result(future: Any) -> Partial:
    try:
        partial: Partial = future.result()
    except GridmapError:
        raise
    except Exception as error:
        # Killed workers, cancelled tasks, a lost scheduler: each has a class of its own in Dask.
        raise Unavailable(
            f"The cluster gave a batch up: {error}",
            hint="Look at the workers' logs; memory is the usual reason.",
        ) from error
    finally:
        future.release()
    return partial


def _deserted(client: Any, patience_s: float) -> Unavailable:
    return Unavailable(
        f"The scheduler at {client.scheduler.address} has had no worker for {patience_s:g} s",
        hint="Start workers by `dask worker ADDRESS`.",
    )
