"""Benchmarks: `make bench`. Each measures a ratio or a rate in one run, and says with which command."""
