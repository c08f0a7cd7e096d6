"""Moves: what one event does in one phase. Which move serves which cell is in `handoff.core.transitions` alone."""
