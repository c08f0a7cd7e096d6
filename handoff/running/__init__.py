"""`make run`: everything a Warmline on one machine needs, started in order, watched, and stopped again."""
