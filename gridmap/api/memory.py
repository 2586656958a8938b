"""What a process remembers of answers that cost something: the newest few thousand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

_MOST = 4000


class Memory:
    """Values by key, the least used forgotten first; a key names the version of what it is about.

    Nothing is ever made invalid: another version is another key.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Any] = OrderedDict()

    async def recall(self, key: Hashable, make: Callable[[], Awaitable[Any]]) -> Any:
        """Give the value of a key, made when it is not remembered."""
        if key in self._values:
            self._values.move_to_end(key)
            return self._values[key]
        value = await make()
        self._values[key] = value
        while len(self._values) > self._most:
            self._values.popitem(last=False)
        return value
