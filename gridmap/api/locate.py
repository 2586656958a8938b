"""`GET /locate`: all that is known of a point. `POST /locate`: the codes of a file of points."""

from __future__ import annotations

from email.message import Message
from functools import partial
from typing import get_args

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from gridmap.api.deps import (
    Parameters,
    get_batches,
    get_engine,
    parse_day,
    parse_json,
    read_body,
)
from gridmap.api.privacy import is_trusted
from gridmap.api.problems import UnreadableBody, UnsupportedMedia
from gridmap.api.rendering import GEOJSON, JSON, answer, dump
from gridmap.api.selection import take_format
from gridmap.geometry.datum import Datum
from gridmap.services.locate import locate_point
from gridmap.services.locate.documents import locate_document
from gridmap.services.locate.tables import locate_table

MOST_BYTES = 50_000_000
MOST_POINTS_NEAR = 50
DEFAULT_POINTS_NEAR = 5

_CSV = "text/csv"

router = APIRouter(include_in_schema=False)


# One route for all methods, so that the answer to another one lists them all in `Allow`.
@router.api_route("/locate", methods=["GET", "HEAD", "POST"])
async def locate(request: Request) -> Response:
    """All that is known of one point, or the codes of many."""
    return await (_locate_many if request.method == "POST" else _locate_one)(request)


async def _locate_one(request: Request) -> Response:
    parameters = Parameters(request)
    take_format(parameters)
    lon = parameters.required_number("lon", low=-180, high=180)
    lat = parameters.required_number("lat", low=-90, high=90)
    datum = _datum(parameters)
    network = parameters.text("network") or "governance"
    day = parameters.take("at", parse_day, None)
    limit = parameters.integer("limit", low=0, high=MOST_POINTS_NEAR, default=DEFAULT_POINTS_NEAR)
    category = parameters.text("category")
    parameters.finish()
    located = await run_in_threadpool(
        locate_point,
        get_engine(request),
        lon,
        lat,
        datum=datum,
        network=network,
        day=day,
        categories=category.split(",") if category else (),
        limit=limit,
    )
    if not is_trusted(request):
        for post in located["responsible"]:
            post["name"] = None  # of a person; the post itself is public
    return answer(request, dump(located), headers={"Cache-Control": "no-cache"})


async def _locate_many(request: Request) -> Response:
    parameters = Parameters(request)
    datum = _datum(parameters)
    network = parameters.text("network") or "governance"
    day = parameters.take("at", parse_day, None)
    lon_column = parameters.text("lon_column")
    lat_column = parameters.text("lat_column")
    parameters.finish()
    media_type, charset = _media_type(request)
    engine = get_engine(request)
    with get_batches(request).admitted() as turn:
        body = await read_body(request, most_bytes=MOST_BYTES)
        async with turn:
            if media_type == _CSV:
                made, encoding = await run_in_threadpool(
                    locate_table,
                    engine,
                    body,
                    charset=charset,
                    lon_column=lon_column,
                    lat_column=lat_column,
                    datum=datum,
                    network=network,
                    day=day,
                )
                return answer(request, made, f"{_CSV}; charset={encoding.removesuffix('-sig')}")
            make = partial(_locate_json, body, engine=engine, datum=datum, network=network, day=day)
            return answer(request, await run_in_threadpool(make), GEOJSON)


def _locate_json(body: bytes, **options: object) -> bytes:
    try:
        document = parse_json(body)
        return dump(locate_document(document=document, **options))  # type: ignore[arg-type]
    except RecursionError:
        # Just not too deep to be read, too deep to be written.
        raise UnreadableBody("The body is no acceptable JSON: nested too deeply") from None


def _datum(parameters: Parameters) -> Datum:
    datum: Datum = parameters.choice("datum", get_args(Datum), "wgs84")  # type: ignore[assignment]
    return datum


def _media_type(request: Request) -> tuple[str, str | None]:
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    media_type = header.get_content_type()
    if media_type not in {_CSV, JSON, GEOJSON}:
        raise UnsupportedMedia(
            f"A body of {request.headers.get('content-type', 'no media type')[:100]} is not taken",
            hint=f"Content-Type: {_CSV}, {GEOJSON} or {JSON}.",
        )
    return media_type, header.get_content_charset()
