"""Which of a file's layers is meant, where it has several."""

from __future__ import annotations

from collections.abc import Collection

from gridmap.errors import InvalidInput, UnreadableFile

# Names of feature tables that mean a layer.
_MEANS = {
    "streets": {"streets", "street", "roads", "road", "highways", "道路"},
    "buildings": {"buildings", "building", "楼栋", "建筑"},
    "water": {"water", "waters", "waterways", "水系"},
    "land-use": {"landuse", "land_use", "land-use", "用地"},
    "resource-points": {"pois", "poi", "points_of_interest", "resource_points", "resource-points"},
    "territories": {"territories", "territory", "counties", "communities", "辖区"},
    "grids": {"grids", "grid", "网格"},
    "micro-grids": {"micro-grids", "micro_grids", "microgrids", "微网格"},
    "incidents": {"incidents", "incident", "events", "事件"},
}


def choose_layer(names: Collection[str], layer: str, wanted: str | None, notes: list[str]) -> str:
    """Choose a layer of a file.

    Parameters
    ----------
    names
        Layers of the file that have geometries.
    layer
        Public name of gridmap's layer that the features are for.
    wanted
        What the user said.
    notes
        Is told when a name decided.

    Raises
    ------
    UnreadableFile
        There is none.
    InvalidInput
        Not the one that the user said, or several to choose from.
    """
    if not names:
        raise UnreadableFile("The file is broken, or it has no layer with geometries")
    if wanted is not None:
        if wanted not in names:
            raise InvalidInput(
                f"The file has no layer {wanted!r}", hint=f"It has {', '.join(names)}."
            )
        return wanted
    if len(names) == 1:
        return next(iter(names))
    meant = [name for name in names if name.casefold() in _MEANS.get(layer, {layer})]
    if len(meant) == 1:
        notes.append(f"Of the layers {', '.join(names)} the one called {meant[0]} was read")
        return meant[0]
    raise InvalidInput(
        f"The file has several layers: {', '.join(names)}",
        hint="Say which one with --source-layer NAME.",
    )
