"""The rule part of the crisis screen: text in, matched places out. What they mean is decided elsewhere."""
