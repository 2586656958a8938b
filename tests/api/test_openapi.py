"""The API document says what the service does."""

from __future__ import annotations

import json
from typing import Any

import httpx
import jsonschema
import pytest
import sqlalchemy as sa

from gridmap.api.features import OPENAPI_JSON
from gridmap.api.operations import paths
from gridmap.store.layers import LAYERS
from tests import town


@pytest.fixture(scope="module", autouse=True)
def _town(engine: sa.Engine) -> None:
    town.insert(engine)


@pytest.fixture(scope="module")
def document(client: httpx.Client) -> dict:
    response = client.get("/openapi.json")
    assert response.headers["content-type"] == OPENAPI_JSON
    return response.json()


def operations(document: dict) -> list[tuple[str, str, dict]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def nodes(item: Any) -> list[dict]:
    found = [item] if isinstance(item, dict) else []
    for member in (
        item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    ):
        found += nodes(member)
    return found


def test_it_is_openapi_3_0_throughout(document: dict) -> None:
    assert document["openapi"] == "3.0.3"
    for node in nodes(document):
        assert node.get("type") != "null"
        assert "const" not in node
        assert not isinstance(node.get("exclusiveMinimum"), int) or isinstance(
            node["exclusiveMinimum"], bool
        )
        if isinstance(node.get("$ref"), str):
            assert len(node) == 1, "nothing may stand beside a reference"


def test_every_reference_leads_somewhere_and_every_schema_is_used(document: dict) -> None:
    used = {node["$ref"] for node in nodes(document) if isinstance(node.get("$ref"), str)}
    there = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert used == there


def test_operations_have_one_name_each_and_documented_problems(document: dict) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    for _, method, operation in operations(document):
        assert method in {"get", "post", "put", "patch", "delete"}
        assert operation["responses"]["default"]["content"]["application/problem+json"]
        assert operation["summary"]


def test_path_parameters_are_those_of_the_path(document: dict) -> None:
    for path, _, operation in operations(document):
        named = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
        assert named == {part.split("}")[0] for part in path.split("{")[1:]}


def test_each_collection_lists_its_properties_as_parameters(document: dict) -> None:
    for layer in LAYERS.values():
        parameters = {
            item["name"]
            for item in document["paths"][f"/collections/{layer.name}/items"]["get"]["parameters"]
        }
        assert {item.name for item in layer.properties} <= parameters
        assert {"bbox", "limit", "datetime", "crs", "bbox-crs", "resultType"} <= parameters


def test_every_parameter_that_is_documented_is_taken(client: httpx.Client, document: dict) -> None:
    """A parameter with a value that its schema allows is never unknown."""
    said = {"integer": "1", "number": "1.5", "boolean": "true", "string": "x"}
    for path, method, operation in operations(document):
        if method != "get" or "{" in path or path not in paths():
            continue
        for item in operation.get("parameters", ()):
            schema = item["schema"]
            value = schema.get("enum", [said.get(schema.get("type", "string"))])[0]
            fixed = {"bbox": "1,2,3,4", "datetime": "2026-01-01T00:00:00Z", "cursor": "after-1"}
            if schema.get("format") == "date-time":
                value = "2026-01-01T00:00:00Z"
            if schema.get("format") == "date":
                value = "2026-01-01"
            asked = {"lon": "1", "lat": "1"} if path in {"/locate", "/responsible"} else {}
            asked |= {"q": "x"} if path == "/search" else {}
            asked |= {item["name"]: fixed.get(item["name"], value)}
            response = client.get(path, params=asked)
            assert response.status_code == 200, (path, asked, response.text)


def _as_json_schema(item: Any) -> Any:
    """Turn `nullable` of OpenAPI 3.0 into what JSON Schema says for it."""
    if isinstance(item, list):
        return [_as_json_schema(member) for member in item]
    if not isinstance(item, dict):
        return item
    made = {name: _as_json_schema(member) for name, member in item.items() if name != "nullable"}
    return {"anyOf": [made, {"type": "null"}]} if item.get("nullable") else made


@pytest.mark.parametrize(
    "target",
    [
        "/", "/conformance", "/collections", "/collections/water", "/places", "/search?q=东湖",
        "/search?q=E0001", "/locate?lon=100.0025&lat=25.0025", "/locate?lon=1&lat=1",
        "/collections/nothing", "/search", "/healthz", "/readyz",
        *(f"/collections/{name}/items" for name in LAYERS),
        "/collections/grids/items/10", "/collections/water/items/1",
    ],
)  # fmt: skip
def test_answers_are_what_the_document_says(
    client: httpx.Client, document: dict, target: str
) -> None:
    response = client.get(target)
    path = target.split("?", maxsplit=1)[0]
    for known in document["paths"]:
        if known.replace("{id}", path.rsplit("/", 1)[-1]) == path:
            path = known
    if path == "/collections/nothing":
        path = "/collections"
    documented = document["paths"][path]["get"]["responses"]
    described = documented.get(str(response.status_code), documented["default"])
    kind = response.headers["content-type"].split(";")[0]
    schema = described["content"][kind]["schema"]
    whole = _as_json_schema({**schema, "components": document["components"]})
    jsonschema.Draft202012Validator(whole).validate(response.json())


def test_located_files_are_what_the_document_says(client: httpx.Client, document: dict) -> None:
    operation = document["paths"]["/locate"]["post"]
    schema = operation["responses"]["200"]["content"]["application/geo+json"]["schema"]
    whole = _as_json_schema({**schema, "components": document["components"]})
    response = client.post("/locate", json=[[100.0025, 25.0025], [1, 1], "x"])
    jsonschema.Draft202012Validator(whole).validate(response.json())


def test_it_is_sent_once_and_known_then(client: httpx.Client) -> None:
    etag = client.get("/openapi.json").headers["etag"]
    assert client.get("/openapi.json", headers={"If-None-Match": etag}).status_code == 304


def test_it_can_be_written_without_a_database(capsys: pytest.CaptureFixture[str]) -> None:
    from gridmap.api.schema import main

    main()
    assert json.loads(capsys.readouterr().out)["openapi"] == "3.0.3"
