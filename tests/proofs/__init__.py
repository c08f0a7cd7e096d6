"""Proofs over real servers: every order of two or three clients, races, redeliveries, deadlines, failovers."""
