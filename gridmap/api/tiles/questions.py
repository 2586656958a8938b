"""What a request for a tile asks for: layers, address, filters, version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NoReturn
from urllib.parse import parse_qsl

from gridmap.api.deps import parse_day
from gridmap.api.problems import InvalidQuery
from gridmap.errors import Fault, NotFound
from gridmap.model import Layer
from gridmap.store import layers
from gridmap.store.revisions import Revisions
from gridmap.store.tiles import FILTERS, Chosen

# No sign, no zeros in front, no digits of other scripts: every tile has one address.
_NUMBER = r"(0|[1-9]\d{0,8})"
TILE = re.compile(rf"/tiles/([^/]*)/({_NUMBER}/{_NUMBER}/{_NUMBER})\.mvt", re.ASCII)
TILEJSON = re.compile(r"/tiles/([^/]*)/tilejson\.json", re.ASCII)
_VERSION = re.compile(r"([0-9d.]{1,200})-([0-9a-f]{8})", re.ASCII)
_LONGEST_VALUE = 100  # characters of a filter's value

CORS = (b"access-control-allow-origin", b"*")
FOREVER = (b"cache-control", b"public, max-age=31536000, immutable")
ASK_FIRST = (b"cache-control", b"public, no-cache")
_MVT = (b"content-type", b"application/vnd.mapbox-vector-tile")
_GZIP = (b"content-encoding", b"gzip")
_VARY = (b"vary", b"accept-encoding")

Headers = list[tuple[bytes, bytes]]


class Combination:
    """Layers that are asked for together, and all that follows from their versions."""

    def __init__(self, chosen: tuple[Layer, ...]) -> None:
        self.layers = chosen
        self.versions: tuple[str, ...] = ()
        self.token = ""
        self._generation = -1

    def refresh(self, revisions: Revisions) -> None:
        """Bring versions and headers up to what is known now."""
        if self._generation == revisions.generation:
            return
        self._generation = revisions.generation
        self.versions = tuple(
            f"{revisions.version(layer)}-{revisions.identity}" for layer in self.layers
        )
        self.token = join_versions(self.versions)
        self.etag = make_etag(self.token)
        self.lasting = make_headers(self.etag, FOREVER)
        self.passing = make_headers(self.etag, ASK_FIRST)

    def is_behind(self, token: str | None) -> bool:
        """Say whether a client has seen a newer version than is known here."""
        if token is None or token == self.token:
            return False
        found = _VERSION.fullmatch(token)
        names, _, identity = self.token.partition("-")
        if not found or found[2] != identity:
            return False
        theirs, ours = _numbers(found[1]), _numbers(names)
        return len(theirs) == len(ours) and any(
            their > our for their, our in zip(theirs, ours, strict=True)
        )


def _numbers(names: str) -> list[int]:
    return [int(part or 0) for part in re.split(r"[d.]", names)]


def join_versions(versions: tuple[str, ...]) -> str:
    """Make the version of several layers: their states, and the history that they count in."""
    identity = versions[0].partition("-")[2]
    return f"{'.'.join(version.partition('-')[0] for version in versions)}-{identity}"


def make_etag(token: str) -> bytes:
    """Make the entity tag; a weak one, because it is the same with gzip and without."""
    return b'W/"%b"' % token.encode()


def make_headers(etag: bytes, cache_control: tuple[bytes, bytes]) -> dict[str, Headers]:
    """Make the headers of each kind of answer; those with content lack its length."""
    shared = [CORS, (b"etag", etag), cache_control, _VARY]
    return {"gzip": [_MVT, _GZIP, *shared], "identity": [_MVT, *shared], "none": shared}


class Combinations:
    """The combinations that were asked for, by their names in the order of the request."""

    _MOST = 512

    def __init__(self) -> None:
        self._known: dict[str, Combination] = {}

    def find(self, names: str) -> Combination:
        """Find the combination of some names with commas between.

        Raises
        ------
        NotFound
            A layer is unknown, or named twice: a tile cannot hold one layer two times.
        """
        found = self._known.get(names)
        if found is None:
            listed = names[:1000].split(",")
            if len(listed) > len(layers.LAYERS) or len(set(listed)) < len(listed):
                raise NotFound(
                    "A tile has each layer once",
                    hint=f"Layers: {', '.join(layers.LAYERS)}.",
                )
            found = Combination(tuple(layers.find_layer(name[:50]) for name in listed))
            if len(self._known) >= self._MOST:
                self._known.clear()
            self._known[names] = found
        return found


@dataclass(frozen=True, slots=True)
class Query:
    """The version that a client believes to be current, and filters in the order of FILTERS."""

    version: str | None = None
    chosen: Chosen = ()


_NOTHING = Query()


def parse_query(query: bytes, chosen_layers: tuple[Layer, ...]) -> Query:
    """Read the query; parameters that mean nothing here are let pass, as caches and maps add some.

    Raises
    ------
    InvalidQuery
        It cannot be read, or a filter has no meaning for one of the layers.
    """
    if not query:
        return _NOTHING
    if query.startswith(b"v=") and b"&" not in query and b"%" not in query:
        return Query(query[2:].decode("latin-1"))
    try:
        pairs = parse_qsl(
            query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50
        )
    except ValueError as error:
        raise InvalidQuery(
            "The query cannot be read: it is no percent-encoded UTF-8, or has over 50 parts"
        ) from error
    values = dict(pairs)
    names = [name for name, _ in pairs]
    for name in FILTERS:
        if names.count(name) > 1:
            _refuse(name, "given more than once")
    chosen = tuple(
        (name, _value(name, values[name], chosen_layers)) for name in FILTERS if name in values
    )
    return Query(values.get("v"), chosen)


def _value(name: str, text: str, chosen_layers: tuple[Layer, ...]) -> str | int | date:
    if name == "at":
        try:
            return parse_day(text)
        except ValueError:
            _refuse(name, "not a day such as 2026-10-31")
    for layer in chosen_layers:
        # `place` alone is a property of every layer, but low zooms count without it.
        if not all(layer.property(key) for key in FILTERS if key != "at"):
            _refuse(name, f"the layer {layer.name} cannot be filtered, only grids and micro-grids")
    if FILTERS[name] is int:
        if not (text.isascii() and text.isdigit() and len(text) < 3):
            _refuse(name, "not a level such as 2")
        return int(text)
    if not text.isprintable() or not 0 < len(text) <= _LONGEST_VALUE:
        _refuse(name, f"not 1 to {_LONGEST_VALUE} printable characters")
    return text


def _refuse(name: str, reason: str) -> NoReturn:
    raise InvalidQuery(
        f"The query cannot be used: {name}: {reason}", faults=(Fault(reason, field=name),)
    )


def accepts_gzip(value: bytes) -> bool:
    """Say whether an Accept-Encoding takes gzip (RFC 9110, 12.5.3)."""
    for item in value.lower().split(b","):
        coding, _, weight = item.partition(b";")
        if coding.strip() in {b"gzip", b"*"}:
            return weight.replace(b" ", b"").rstrip(b"0") not in {b"q=", b"q=0."}
    return False
