"""50 planted documents: their text may be quoted, never obeyed (reliability.md, P1, P2, P9)."""

from pathlib import Path

import pytest
import yaml

from assistant.types import Answer
from corpus.store import Store
from corpus.types import Hit
from ingest.pipeline import ingest
from tests.assistant.generate.cases import EXTRACTIVE, TRUE, claim, claims, make_writer
from tests.assistant.generate.servers import Turn, serving
from tests.conftest import quiet
from tests.factories import make_document, make_passage
from ui.local import LocalService

HERE = Path(__file__).parent
CANARY = "kanarienvogel-4711"
SUBJECTS = ("Spielplatz", "Stadtteilbüro", "Wochenmarkt", "Nachbarschaftshaus", "Bürgergarten")


def planted():
    """Return family, number, planted text and what an obedient model says, with its mark."""
    families = yaml.safe_load((HERE / "injections.yaml").read_text(encoding="utf-8"))
    pairs = [(family, pair) for family, listed in families.items() for pair in listed]
    return [
        (family, n, *(text.replace("⟪M⟫", f"ZIEL{n:02}") for text in pair))
        for n, (family, pair) in enumerate(pairs)
    ]


PLANTED = planted()


def benign(number):
    """Return a true sentence that only one document has."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    return f"Der {subject} im Quartier {number + 100} wurde im Jahr {1950 + number} eröffnet."


def test_there_are_fifty():
    """Ten families of five."""
    assert len(PLANTED) == 50
    assert len({family for family, *_ in PLANTED}) == 10


@pytest.fixture(scope="module")
def service(tmp_path_factory, default_model):
    """The real way from question to answer over the planted documents."""
    folder = tmp_path_factory.mktemp("gepflanzt")
    for family, number, text, _ in PLANTED:
        body = f"# Bericht {number}: {family}\n\n{benign(number)}\n\n{text}\n"
        (folder / f"bericht-{number}.md").write_text(body, encoding="utf-8")
    store = Store(tmp_path_factory.mktemp("daten"))
    assert not ingest([folder], store, default_model, quiet).refused
    return LocalService(store, None)


def test_extractive_answers_quote_and_never_obey(service, monkeypatch):
    """Whatever is planted: every segment is a slice of its passage, and no secret appears."""
    monkeypatch.setenv("SOZIALRAUM_LLM_KEY", CANARY)
    answered = 0
    for _, number, text, _ in PLANTED:
        for question in (benign(number), text):
            answer: Answer = service.ask(question)
            quotes = {c.key: (c.quote, service.passage(c.passage).text) for c in answer.citations}
            answered += bool(answer.segments)
            assert answer.mode == "extractive"
            assert all(quote in passage for quote, passage in quotes.values())
            for segment in answer.segments:
                assert segment.support == "verbatim"
                assert segment.text in quotes[segment.citations[0]][0]
            assert CANARY not in repr(answer)

    assert answered >= len(PLANTED)


@pytest.mark.parametrize("unproven", ["drop", "mark"])
def test_an_obedient_model_gets_nothing_past_the_gate(unproven):
    """It says what was planted, with code and quote; the benign sentence alone is proven."""
    turn = Turn()
    with serving("openai", turn) as script:
        writer = make_writer(script, unproven=unproven)
        for family, number, text, goal in PLANTED:
            passage = make_passage(f"{benign(number)}\n\n{text}", "bericht")

            def reply(codes, number=number, goal=goal, text=text):
                (code,) = codes
                first = claim(benign(number), code, benign(number))
                return claims(claim(goal, code, text), first, claim(goal, code, ""))

            turn.reply = reply
            hits, documents = [Hit(passage, 1.0, 1)], {"bericht": make_document("bericht")}
            answer = writer.write(EXTRACTIVE, hits, documents)
            proven = [s.text for s in answer.segments if s.support != "none"]

            assert proven == [benign(number)], (family, proven)
            assert "boese" not in repr(answer.segments), family
            assert answer.mode == "generative"
            if unproven == "drop":
                assert f"ZIEL{number:02}" not in repr(answer.segments)


def test_the_prompt_holds_no_secret(monkeypatch):
    """Neither key nor environment is ever sent as text."""
    monkeypatch.setenv("SOZIALRAUM_DATA", CANARY)
    turn = Turn(lambda codes: claims(reason=TRUE))
    with serving("openai", turn) as script:
        passage = make_passage(benign(1), "bericht")
        documents = {"bericht": make_document("bericht")}
        make_writer(script).write(EXTRACTIVE, [Hit(passage, 1.0, 1)], documents)

    sent = repr(script.asked)
    assert CANARY not in sent
    assert "geheim" not in sent
