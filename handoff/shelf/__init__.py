"""The shelf: voice notes, pictures and documents, cleaned of what they tell about their makers, sealed, expiring."""

from handoff.shelf.sql import SqlShelf

__all__ = ["SqlShelf"]
