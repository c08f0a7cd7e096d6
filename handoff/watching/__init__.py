"""Watching the service: what is measured and traced, and the one seam through which the rest tells it."""
