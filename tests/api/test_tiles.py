"""Tiles as a client gets them."""

from __future__ import annotations

import httpx


def test_an_empty_tile_has_no_content(client: httpx.Client) -> None:
    assert client.get("/tiles/buildings/14/0/0.mvt").status_code == 204
