"""New plans: of another plan, of a territory or its blocks, or of a file of dirty areas."""

from __future__ import annotations

import tempfile
from pathlib import Path as File
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from gridmap.api.deps import get_batches, get_engine, read_body
from gridmap.api.plans import Actor, Database, Name
from gridmap.services import plans
from gridmap.services.transfer import ImportOptions, import_file
from gridmap.store.database import Engine

router = APIRouter(prefix="/plans", tags=["Plans"])

MOST_BYTES = 200_000_000
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Code = Annotated[str, Field(pattern=r"^\d{6,12}$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FromPlan(_Body):
    """A copy of another plan of the same network, whatever its state."""

    based_on: Annotated[int, Field(ge=1, le=2**62)]
    name: Name


class FromGround(_Body):
    """A new cut of a territory: as a whole, or of the blocks between its streets and its water."""

    place: Key
    network: Key = "governance"
    name: Name
    source: Literal["territory", "blocks"] = "territory"
    given: Annotated[
        Literal["nobody", "one", "each"],
        Field(description="Whose the land is at first: nobody's, one grid's, or each block's own."),
    ] = "nobody"
    territory: Code | None = None


@router.post("", status_code=201)
def make_draft(body: FromPlan | FromGround, engine: Database, actor: Actor) -> dict[str, Any]:
    """Make a draft from another plan, from a territory, or from its blocks."""
    if isinstance(body, FromPlan):
        number = plans.make_draft(engine, based_on=body.based_on, name=body.name, actor=actor)
    else:
        wanted = plans.NewPlan(
            body.place, body.network, body.name, body.source, body.given, body.territory
        )
        number = plans.make_plan(engine, wanted, actor=actor)
    return plans.read(engine, number)


@router.post(
    "/imports",
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "GeoJSON, GeoPackage, zipped Shapefile, FlatGeobuf or GeoParquet.",
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in ("application/geo+json", "application/octet-stream")
            },
        }
    },
)
async def import_draft(
    request: Request,
    actor: Actor,
    place: Annotated[str, Query(max_length=40)],
    name: Annotated[str, Query(min_length=1, max_length=100)],
    network: Annotated[str, Query(max_length=40)] = "governance",
    territory: Annotated[str | None, Query(max_length=12)] = None,
    source_layer: Annotated[str | None, Query(max_length=200)] = None,
    tolerance: Annotated[
        float, Query(ge=0, le=10, description="Mean width in metres up to which gaps are settled.")
    ] = 1.0,
) -> dict[str, Any]:
    """Make a draft of areas that nearly fit: repaired, and what cannot be decided is left open.

    The report names each repair with its kind, area, place and the grid that got it; `left` lists
    what is nobody's in the draft, or was cut off.
    """
    options = ImportOptions(
        layer="grids",
        place=place,
        network=network,
        name=name,
        territory=territory,
        source_layer=source_layer,
        tolerance_m=tolerance,
        leave=True,
        again=True,
    )
    options.check()
    engine = get_engine(request)
    with get_batches(request).admitted() as turn:
        body = await read_body(request, most_bytes=MOST_BYTES)
        async with turn:
            return await run_in_threadpool(_import, engine, body, options, actor)


def _import(engine: Engine, body: bytes, options: ImportOptions, actor: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="gridmap-upload-") as folder:
        path = File(folder) / "upload"
        path.write_bytes(body)
        report = import_file(engine, path, options, actor=actor)
    assert report.plan is not None, "an import of grids stores a plan or is refused"
    return {"plan": plans.read(engine, report.plan["id"]), "report": report.as_dict()}
