"""One place from its seed to its folder of files."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

import numpy as np

from gridmap.demo.addresses import name_buildings, name_quarters
from gridmap.demo.cutting import CUT
from gridmap.demo.cutting.territories import Territories, settle_territories
from gridmap.demo.duties import APPOINT
from gridmap.demo.grounds import furnish
from gridmap.demo.incidents import Cluster, Incident, make_year
from gridmap.demo.networks import Network
from gridmap.demo.people import Building, keep_units, occupy, settle
from gridmap.demo.places import PLACES, Place
from gridmap.demo.plans import Fabric, weave
from gridmap.demo.points import POINTS
from gridmap.demo.resources import ResourcePoint, settle_resources
from gridmap.demo.site import Site
from gridmap.demo.staffing import Roster
from gridmap.demo.town import Town, grow
from gridmap.demo.years import YEARS, plant


@dataclass
class Made:
    """A whole place in memory, in metres."""

    place: Place
    town: Town
    buildings: list[Building]
    fabric: Fabric
    territories: Territories
    networks: list[Network]
    points: list[ResourcePoint]
    roster: Roster
    clusters: list[Cluster]
    incidents: list[Incident]


def make(key: str) -> Made:
    """Make one place from its seed; the same bytes each time."""
    place = PLACES[key]
    site: Site = importlib.import_module(f"gridmap.demo.sites.{key}").SITE
    # Each subject has a random stream of its own: a change in one leaves the others as they are.
    streams = [np.random.default_rng(seed) for seed in np.random.SeedSequence(place.seed).spawn(6)]
    town = grow(site, streams[0])
    furnish(town, site, streams[0])
    name_quarters(site, town.blocks)
    buildings = settle(town.blocks, households_a_house=place.house_households)
    if place.units is not None:
        keep_units(buildings, place.units, streams[1])
    occupy(
        buildings,
        streams[1],
        households=place.households,
        residents_a_household=place.residents_a_household,
        residents=place.residents,
    )
    name_buildings(town, buildings, place.code)
    fabric = weave(town, buildings, households_an_atom=place.households_an_atom)
    territories = settle_territories(place, town, fabric, town.centre, site.scale)
    wards = _wards(place, buildings, territories)
    points = settle_resources(town, buildings, POINTS[key], wards, place.code, streams[3])
    networks = CUT[key](place, town, fabric, territories, points, streams[2])
    roster = Roster(buildings, place.code, streams[4])
    APPOINT[key](town, buildings, networks, points, roster, streams[4])
    year, plants = YEARS[key]
    clusters = plant(town, plants)
    incidents = make_year(town, buildings, year, clusters, place.code[:6], streams[5])
    return Made(
        place, town, buildings, fabric, territories, networks, points, roster, clusters, incidents
    )


def _wards(
    place: Place, buildings: list[Building], territories: Territories
) -> dict[str, frozenset[int]]:
    """The buildings of each community or village, by its name."""
    owner = [int(territories.of_atom[building.atom]) for building in buildings]
    return {
        child.name.zh: frozenset(i for i, o in enumerate(owner) if o == number)
        for number, child in enumerate(place.children)
    }
