"""Pure algorithms on arrays: partition, staffing, codes, hotspots."""
