"""Land that is given to nobody yet, and who has settled a comment.

A draft that is made from blocks, or from an import that left something open, has one grid of the
kind `unassigned` for each parent: its atoms belong to somebody, as every link wants it, and no plan
is published while it has any.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f("ck_grid_kind"), "grid")
    op.create_check_constraint(
        op.f("ck_grid_kind"), "grid", "kind IN ('comprehensive', 'special', 'unassigned')"
    )
    op.add_column("plan_comment", sa.Column("resolved_by", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("plan_comment", "resolved_by")
    op.drop_constraint(op.f("ck_grid_kind"), "grid")
    op.create_check_constraint(op.f("ck_grid_kind"), "grid", "kind IN ('comprehensive', 'special')")
