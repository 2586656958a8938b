"""Opening hours as OpenStreetMap writes them ("Mo-Fr 08:30-12:00,14:30-18:00"), in words."""

from __future__ import annotations

import re

_DAYS = {
    "Mo": ("周一", "Mon"),
    "Tu": ("周二", "Tue"),
    "We": ("周三", "Wed"),
    "Th": ("周四", "Thu"),
    "Fr": ("周五", "Fri"),
    "Sa": ("周六", "Sat"),
    "Su": ("周日", "Sun"),
    "PH": ("节假日", "holidays"),
}
_SPAN = r"\d{1,2}:\d{2}-\d{1,2}:\d{2}"
_RULE = re.compile(rf"(?:([A-Za-z]{{2}}(?:[-,][A-Za-z]{{2}})*) )?({_SPAN}(?:,{_SPAN})*|off)")


def hours_in_words(text: str, language: str) -> str:
    """Say opening hours in "zh" or "en"; what is written in another way stays as it is.

    >>> hours_in_words("Mo-Fr 08:30-12:00,14:30-18:00; Su off", "en")
    'Mon–Fri 08:30–12:00, 14:30–18:00; Sun closed'
    """
    is_chinese = language == "zh"
    if text.strip() == "24/7":
        return "全天开放" if is_chinese else "Always open"
    rules = [_RULE.fullmatch(rule.strip()) for rule in text.split(";")]
    found = [rule for rule in rules if rule is not None]
    if len(found) < len(rules):
        return text
    return ("；" if is_chinese else "; ").join(
        f"{_days(rule[1], is_chinese=is_chinese)} {_times(rule[2], is_chinese=is_chinese)}"
        for rule in found
    )


def _days(days: str | None, *, is_chinese: bool) -> str:
    if days is None or days == "Mo-Su":
        return "每天" if is_chinese else "Daily"
    spans = [
        ("至" if is_chinese else "–").join(
            _DAYS.get(day, (day, day))[0 if is_chinese else 1] for day in span.split("-")
        )
        for span in days.split(",")
    ]
    return ("、" if is_chinese else ", ").join(spans)


def _times(times: str, *, is_chinese: bool) -> str:
    if times == "off":
        return "不开放" if is_chinese else "closed"
    return times.replace("-", "–").replace(",", "、" if is_chinese else ", ")
