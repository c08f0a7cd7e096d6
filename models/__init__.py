"""Numbers from words: the encoder, the risk screen, the search for resources. Knows nothing of the service."""
