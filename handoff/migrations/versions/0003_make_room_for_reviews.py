"""Make room for reviews"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True, comment="sealed JSON: the message and the turns before it"),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reviews_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reviews_conversation"), ["conversation"], unique=False)
        batch_op.create_index(batch_op.f("ix_reviews_pseudonym"), ["pseudonym"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_pseudonym"))
        batch_op.drop_index(batch_op.f("ix_reviews_conversation"))
        batch_op.drop_index(batch_op.f("ix_reviews_at"))

    op.drop_table("reviews")
