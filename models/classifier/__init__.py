"""The classifier of the screen: a small sentence encoder, tuned on our own corpus, with a head per axis."""
