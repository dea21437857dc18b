"""Runs and comparisons as people read them: terminal, Markdown, HTML, JSON. Measures nothing."""
