"""The ASGI application of `/tiles/…`.

Its promise: bytes are never shown under a version that they do not have. A layer's version comes
from the same snapshot as its bytes; what is kept is used only while its version is the current one;
and the current one is believed only while the database tells every commit.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from time import monotonic, perf_counter
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gridmap.api import problems
from gridmap.api.deps import base_url
from gridmap.api.metrics import Metrics
from gridmap.api.tiles import questions
from gridmap.api.tiles.cache import Cache, Key
from gridmap.api.tiles.flights import Flights
from gridmap.api.tiles.packing import Packed, join, pack, unpack
from gridmap.api.tiles.questions import Combination, Combinations, Headers, Query
from gridmap.api.tiles.tilejson import describe
from gridmap.errors import GridmapError, NotFound, Unavailable
from gridmap.model import Layer
from gridmap.store import layers, tiles
from gridmap.store.connections import Connections
from gridmap.store.revisions import Revisions, name_version
from gridmap.store.tiles import Tile

PATIENCE_S = 4.0  # how long a client waits at most: the answer, or a problem, comes within 5 s
_MOST_SURVEYS = 256
_PAUSE_S = 1.0  # how long nobody asks again after the database has not answered

_METHODS = b"GET, HEAD, OPTIONS"
_PREFLIGHT: Headers = [
    questions.CORS,
    (b"allow", _METHODS),
    (b"access-control-allow-methods", _METHODS),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
]
# RFC 9211: kept tiles go on while the database is away, and say so.
_UNVERIFIED = (b"cache-status", b'gridmap; hit; detail="not verified: the database is away"')


class Answer(NamedTuple):
    """Status, headers and body."""

    status: int
    headers: Headers
    body: bytes = b""


class Asked(NamedTuple):
    """What a request says, its parts of use for a tile."""

    path: str
    query: bytes
    gzip: bool
    known: bytes | None  # If-None-Match


class Tiles:
    """Answers everything below `/tiles/`."""

    def __init__(
        self, drawing: Connections, revisions: Revisions, metrics: Metrics, *, cache_mb: int
    ) -> None:
        self._drawing = drawing
        self._revisions = revisions
        self._metrics = metrics
        self._cache = Cache(cache_mb * 1_000_000)
        self._flights: Flights[Packed] = Flights(PATIENCE_S)
        self._reads: Flights[None] = Flights(PATIENCE_S)
        self._looks: Flights[tiles.Survey] = Flights(PATIENCE_S)
        self._combinations = Combinations()
        self._surveys: dict[tuple[str, str, tiles.Chosen], tiles.Survey] = {}
        self._away_until = 0.0
        self._hits = self._misses = 0
        metrics.counters |= {
            "tile_cache_hits": lambda: self._hits,
            "tile_cache_misses": lambda: self._misses,
            "tile_cache_shared": lambda: self._flights.shared,
            "tile_cache_evicted": lambda: self._cache.evicted,
        }
        metrics.gauges |= {
            "tile_cache_entries": lambda: len(self._cache),
            "tile_cache_bytes": lambda: self._cache.size_bytes,
            "tile_pool_busy": lambda: drawing.busy,
            "tile_pool_size": lambda: drawing.size,
            "revisions_listening": lambda: float(revisions.listening),
        }

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request; a body that it may have is not read."""
        began = perf_counter()
        route = "tile"
        try:
            asked = _read(scope)
            found = questions.TILE.fullmatch(asked.path)
            if scope["method"] not in {"GET", "HEAD"}:
                answer = _other_method(scope["method"])
            elif found:
                answer = await self._tile(asked, found[1], found[2])
            else:
                route = "tilejson"
                answer = await self._tilejson(scope, asked)
        except GridmapError as error:
            answer = _of_response(problems.render(error))
        except Exception as error:  # noqa: BLE001 - nobody stands behind to catch it
            answer = _of_response(problems.render_unforeseen(scope, error))
        await send(
            {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        )
        await send({"type": "http.response.body", "body": answer.body})
        self._metrics.count(route, answer.status, perf_counter() - began)

    async def close(self) -> None:
        """Stop what is being drawn."""
        for flights in (self._flights, self._reads, self._looks):
            await flights.close()

    # --- A tile -------------------------------------------------------------------------------

    async def _tile(self, asked: Asked, names: str, address: str) -> Answer:
        combination = self._combinations.find(names)
        query = questions.parse_query(asked.query, combination.layers)
        combination.refresh(self._revisions)
        verified = True
        if not self._revisions.listening or combination.is_behind(query.version):
            verified = await self._ask_revisions()
            combination.refresh(self._revisions)
        if verified and asked.known is not None and _is_known(asked.known, combination.etag):
            return Answer(304, self._headers(combination, query, "none"))
        keys: list[Key] = [
            (layer.name, f"{address}{query.chosen or ''}") for layer in combination.layers
        ]
        kept = [self._cache.find(key) for key in keys]
        packed = [
            entry
            for entry, version in zip(kept, combination.versions, strict=True)
            if entry is not None and (entry.version == version or not verified)
        ]
        self._hits += len(packed)
        if len(packed) < len(keys):
            if not verified:
                raise _away()
            packed = await self._complete(combination, keys, kept, query, address)
        return self._show(combination, packed, query, asked, verified=verified)

    def _headers(self, combination: Combination, query: Query, kind: str) -> Headers:
        current = query.version == combination.token
        return (combination.lasting if current else combination.passing)[kind]

    def _show(
        self,
        combination: Combination,
        packed: list[Packed],
        query: Query,
        asked: Asked,
        *,
        verified: bool,
    ) -> Answer:
        body = join(packed) if asked.gzip else unpack(packed)
        kind = "none" if not body else "gzip" if asked.gzip else "identity"
        versions = tuple(layer.version for layer in packed)
        if versions == combination.versions and verified:
            headers = self._headers(combination, query, kind)
        else:  # drawn just before or after a commit that is not, or is already, known here
            token = questions.join_versions(versions)
            lasts = token == query.version and verified
            control = questions.FOREVER if lasts else questions.ASK_FIRST
            headers = questions.make_headers(questions.make_etag(token), control)[kind]
            if not verified:
                headers = [*headers, _UNVERIFIED]
        if not body:
            return Answer(204, headers)
        return Answer(200, [*headers, (b"content-length", b"%d" % len(body))], body)

    async def _complete(
        self,
        combination: Combination,
        keys: list[Key],
        kept: list[Packed | None],
        query: Query,
        address: str,
    ) -> list[Packed]:
        """Draw what is not kept under its current version."""
        tile = tiles.check(Tile(*map(int, address.split("/"))))

        async def current(number: int) -> Packed:
            entry, version = kept[number], combination.versions[number]
            if entry is not None and entry.version == version:
                return entry
            self._misses += 1
            layer, key = combination.layers[number], keys[number]
            # The version is a part of the key: whoever knows of a commit does not join work that
            # may have begun before it.
            return await self._flights.join(
                (key, version), lambda: self._draw(layer, key, tile, query)
            )

        if len(keys) == 1:
            return [await current(0)]
        return list(await asyncio.gather(*map(current, range(len(keys)))))

    async def _draw(self, layer: Layer, key: Key, tile: Tile, query: Query) -> Packed:
        identity = self._revisions.identity
        drawn = await self._draw_again(layer, tile, query)
        self._revisions.learn(layer.table, drawn.revision, drawn.day)
        name = name_version(layer, drawn.revision, drawn.day)
        packed = pack(f"{name}-{identity}", drawn.mvt)
        self._cache.keep(key, packed)
        return packed

    async def _draw_again(self, layer: Layer, tile: Tile, query: Query) -> tiles.Drawn:
        """Draw, and once more where the connection turns out to have died meanwhile."""
        began = monotonic()
        try:
            return await tiles.draw(self._drawing, layer, tile, query.chosen)
        except Unavailable:
            if began < self._away_until or monotonic() > began + _PAUSE_S:
                raise
        try:
            return await tiles.draw(self._drawing, layer, tile, query.chosen)
        except Unavailable:
            self._away_until = monotonic() + _PAUSE_S
            raise

    # --- Revisions ----------------------------------------------------------------------------

    async def _ask_revisions(self) -> bool:
        """Ask the database for the revisions, and say whether it has answered."""
        if monotonic() < self._away_until:
            return False
        try:
            # Each asks for itself: an answer that was under way may be older than this question.
            await self._reads.join(object(), lambda: self._revisions.read(self._drawing))
        except Unavailable:
            self._away_until = monotonic() + _PAUSE_S
            return False
        return True

    # --- TileJSON -----------------------------------------------------------------------------

    async def _tilejson(self, scope: Scope, asked: Asked) -> Answer:
        found = questions.TILEJSON.fullmatch(asked.path)
        if not found:
            raise NotFound(
                f"There is no tile at {asked.path[:200]}",
                hint="Tiles are at /tiles/LAYER[,LAYER…]/ZOOM/COLUMN/ROW.mvt, and their description"
                f" at /tiles/LAYER[,LAYER…]/tilejson.json. Layers: {', '.join(layers.LAYERS)}.",
            )
        combination = self._combinations.find(found[1])
        query = questions.parse_query(asked.query, combination.layers)
        base = base_url(Request(scope))
        verified = await self._ask_revisions()
        combination.refresh(self._revisions)
        key = (combination.token, found[1], query.chosen)
        surveyed = self._surveys.get(key)
        if surveyed is None:
            if not verified:
                raise _away()
            surveyed = await self._looks.join(
                key, lambda: tiles.survey(self._drawing, combination.layers, query.chosen)
            )
            if len(self._surveys) >= _MOST_SURVEYS:
                self._surveys.clear()
            self._surveys[key] = surveyed
        described = describe(base, combination, query.chosen, surveyed)
        body = json.dumps(described, ensure_ascii=False, separators=(",", ":")).encode()
        etag = questions.make_etag(hashlib.sha256(body).hexdigest()[:16])
        headers = [questions.CORS, (b"etag", etag), questions.ASK_FIRST]
        if asked.known is not None and _is_known(asked.known, etag):
            return Answer(304, headers)
        length = (b"content-length", b"%d" % len(body))
        return Answer(200, [(b"content-type", b"application/json"), length, *headers], body)


def _read(scope: Scope) -> Asked:
    gzip, known = False, None
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            gzip = questions.accepts_gzip(value)
        elif name == b"if-none-match":
            known = value
    return Asked(scope["path"], scope["query_string"], gzip, known)


def _is_known(known: bytes, etag: bytes) -> bool:
    """Compare weakly, as RFC 9110, 13.1.2 wants it."""
    return known == etag or known.strip() == b"*" or etag[2:] in known


def _other_method(method: str) -> Answer:
    if method == "OPTIONS":
        return Answer(204, _PREFLIGHT)
    refused = problems.problem(
        405, f"{method} is not possible for a tile", headers={"Allow": _METHODS.decode()}
    )
    return _of_response(refused)


def _of_response(response: Response) -> Answer:
    return Answer(
        response.status_code, [*response.raw_headers, questions.CORS], bytes(response.body)
    )


def _away() -> Unavailable:
    return Unavailable("The database does not answer", hint="Try again in a moment.")
