"""Backups of a line: what is written, what is checked before it is put back, and who must not come back with it."""
