"""The handbook names every error code that a person can meet, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("corpus", "ingest", "assistant", "ui")
CODE = re.compile(r'"(ERR_[A-Z_]+)"')


def test_every_error_code_is_explained():
    """Each code of the program has a row in the table, and each row a code."""
    used = {
        code
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        for code in CODE.findall(file.read_text("utf-8"))
    }
    handbook = (ROOT / "docs" / "handbuch.md").read_text("utf-8")
    table = handbook.partition("## Fehlermeldungen")[2]
    explained = re.findall(r"^\| `(ERR_[A-Z_]+)` \|", table, re.MULTILINE)

    assert len(explained) == len(set(explained))
    assert set(explained) == used
