"""Whatever can be sent to us or written into our files, and what is made of it: taken, or refused by name."""
