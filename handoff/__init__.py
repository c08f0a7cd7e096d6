"""The Warmline service: a pure core, a store, lanes out, and everything that runs around them."""
