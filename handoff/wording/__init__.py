"""Every sentence we say, per language, and hotlines and resources as reviewed files, and their readers."""
