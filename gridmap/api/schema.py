"""`python -m gridmap.api.schema`: the OpenAPI document on standard output, without a database.

The types of the page's client are generated from it, and a check fails when they are stale.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from gridmap.api.app import create_app
from gridmap.api.openapi import describe
from gridmap.settings import Settings


def main() -> None:
    """Write the document."""
    app = create_app(Settings(data_dir=Path()), "postgresql:///")
    json.dump(describe(app), sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
