"""`GET /responsible`: who answers for a point, without names; a page for browsers, else JSON."""

from __future__ import annotations

from html import escape
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from gridmap.api.deps import Parameters, get_engine
from gridmap.api.opening_hours import hours_in_words
from gridmap.api.rendering import answer, dump, prefers_html
from gridmap.services.locate.public import read_public

router = APIRouter(include_in_schema=False)

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'"
_STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:36rem;margin:0 auto;padding:1rem;"
    "color:#1f262b}h1{font-size:1.4rem}h2{font-size:1.05rem;margin-top:1.5rem}"
    "li{padding:.4rem 0;border-bottom:1px solid #e3e3de}ul{list-style:none;padding:0}"
    "small{color:#5b666d;display:block}form{display:flex;flex-wrap:wrap;gap:.6rem;align-items:end}"
    "label{display:grid;flex:1 1 8rem}input,button{font:inherit;min-height:44px;padding:0 .6rem;"
    "box-sizing:border-box;max-width:100%}button{background:#0f5f66;color:#fff;border:0;"
    "border-radius:8px}a{color:#0f5f66}"
)
_WORDS = {
    "zh": {
        "title": "这里谁负责",
        "lon": "经度",
        "lat": "纬度",
        "ask": "查询",
        "posts": "负责的岗位",
        "nobody": "目前没有登记的岗位。",
        "points": "到哪里找",
        "away": "相距约 {metres} 米",
        "people": "{people} 人",
        "note": "本页只列岗位和服务点，不显示姓名。",
        "outside": "这个点不在已登记的辖区内。",
        "other": "English",
    },
    "en": {
        "title": "Who is responsible here",
        "lon": "Longitude",
        "lat": "Latitude",
        "ask": "Look up",
        "posts": "Posts that answer for this point",
        "nobody": "No post is on record here.",
        "points": "Where to go",
        "away": "about {metres} m away",
        "people": "{people} people",
        "note": "This page lists posts and service points, never names.",
        "outside": "This point lies in no territory on record.",
        "other": "中文",
    },
}


@router.api_route("/responsible", methods=["GET", "HEAD"])
async def responsible(request: Request) -> Response:
    """Posts and service points of a point; without a point, browsers get the form."""
    parameters = Parameters(request)
    language = parameters.choice("lang", ("zh", "en"), "zh")
    is_page = prefers_html(request)
    is_asked = not is_page or "lon" in request.query_params or "lat" in request.query_params
    found = None
    if is_asked:
        lon = parameters.required_number("lon", low=-180, high=180)
        lat = parameters.required_number("lat", low=-90, high=90)
        parameters.finish()
        found = await run_in_threadpool(read_public, get_engine(request), lon, lat)
    headers = {"Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}
    if not is_page:
        return answer(request, dump(found), headers=headers)
    headers |= {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
    page = _page(found, language).encode()
    return answer(request, page, "text/html; charset=utf-8", headers=headers)


def _page(found: dict[str, Any] | None, language: str) -> str:
    words = _WORDS[language]
    point = "" if found is None else f"&lon={found['lon']}&lat={found['lat']}"
    other = "en" if language == "zh" else "zh"
    fields = "".join(
        f'<label>{words[name]}<input type="number" step="any" min="-{most}" max="{most}" '
        f'name="{name}" inputmode="decimal" required value="'
        f'{"" if found is None else found[name]}"></label>'
        for name, most in (("lon", 180), ("lat", 90))
    )
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{words['title']}</title><style>{_STYLE}</style>"
        f"<h1>{words['title']}</h1><p>{words['note']} "
        f'<a href="?lang={other}{point}" hreflang="{other}">{words["other"]}</a></p>'
        f'<form method="get"><input type="hidden" name="lang" value="{language}">{fields}'
        f"<button>{words['ask']}</button></form>{_answer(found, language)}</html>"
    )


def _answer(found: dict[str, Any] | None, language: str) -> str:
    if found is None:
        return ""
    words = _WORDS[language]
    if found["territory"] is None:
        return f"<p>{words['outside']}</p>"
    where = " · ".join(
        _name(found[area], language)
        for area in ("territory", "grid", "micro_grid")
        if found[area] is not None
    )
    role = "role_name" if language == "zh" else "role_name_en"
    posts = "".join(
        f"<li>{escape(post[role])}<small>{_name(post['target'], language)}"
        + (f" · {words['people'].format(people=post['people'])}" if post["people"] > 1 else "")
        + "</small></li>"
        for post in found["posts"]
    )
    points = "".join(
        f"<li>{_name(point, language)}<small>{_hours(point, language)}"
        f"{words['away'].format(metres=round(point['distance_m']))}</small></li>"
        for point in found["service_points"]
    )
    listed = f"<ul>{posts}</ul>" if posts else f"<p>{words['nobody']}</p>"
    return (
        f"<p><strong>{where}</strong></p><h2>{words['posts']}</h2>{listed}"
        f"<h2>{words['points']}</h2><ul>{points}</ul>"
    )


def _hours(point: dict[str, Any], language: str) -> str:
    hours = point["opening_hours"]
    return f"{escape(hours_in_words(hours, language))} · " if hours else ""


def _name(thing: dict[str, Any], language: str) -> str:
    """A name in a language, safe in HTML."""
    unit = thing.get("unit")
    name = (thing.get("name_en") if language == "en" else None) or thing.get("name") or ""
    number = "" if unit is None else (f"{unit}单元" if language == "zh" else f", unit {unit}")
    return escape(f"{name}{number}")
