"""What the coordinates of a file are, and how they become WGS 84.

Nothing is guessed: a file that does not name its reference system is refused until the user does.
Axes are longitude–latitude and easting–northing always, whatever order the authority defines
(EPSG:4490 is latitude first, EPSG:4513–4554 northing first).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.enums import TransformDirection
from pyproj.exceptions import CRSError, ProjError
from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

from gridmap.errors import InvalidInput
from gridmap.geometry.datum import Datum, from_wgs84, to_wgs84

_AUTHORITY = re.compile(r"^(EPSG|OGC|ESRI|IGNF):[A-Za-z0-9]+$", re.IGNORECASE)
# Equal to WGS 84 at the accuracy of a map: WGS 84 itself and CGCS2000, plane and with height.
_SAME = {4326, 4979, 4490, 4480}
_WEB_MERCATOR = 3857
_HINT = "Name it with --crs EPSG:…, or with --datum wgs84, cgcs2000, gcj02 or bd09 for degrees."


@dataclass(frozen=True)
class Reference:
    """What coordinates are taken for.

    Parameters
    ----------
    crs
        The reference system.
    datum
        What the user said about the datum, or None.
    said_by
        Who named it: the option, the file, or its format.
    swapped
        The file has y before x.
    """

    crs: pyproj.CRS
    datum: Datum | None
    said_by: str
    swapped: bool = False

    @property
    def name(self) -> str:
        """Short name for a report."""
        code = self.crs.to_authority()
        return ":".join(code) if code else self.crs.name

    @cached_property
    def is_degrees(self) -> bool:
        """Whether coordinates are longitude and latitude."""
        return bool(self.crs.is_geographic)

    @cached_property
    def _transformer(self) -> pyproj.Transformer | None:
        if self.crs.to_epsg() in _SAME or self.name == "OGC:CRS84":
            return None
        return pyproj.Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True)

    def as_read(self, geometries: Any) -> Any:
        """Geometries with x before y."""
        if not self.swapped:
            return geometries
        return shapely.transform(geometries, lambda xy: xy[:, ::-1])

    def to_degrees(self, geometries: Any) -> Any:
        """Longitude and latitude in the file's own datum; infinite where there are none."""
        transformer = self._transformer
        if transformer is None:
            return geometries

        def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            longitude, latitude = transformer.transform(xy[:, 0], xy[:, 1], errcheck=False)
            return np.column_stack((longitude, latitude))

        return shapely.transform(geometries, project)

    def to_wgs84(self, geometries: Any, datum: Datum | None = None) -> Any:
        """WGS 84 from longitude and latitude; `datum` tries another one than was said."""
        chosen = datum or self.datum
        if chosen not in {"gcj02", "bd09"}:
            return geometries
        return shapely.transform(geometries, lambda lonlat: to_wgs84(lonlat, chosen))

    def from_wgs84(self, place: tuple[float, float]) -> tuple[float, float]:
        """Coordinates as the file has them, of a place in WGS 84."""
        lonlat = np.array([place])
        if self.datum in {"gcj02", "bd09"}:
            lonlat = from_wgs84(lonlat, self.datum)
        if self._transformer is not None:
            x, y = self._transformer.transform(
                lonlat[:, 0], lonlat[:, 1], direction=TransformDirection.INVERSE
            )
            lonlat = np.column_stack((x, y))
        return (float(lonlat[0, 0]), float(lonlat[0, 1]))

    def as_dict(self) -> dict[str, Any]:
        """The form of a report."""
        return {"crs": self.name, "from": self.said_by, "datum": self.datum}


def resolve(
    of_file: str | None,
    *,
    format_: str,
    crs: str | None,
    datum: Datum | None,
    swapped: bool = False,
) -> Reference:
    """Find out what the coordinates of a file are.

    Parameters
    ----------
    of_file
        What the file says: a code, WKT or PROJJSON.
    format_
        Name of the format, for the message.
    crs
        What the user says, an authority's code.
    datum
        What the user says about the datum of degrees.
    swapped
        The file has y before x, the user says.

    Raises
    ------
    InvalidInput
        Neither says anything, the code does not exist, or the two contradict each other.
    """
    set_network_enabled(active=False)
    if crs is not None:
        reference = Reference(_named(crs), datum, "--crs", swapped)
    else:
        found = _of_file(of_file)
        if found is not None:
            reference = Reference(found, datum, "the file", swapped)
        elif datum is not None:
            code = "EPSG:4490" if datum == "cgcs2000" else "EPSG:4326"
            reference = Reference(pyproj.CRS(code), datum, "--datum", swapped)
        else:
            raise InvalidInput(
                f"The {format_} does not say what its coordinates are"
                + (" (no .prj)" if format_ == "Shapefile" else ""),
                hint=_HINT,
            )
    if datum in {"gcj02", "bd09"} and reference.crs.to_epsg() not in _SAME | {_WEB_MERCATOR, None}:
        raise InvalidInput(
            f"--datum {datum} and {reference.name} contradict each other",
            hint="GCJ-02 and BD-09 are degrees, or web mercator (EPSG:3857).",
        )
    return reference


def _named(code: str) -> pyproj.CRS:
    if not _AUTHORITY.match(code):
        raise InvalidInput(f"--crs {code!r} is no code such as EPSG:4549", hint=_HINT)
    try:
        return _horizontal(pyproj.CRS.from_user_input(code.upper()))
    except CRSError as error:
        raise InvalidInput(f"There is no reference system {code}", hint=_HINT) from error


def _of_file(said: str | None) -> pyproj.CRS | None:
    if not said:
        return None
    try:
        crs = pyproj.CRS.from_user_input(said)
    except (CRSError, ProjError):
        return None
    # GeoPackage has systems that say "unknown" (srs_id -1 and 0).
    if "undefined" in crs.name.casefold() or not (
        crs.is_geographic or crs.is_projected or crs.is_compound
    ):
        return None
    return _horizontal(crs)


def _horizontal(crs: pyproj.CRS) -> pyproj.CRS:
    """Only the plane part of a system with heights."""
    flat = crs.to_2d() if not crs.is_compound else crs.sub_crs_list[0]
    if not (flat.is_geographic or flat.is_projected):
        raise CRSError(f"{crs.name} is neither geographic nor projected")
    return flat
