"""The chaos suite: a whole line of people who talk, parts that die, and a ledger that compares."""
