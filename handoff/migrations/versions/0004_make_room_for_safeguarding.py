"""Make room for safeguarding"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "safeguarding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=24), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("held_by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True, comment="sealed: a lead's own words"),
        sa.Column("note_by", sa.String(length=64), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding")),
    )
    with op.batch_alter_table("safeguarding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_safeguarding_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_safeguarding_conversation"), ["conversation"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("safeguarding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safeguarding_conversation"))
        batch_op.drop_index(batch_op.f("ix_safeguarding_at"))

    op.drop_table("safeguarding")
