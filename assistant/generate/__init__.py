"""Passages -> written, checked sentences: the only room that knows chat models."""
