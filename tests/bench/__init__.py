"""Benchmarks anyone can run: ``make bench``. Never part of the tests."""
