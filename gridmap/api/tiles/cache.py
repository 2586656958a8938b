"""What is kept of drawn tiles, within a number of bytes; the longest unused goes first."""

from __future__ import annotations

from collections import OrderedDict

from gridmap.api.tiles.packing import Packed

Key = tuple[str, str]  # name of the layer; the tile's address and filters as they are written


class Cache:
    """One entry for each layer of a tile, whatever its revision: a newer one takes its place.

    An entry is never made invalid; whoever finds one compares its version with the current one.
    """

    def __init__(self, capacity_bytes: int) -> None:
        self._capacity = capacity_bytes
        self._kept: OrderedDict[Key, Packed] = OrderedDict()
        self.size_bytes = 0
        self.evicted = 0

    def __len__(self) -> int:
        """How many layers of tiles are kept."""
        return len(self._kept)

    def find(self, key: Key) -> Packed | None:
        """Find what is kept, and note its use."""
        packed = self._kept.get(key)
        if packed is not None:
            self._kept.move_to_end(key)
        return packed

    def keep(self, key: Key, packed: Packed) -> None:
        """Keep one layer of a tile."""
        before = self._kept.pop(key, None)
        if before is not None:
            self.size_bytes -= before.cost
        if packed.cost > self._capacity:
            return
        self._kept[key] = packed
        self.size_bytes += packed.cost
        while self.size_bytes > self._capacity:
            _, dropped = self._kept.popitem(last=False)
            self.size_bytes -= dropped.cost
            self.evicted += 1
