"""The SQL tables. Words rest in them sealed (`handoff.sealing`), people by pseudonym. Times are UTC seconds."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, Index, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"},
)

written = Table(
    "written",
    metadata,
    Column("id", String(64), primary_key=True, comment="SHA-256 of a parcel's id: what makes writing idempotent"),
    Column("at", Float, nullable=False),
)

seekers = Table(
    "seekers",
    metadata,
    Column("pseudonym", String(32), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("first_seen", Float, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pseudonym", String(32), nullable=False, index=True),
    Column("conversation", String(64), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("at", Float, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("pseudonym", String(32), nullable=False, index=True),
    Column("channel", String(32), nullable=False),
    Column("language", String(8), nullable=False),
    Column("country", String(2)),
    Column("opened_at", Float, nullable=False),
    Column("waiting_since", Float),
    Column("claimed_at", Float),
    Column("first_word_at", Float),
    Column("closed_at", Float),
    Column("supporter", String(64)),
    Column("tier", Integer, nullable=False),
    Column("domains", JSON, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("heaviness", Integer),
    Column("outcome", String(32)),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation", String(64), nullable=False, index=True),
    Column("rating", Integer),
    Column("mood_before", Integer),
    Column("mood_after", Integer),
    Column("words", LargeBinary, comment="sealed"),
    Column("at", Float, nullable=False),
)

ratings = Table(
    "ratings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation", String(64), nullable=False),
    Column("resource", String(80), nullable=False, index=True),
    Column("helped", Boolean, nullable=False),
    Column("at", Float, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pseudonym", String(32), nullable=False, index=True),
    Column("conversation", String(64), nullable=False),
    Column("words", LargeBinary, nullable=False, comment="sealed"),
    Column("at", Float, nullable=False),
)

transcripts = Table(
    "transcripts",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("pseudonym", String(32), nullable=False, index=True),
    Column("words", LargeBinary, nullable=False, comment="sealed JSON: the entries of the feed and of the margin"),
    Column("at", Float, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("id", String(32), primary_key=True, comment="128 random bits"),
    Column("conversation", String(64), nullable=False, index=True),
    Column("content", LargeBinary, nullable=False, comment="sealed"),
    Column("attachment", LargeBinary, nullable=False, comment="sealed JSON"),
    Column("kept_until", Float, nullable=False, index=True),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("what", String(16), nullable=False),
    Column("conversation", String(64), nullable=False, index=True),
    Column("pseudonym", String(32), nullable=False, index=True),
    Column("seq", Integer, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("tier", Integer, nullable=False),
    Column("language", String(8), nullable=False),
    Column("by", String(64), nullable=False),
    Column("consent", Boolean),
    Column("words", LargeBinary, comment="sealed JSON: the message and the turns before it"),
    Column("outcome", String(16)),
    Column("at", Float, nullable=False, index=True),
)

safeguarding = Table(
    "safeguarding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation", String(64), nullable=False, index=True),
    Column("why", String(24), nullable=False),
    Column("tier", Integer, nullable=False),
    Column("domain", String(40), nullable=False),
    Column("held_by", String(64)),
    Column("note", LargeBinary, comment="sealed: a lead's own words"),
    Column("note_by", String(64)),
    Column("at", Float, nullable=False, index=True),
)

reports = Table(
    "reports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation", String(64), nullable=False, index=True),
    Column("about", String(16), nullable=False),
    Column("by", String(64), nullable=False),
    Column("supporter", String(64)),
    Column("reason", String(24), nullable=False),
    Column("words", LargeBinary, comment="sealed: what the reporter wrote"),
    Column("note", LargeBinary, comment="sealed: a lead's own words"),
    Column("note_by", String(64)),
    Column("closed_at", Float),
    Column("closed_by", String(64)),
    Column("at", Float, nullable=False, index=True),
)

blocks = Table(
    "blocks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation", String(64)),
    Column("pseudonym", String(32), nullable=False, index=True),
    Column("by", String(64), nullable=False),
    Column("reason", String(24), nullable=False),
    Column("until", Float, nullable=False, index=True),
    Column("lifted_at", Float),
    Column("lifted_by", String(64)),
    Column("at", Float, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("actor", String(64), nullable=False, index=True),
    Column("action", String(40), nullable=False),
    Column("conversation", String(64), index=True),
    Column("detail", JSON, nullable=False),
    Column("at", Float, nullable=False),
    Index("ix_audit_at", "at"),
)
