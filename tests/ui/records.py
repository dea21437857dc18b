"""Records for tests."""

from datetime import datetime, timedelta, timezone

from tests.ui.answers import make_answer
from ui.records import Record

ASKED = datetime(2026, 11, 23, 9, 7, tzinfo=timezone(timedelta(hours=1)))
ID = "0123456789abcdef" * 2


def make_record(answer=None, **fields):
    """Return a record of 23 November 2026, 9:07, one hour ahead of UTC."""
    given = {
        "id": ID,
        "asked": ASKED,
        "answer": answer or make_answer("Die Werkstatt fand in Bochum statt.", generation="g-7"),
        "embedder": "default_embedder (21ea4c5a)",
    }
    return Record(**{**given, **fields})
