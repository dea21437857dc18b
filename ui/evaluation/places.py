"""Names of the folders and files of runs. Imports nothing, so that a command can start quickly."""

EVALUATIONS = "evaluations"
"""Folder of all runs within the data folder."""
LOOKS = "looks.jsonl"
"""Beside the golden set and under version control, so that everybody sees each look."""
RUN = "run.json"
REPORT = "bericht.html"
SUMMARY = "bericht.md"
COMPARISON = "vergleich.html"
COMPARISON_SUMMARY = "vergleich.md"


def folder_name(started: str, split: str) -> str:
    """Name a run's folder after moment (ISO 8601, UTC) and split.

    Colons aren't allowed everywhere.
    """
    return f"{started.partition('+')[0].replace(':', '')}-{split}"
