"""Documents with known ground truth, and how much of it was found."""

import json
import re
from functools import cache
from pathlib import Path

from ingest.loaders.pdf import load_pdf
from ingest.sentences import split

TESTDOCS = Path(__file__).parents[1] / "testdocs"
RUNNING_TEXT = ("p", "li", "box", "footnote")
LAYOUTS = {
    "w1_einspaltig": "w1_einspaltig",
    "w2_zweispaltig": "w2_zweispaltig",
    "w3_dreispaltig_quer": "w3_dreispaltig_quer",
    "w4_fliessend_zweispaltig": "w4_fliessend_zweispaltig",
}
ADVERSARIAL = {"w2z_zeilenweise": "w2_zweispaltig", "w2s_gemischt": "w2_zweispaltig"}
ALL = {**LAYOUTS, **ADVERSARIAL}


@cache
def loaded(name):
    """Return a test document, read once."""
    return load_pdf(TESTDOCS / f"{name}.pdf")


@cache
def truth(name):
    """Return the blocks of a ground truth."""
    return json.loads((TESTDOCS / f"{name}.truth.json").read_text(encoding="utf-8"))["blocks"]


def plain(text):
    """Return text with every white space as one blank."""
    return re.sub(r"\s+", " ", text)


def sentences(blocks):
    """Return (sentence, block of the truth) for all running text."""
    return [
        (plain(block["text"][span.start : span.end]), block)
        for block in blocks
        if block["type"] in RUNNING_TEXT
        for span in split(block["text"])
    ]


def found_in(blocks, sentence):
    """Return (block, offset) of a sentence found verbatim within one block, else None."""
    for block in blocks:
        at = plain(block.text).find(sentence)
        if at >= 0:
            return block, at
    return None
