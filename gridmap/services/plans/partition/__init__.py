"""Cut a draft's grids anew: alternatives side by side, one of them accepted as one edit.

The draft's atoms, its buildings and its streets come from the store; blocks with too many
households are cut between their buildings, never through one. `propose` finds the alternatives,
`accept` stores one, and `Jobs` runs the search beside the requests of a service.
"""

from gridmap.services.plans.partition.accepting import accept
from gridmap.services.plans.partition.jobs import Job, Jobs
from gridmap.services.plans.partition.proposing import Alternative, Proposal, Wanted, propose

__all__ = ["Alternative", "Job", "Jobs", "Proposal", "Wanted", "accept", "propose"]
