"""Measures answer quality: golden set, observations, scores, runs. No language model needed."""
