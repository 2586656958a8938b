"""Which atom an atom was cut from once.

Pieces of one root that one grid has again become one atom in the next edit beside them; without
this an old plan would be full of lines that separate nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("atom", sa.Column("root", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("atom", "root")
