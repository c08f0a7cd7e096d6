"""The state of one line: a store on Redis, and its twin in memory. Both keep the contract of `handoff.ports.Store`."""
