"""Benchmarks anyone can run: ``make bench``, and each module by name. Never part of the tests."""
