"""A line that exists on paper: who comes, who is there, and how long people wait. No running line is touched."""
