"""Answers that were given lately: the same question is not worked out twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Annotated, Any

from fastapi import Depends, Request

from gridmap.api.rendering import dump
from gridmap.errors import Conflict
from gridmap.services import hotspots
from gridmap.services.hotspots import Answer, Question
from gridmap.services.hotspots.question import matches, read_id
from gridmap.store.database import Engine

_MOST_ANSWERS = 24
_MOST_THINGS = 512  # tiles, scores and the like
_MOST_BYTES = 64_000_000


@dataclass
class _Shelf:
    """Things by key, the longest unused forgotten first."""

    most: int
    things: OrderedDict[Any, Any] = field(default_factory=OrderedDict)
    size: int = 0

    def find(self, key: Any) -> Any:
        if key in self.things:
            self.things.move_to_end(key)
        return self.things.get(key)

    def keep(self, key: Any, thing: Any) -> None:
        self.things[key] = thing
        self.size += _size(thing)
        while len(self.things) > self.most or self.size > _MOST_BYTES:
            self.size -= _size(self.things.popitem(last=False)[1])


def _size(thing: Any) -> int:
    return len(thing) if isinstance(thing, bytes) else 0


class Answers:
    """Answers by id, and what was made of them; requests for the same thing wait for one."""

    def __init__(self) -> None:
        self._answers = _Shelf(_MOST_ANSWERS)
        self._things = _Shelf(_MOST_THINGS)
        self._guard = Lock()
        self._locks: dict[Any, Lock] = {}

    def ask(self, engine: Engine, question: Question) -> Answer:
        """Answer a question over the data of now."""
        number = hotspots.ask(engine, question)
        found: Answer = self._once(
            self._answers, number, lambda: hotspots.answer_question(engine, question)
        )
        return found

    def find(self, engine: Engine, number: str) -> Answer:
        """Answer what an id asks.

        Raises
        ------
        Conflict
            The data have changed since.
        """
        verify(engine, number)
        found: Answer = self._once(
            self._answers, number, lambda: hotspots.answer_id(engine, number)
        )
        return found

    def body(self, answer: Answer) -> bytes:
        """The answer as JSON."""
        written: bytes = self.made((answer.id, "json"), lambda: dump(answer.document))
        return written

    def made(self, key: Any, make: Callable[[], Any]) -> Any:
        """Whatever is made of an answer; the key begins with the answer's id."""
        return self._once(self._things, key, make)

    def _once(self, shelf: _Shelf, key: Any, make: Callable[[], Any]) -> Any:
        with self._guard:
            found = shelf.find(key)
            if found is not None:
                return found
            lock = self._locks.setdefault(key, Lock())
        with lock:
            with self._guard:
                found = shelf.find(key)
            if found is None:
                try:
                    found = make()
                finally:
                    with self._guard:
                        self._locks.pop(key, None)
                with self._guard:
                    shelf.keep(key, found)
        return found


def verify(engine: Engine, number: str) -> Question:
    """The question of an id whose data are still those of now."""
    question, data = read_id(number)
    if not matches(data, hotspots.read_revisions(engine)):
        raise Conflict(
            "The data have changed since this was asked",
            hint="Ask again with POST /hotspots: the same question has another id now.",
        )
    return question


def get_answers(request: Request) -> Answers:
    """The answers that this process keeps."""
    kept: Answers = request.app.state.hotspots
    return kept


Kept = Annotated[Answers, Depends(get_answers)]
