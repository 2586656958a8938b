"""What a user can say about an import."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gridmap.errors import Fault, InvalidInput
from gridmap.geometry.datum import DATUMS, Datum
from gridmap.services.transfer.vocabulary import FIELDS, OSM_LAYERS

# (rows done, rows in all or None, what is going on)
Progress = Callable[[int, int | None, str], None]
_PLACE_KEY = re.compile(r"^[a-z][a-z0-9-]{0,39}$")
_TERRITORY_CODE = re.compile(r"^\d{12}$")
# A gap as wide as a lane is no slip of the pen any more.
_MOST_TOLERANCE_M = 10.0
_NETWORK_KEY = re.compile(r"^[a-z][a-z0-9-]{0,39}$")


@dataclass(frozen=True)
class ImportOptions:
    """What to import, where to, and what the user knows about the file.

    Parameters
    ----------
    layer
        Public name of a layer, or `osm` for all that an extract of OpenStreetMap has; None is
        `osm` for such an extract and an error for another file.
    place
        Key of the place that the features belong to; made when it is new. None gives each feature
        the place of the territory that contains it.
    place_name, time_zone
        Of a new place; `time_zone` is also that of times that name none.
    source_layer
        Name of the layer in a GeoPackage, or of the shapefile in an archive.
    mapped
        Column → property, `properties` (keep as it is) or `-` (drop).
    crs, datum
        What the coordinates are, where the file does not say it or says it wrongly.
    swap_axes
        The file has latitude (or northing) first.
    encoding
        Encoding of the texts of a shapefile or CSV.
    skip_bad
        Store the good rows although others are refused.
    again
        Import a file that was imported before.
    replace
        Delete what the layer has of the place first (grids: end the published plan).
    dry_run
        Do all of it, and store nothing.
    network
        For grids: key of the network.
    publish
        For grids: publish the plan from today on.
    name
        For grids: name of the plan.
    territory
        For grids: 12-digit code of the territory that they cut; made from their outline when the
        place has none of that code.
    tolerance_m
        For grids: gaps and overlaps up to this mean width, in metres, are settled and reported.
    leave
        For grids: store a draft although something cannot be decided; what is left is given to
        nobody, and listed.
    """

    layer: str | None = None
    place: str | None = None
    place_name: str | None = None
    time_zone: str | None = None
    source_layer: str | None = None
    mapped: Mapping[str, str] = field(default_factory=dict)
    crs: str | None = None
    datum: Datum | None = None
    swap_axes: bool = False
    encoding: str | None = None
    skip_bad: bool = False
    again: bool = False
    replace: bool = False
    dry_run: bool = False
    network: str = "governance"
    publish: bool = False
    name: str | None = None
    territory: str | None = None
    tolerance_m: float = 1.0
    leave: bool = False

    def check(self) -> None:
        """Refuse what cannot be meant, before the file is opened.

        Raises
        ------
        InvalidInput
        """
        layers = (*FIELDS, "osm")
        faults = []
        if self.layer is not None and self.layer not in layers:
            faults.append(Fault(f"choose one of {', '.join(layers)}", field="layer"))
        if self.place is not None and not _PLACE_KEY.match(self.place):
            faults.append(Fault("small letters, digits and hyphens, a letter first", field="place"))
        if not _NETWORK_KEY.match(self.network):
            faults.append(
                Fault("small letters, digits and hyphens, a letter first", field="network")
            )
        if self.datum is not None and self.datum not in DATUMS:
            faults.append(Fault(f"choose one of {', '.join(DATUMS)}", field="datum"))
        if self.time_zone is not None and _zone(self.time_zone) is None:
            faults.append(Fault("is no time zone such as Asia/Shanghai", field="time_zone"))
        if self.again and self.replace:
            faults.append(Fault("choose one of --again and --replace", field="replace"))
        if self.replace and self.place is None:
            faults.append(Fault("needs a place, whose rows are replaced", field="replace"))
        faults += self._faults_of_grids()
        if faults:
            listed = "; ".join(f"{fault.field}: {fault.reason}" for fault in faults)
            raise InvalidInput(f"The import cannot be done: {listed}", faults=tuple(faults))

    def _faults_of_grids(self) -> list[Fault]:
        faults = []
        is_grids = self.layer in {"grids", "micro-grids"}
        if self.publish and not is_grids:
            faults.append(Fault("is for grids and micro-grids", field="publish"))
        if self.leave and not is_grids:
            faults.append(Fault("is for grids and micro-grids", field="leave"))
        if self.leave and self.publish:
            reason = "makes a draft; publish it when nothing is left open"
            faults.append(Fault(reason, field="leave"))
        if is_grids and self.replace:
            reason = "is not for grids: a plan is a version; publish the new one instead"
            faults.append(Fault(reason, field="replace"))
        if self.territory is not None and not _TERRITORY_CODE.match(self.territory):
            faults.append(Fault("a code of 12 digits", field="territory"))
        if not 0 <= self.tolerance_m <= _MOST_TOLERANCE_M:
            faults.append(Fault(f"between 0 and {_MOST_TOLERANCE_M:.0f} m", field="tolerance"))
        return faults

    def layers_for(self, *, is_osm: bool) -> tuple[str, ...]:
        """Layers that the file is imported into.

        Raises
        ------
        InvalidInput
            No layer is named, or one that an extract does not have.
        """
        if is_osm:
            if self.layer in {None, "osm"}:
                return OSM_LAYERS
            if self.layer not in OSM_LAYERS:
                raise InvalidInput(
                    f"An extract of OpenStreetMap has nothing for {self.layer}",
                    hint=f"It has {', '.join(OSM_LAYERS)}; without --layer all of them.",
                )
        elif self.layer in {None, "osm"}:
            raise InvalidInput(
                "Say which layer the file is for"
                if self.layer is None
                else "The file is no extract of OpenStreetMap (.osm.pbf)",
                hint=f"--layer {' | '.join(FIELDS)}",
            )
        assert self.layer is not None
        return (self.layer,)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of a name that `check` or the database has accepted."""
    return _zone(name) or ZoneInfo("Asia/Shanghai")


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
