"""How a backup or a restore fails: one sentence, and what to do."""


class BackupFailed(Exception):
    """Nothing was changed unless the message says so."""
