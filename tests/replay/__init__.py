"""Thirty conversations, replayed through the whole running line for a clinician to read."""
