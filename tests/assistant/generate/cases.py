"""Passages, hits and writers for the tests of the generative mode."""

import json
from dataclasses import replace

from assistant.generate.model import ChatModel, configured
from assistant.generate.writer import Writer
from assistant.types import Answer, Segment
from corpus.types import Hit, Scope
from tests.factories import make_document, make_passage

FUND = (
    "Ein Verfügungsfonds ist ein Budget für ein Stadterneuerungsgebiet. Regelaufgaben der Stadt "
    "gehören nicht in einen Verfügungsfonds. Der Verfügungsfonds war mit 5 € je Einwohner und Jahr "
    "bemessen."
)
PLACE = (
    "Die Werkstatt fand am 5. September 2017 in Bochum statt. Veranstaltungsort war ein Haus in "
    "der Halbachstraße."
)
TRUE = "Regelaufgaben der Stadt gehören nicht in einen Verfügungsfonds."
DOCUMENTS = {id: make_document(id) for id in ("fonds", "ort")}
HITS = (
    Hit(make_passage(FUND, "fonds", section=("Verfügungsfonds",)), 1.0, 1),
    Hit(make_passage(PLACE, "ort", section=("Eckdaten",)), 0.5, 2),
)
EXTRACTIVE = Answer(
    status="answered",
    question="Was gehört nicht in einen Verfügungsfonds?",
    query="Was gehört nicht in einen Verfügungsfonds?",
    scope=Scope(),
    segments=(Segment(TRUE, ("z1",), "verbatim"),),
)


def code_of(passages, word):
    """Return the code of the passage that has a word."""
    return next(code for code, text in passages.items() if word in text)


def claim(text, code, quote):
    """Return one claim as a model writes it."""
    return {"text": text, "code": code, "quote": quote}


def claims(*items, reason=""):
    """Return a whole reply."""
    return json.dumps({"claims": list(items), "reason": reason}, ensure_ascii=False)


def good(passages):
    """Reply with two true sentences, each with its code and quote."""
    fund, place = code_of(passages, "Verfügungsfonds"), code_of(passages, "Bochum")
    return claims(
        claim(TRUE, fund, "Regelaufgaben der Stadt gehören nicht in einen"),
        claim("Die Werkstatt war am 5.9.2017 in Bochum.", place, "am 5. September 2017 in Bochum"),
    )


def make_writer(script, kind="openai", unproven="drop", **bounds):
    """Return a writer that asks a scripted server; waits are short unless given."""
    context = bounds.pop("context", 4096)
    settings = configured(f"{kind}:modell", script.url, "geheimer-schluessel", context)
    changed = {"timeout_s": 5.0, "first_token_s": 3.0, **bounds}
    return Writer(ChatModel(replace(settings, **changed)), unproven)


def write(script, kind="openai", unproven="drop", hits=HITS, **bounds):
    """Answer the extractive answer's question by a scripted server."""
    return make_writer(script, kind, unproven, **bounds).write(EXTRACTIVE, hits, DOCUMENTS)


def shown(answer):
    """Return the texts of an answer's segments."""
    return [segment.text for segment in answer.segments]
