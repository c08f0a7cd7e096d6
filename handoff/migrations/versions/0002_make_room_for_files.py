"""Make room for files"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.String(length=32), nullable=False, comment="128 random bits"),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column("attachment", sa.LargeBinary(), nullable=False, comment="sealed JSON"),
        sa.Column("kept_until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_files_conversation"), ["conversation"], unique=False)
        batch_op.create_index(batch_op.f("ix_files_kept_until"), ["kept_until"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_files_kept_until"))
        batch_op.drop_index(batch_op.f("ix_files_conversation"))

    op.drop_table("files")
