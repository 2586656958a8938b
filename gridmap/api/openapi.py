"""The API document: OpenAPI 3.0.3, one path for each collection.

Clients read it, not people only: GDAL sends an attribute filter to the server only when the path
`/collections/{id}/items` of that very collection lists the property as a parameter, and it counts
by `resultType=hits` only when that is listed. OGC's conformance class is that of OpenAPI 3.0, and
most clients in use read nothing newer, so what FastAPI writes in 3.1 is brought down.
"""

from __future__ import annotations

import warnings
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi

from gridmap import __version__
from gridmap.api import tiles
from gridmap.api.components import schemas
from gridmap.api.deps import Parameters
from gridmap.api.features import OPENAPI_JSON
from gridmap.api.operations import paths, problem_responses
from gridmap.api.rendering import answer, dump, is_known, make_etag, not_modified
from gridmap.api.selection import take_format

_OF_FASTAPI = {"HTTPValidationError", "ValidationError"}

router = APIRouter(include_in_schema=False)


@router.api_route("/openapi.json", methods=["GET", "HEAD"])
async def openapi(request: Request) -> Response:
    """The API document."""
    parameters = Parameters(request)
    take_format(parameters)
    parameters.finish()
    root = request.scope.get("root_path", "").rstrip("/")
    etag = make_etag(__version__, root)
    if is_known(request, etag):
        return not_modified(etag)
    if request.app.openapi_schema is None:
        request.app.openapi_schema = describe(request.app)
    document = {**request.app.openapi_schema, "servers": [{"url": root or "/"}]}
    return answer(request, dump(document), OPENAPI_JSON, etag=etag)


def describe(app: FastAPI) -> dict[str, Any]:
    """Write the document: routes that FastAPI knows, and those that are described by hand."""
    with warnings.catch_warnings():
        # HEAD beside GET has the operation id of GET; it is taken out below.
        warnings.filterwarnings("ignore", "Duplicate Operation ID")
        document = get_openapi(title="gridmap", version=__version__, routes=app.routes)
    known = document.get("components", {}).get("schemas", {})
    operations = {**document["paths"], **tiles.PATHS, **paths()}
    made: dict[str, Any] = _lowered(
        {
            "openapi": "3.0.3",
            "info": {
                "title": "gridmap",
                "version": __version__,
                "description": "The map under grid-based community governance (网格化治理):"
                " layers as vector tiles and as GeoJSON (OGC API – Features).",
            },
            "paths": {path: _refusing(operations[path]) for path in sorted(operations)},
            "components": {
                "schemas": {
                    **{name: known[name] for name in known if name not in _OF_FASTAPI},
                    **schemas(),
                }
            },
        }
    )
    return made


def _refusing(operations: dict[str, Any]) -> dict[str, Any]:
    """Give every operation its problem documents, in place of what FastAPI supposes."""
    made = {}
    for method, operation in operations.items():
        if method == "head":
            continue
        responses = dict(operation.get("responses", {}))
        supposed = responses.get("422", {}).get("content", {}).get("application/json", {})
        if supposed.get("schema", {}).get("$ref", "").endswith("/HTTPValidationError"):
            del responses["422"]
            also = (400, 422) if "requestBody" in operation else (400,)
            responses |= problem_responses(*also)
        made[method] = {**operation, "responses": {**problem_responses(), **responses}}
    return made


def _lowered(item: Any) -> Any:
    """Bring JSON Schema of 3.1 down to that of 3.0, wherever it stands."""
    if isinstance(item, list):
        return [_lowered(member) for member in item]
    if not isinstance(item, dict):
        return item
    made = {name: _lowered(member) for name, member in item.items()}
    choices = made.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        rest = [choice for choice in choices if choice != {"type": "null"}]
        del made["anyOf"]
        made |= {"nullable": True, **(rest[0] if len(rest) == 1 else {"anyOf": rest})}
        if "$ref" in made:  # nothing may stand beside a reference in 3.0
            made["allOf"] = [{"$ref": made.pop("$ref")}]
    if "prefixItems" in made:  # 3.0 has arrays of one kind of member only
        kinds = [
            kind
            for i, kind in enumerate(made["prefixItems"])
            if kind not in made["prefixItems"][:i]
        ]
        made["items"] = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
        del made["prefixItems"]
    if "const" in made:
        made["enum"] = [made.pop("const")]
    for side, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(made.get(side), (int, float)) and not isinstance(made[side], bool):
            made |= {limit: made[side], side: True}
    return made
