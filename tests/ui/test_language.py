"""The readers' pages in English: all of ours is translated, nothing of the collection changes."""

import ast
import json
import re
from pathlib import Path

import pytest
import yaml
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.evaluation.golden_files import load_golden
from assistant.types import Refusal
from corpus.store import Store
from tests.ui import english
from tests.ui.answers import make_answer, make_citation, make_passage, make_source
from tests.ui.english import Heard, left_german
from tests.ui.pages import assert_safe
from tests.ui.payloads import PAYLOADS
from tests.ui.test_markup import seen
from ui import markup
from ui.language import CATALOGUE, COOKIE, pieces, speaking, translated
from ui.local import LocalService
from ui.markup import foreign, lines, tag
from ui.web.answer import panel
from ui.web.answer.render import Exchange, conversation
from ui.web.ask import conversation as talk
from ui.web.first_page import prepare
from ui.web.language_routes import add_language_route

ROOT = Path(__file__).parents[2]
SAID = yaml.safe_load(CATALOGUE.read_text("utf-8"))
# Said by the service of the tests alone; so it stays German, and is marked.
ASKED = (
    "Worin unterscheiden sich die Werkstätten in Bochum und Dortmund?",
    "Was sagen Werkstatt 3 und Werkstatt 7 zur Polizei?",
    "In welchen Werkstätten ging es um Sicherheit?",
    "In welchen Werkstätten ging es um Eisdielen?",
    "Unterschied zwischen Wille und Wunsch",
    "Welche Werkstatt war das?",
    "IHK",
)
OF_THE_STAND_IN = (
    "Es gibt noch keine Sammlung.",
    "Sie enthält Texte zur Arbeit in Stadtteilen.",
    "Die Frage enthält nichts, wonach sich suchen lässt.",
)


@pytest.fixture
def spoken_english():
    """All that is rendered meanwhile is English."""
    with speaking("en"):
        yield


@pytest.fixture
def untranslated(monkeypatch):
    """Collects the phrases of ours that have no English."""
    found = []

    def watched(text):
        told = pieces(text)
        found.extend(piece.text for piece in told if piece.kind == "left")
        return told

    monkeypatch.setattr(markup, "pieces", watched)
    monkeypatch.setattr(markup, "translated", lambda text: "".join(p.text for p in watched(text)))
    return found


# -- all of it is English ------------------------------------------------------------------


def test_every_state_of_the_readers_pages_is_english(spoken_english, untranslated):
    """Each phrase has its English, and what sounds German is marked as German."""
    faults, states = [], 0
    for name, page in english.pages():
        states += 1
        faults += [(name, text) for text in (*untranslated, *left_german(page))]
        untranslated.clear()

    assert [fault for fault in faults if fault[1] not in OF_THE_STAND_IN] == []
    assert states > 100


def test_a_new_german_phrase_is_found(spoken_english, untranslated):
    """The watch above isn't blind: neither to text nor to what is said of an image."""
    tag("p", "Ein neuer Satz, den niemand übersetzt hat.")
    tag("img", alt="Noch ein Satz")

    assert untranslated == ["Ein neuer Satz, den niemand übersetzt hat.", "Noch ein Satz"]
    assert left_german("<p>Der Satz ist neu.</p><p lang='de'>Der ist es nicht.</p>") == [
        "Der Satz ist neu."
    ]


def test_every_answer_of_the_product_is_told_in_english(starter, spoken_english, untranslated):
    """What the assistant itself says of its answers: to all questions of the golden set's dev."""
    service = LocalService(Store(starter), None)
    golden = load_golden(ROOT / "tests" / "golden")
    questions = [item.question for item in golden.items if item.split == "dev"]
    for question in (*questions, *ASKED):
        answer = service.ask(question)
        shown = Exchange(question, answer)
        conversation((shown,), rateable=True)
        talk.announcement(shown)

    assert untranslated == []
    assert len(questions) > 200


@pytest.mark.parametrize("part", ["label", "placeholder", "value"])
def test_gradios_own_parts_are_english(part):
    """What its parts show is translated in the page it begins with; their markup stays."""
    component = {"type": "textbox", "props": {part: "Ihre Frage"}}
    told = {"type": "html", "props": {"value": '<p class="lead">Ihre Frage</p>'}}
    config = json.dumps({"components": [component, told]})
    page = f"<html lang='x'><head></head><body><script>window.gradio_config = {config};</script>"

    read = prepare(page, "nonce", "en")
    config, _ = json.JSONDecoder().raw_decode(read.partition("window.gradio_config = ")[2])

    assert config["components"][0]["props"][part] == "Your question"
    assert config["components"][1]["props"]["value"] == '<p class="lead">Your question</p>'
    assert "Ihre Frage" in prepare(page, "nonce")


# -- the catalogue -------------------------------------------------------------------------

GAP = re.compile(r"\{[#~„]?\}")


def test_an_english_phrase_fills_every_gap_of_its_german_one():
    """None is lost, and none is made up."""
    for german, told in SAID["phrases"].items():
        filled = re.findall(r"\{(\d?)\}", told)
        numbers = [int(at) if at else place for place, at in enumerate(filled, 1)]
        assert sorted(numbers) == [*range(1, len(GAP.findall(german)) + 1)], german


def test_the_catalogue_holds_nothing_that_is_no_longer_said():
    """Each sentence stands in the program, in at most three pieces but for what its gaps take in.

    Three: "Antwort mit" + "einer Quelle" + "liegt vor".
    """
    said = "\n".join(_literals()).replace("\u00a0", " ")
    unsaid = [
        german
        for german in SAID["phrases"]
        for words in GAP.split(german)
        for sentence in re.split(r"(?<=[.!?]) ", words)
        if _runs(sentence, said) > 3
    ]

    assert unsaid == []
    assert _runs("Das hat noch nie jemand von uns so gesagt.", said) > 3


def _runs(sentence, said):
    """Count the pieces, as long as can be, that a sentence of the program is put together of."""
    words, runs = sentence.strip(" .,:;()–%“„").split(), 0
    while words:
        fitting = (n for n in range(len(words), 0, -1) if " ".join(words[:n]) in said)
        words, runs = words[next(fitting, 1) :], runs + 1
    return runs


def _literals():
    folders = ("ui", "assistant", "corpus")
    for path in (path for name in folders for path in (ROOT / name).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        yield from (
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
    yield (ROOT / "corpus" / "themes.yaml").read_text("utf-8")


def test_what_the_scripts_say_is_in_the_catalogue():
    """Each phrase that a script of the readers' pages shows has its English, and no other."""
    scripts = "".join(path.read_text("utf-8") for path in (ROOT / "ui" / "web").rglob("*.js"))
    scripts = re.sub(r'"\s*\+\s*"', "", scripts)
    shown = re.findall(r'"([^"\n]*[a-zäöü]{3}[^"\n]*)"', scripts)

    assert {*SAID["scripts"]} <= {*shown}
    for call in re.findall(r"inOurWords\(([^;]*?)\);?\n", scripts):
        assert {*re.findall(r'"([^"]+)"', call)} <= {*SAID["scripts"]}, call


@pytest.mark.parametrize(
    ("german", "told"),
    [
        ("5. September 2017", "5 September 2017"),
        ("17 Unterlagen", "17 documents"),
        ("1.234 Textstellen", "1,234 passages"),
        ("Werkstätten 4 bis 10", "Workshops 4 to 10"),
        ("Das steht in keinem Katalog.", "Das steht in keinem Katalog."),
        ("Nicht belegt ist: „Mars“.", "Not found in them: “Mars”."),
        ("Nicht belegt ist: „Mars“, „2026“.", "Not found in them: “Mars”, “2026”."),
        ("", ""),
        ("[1]", "[1]"),
    ],
)
def test_numbers_and_dates_are_written_the_english_way(spoken_english, german, told):
    """What isn't known stays as it is."""
    assert translated(german) == told


# -- nothing of the collection changes -----------------------------------------------------

# Words that are phrases of ours, too: as text of the collection they must not be translated.
ALIKE = ("Fragen", "Unterlagen", "Seite 5", "Ihre Frage", "5. September 2017", "Gesundheit")


def answered(words):
    """Return an answer in which all that comes from a document or a person says ``words``."""
    citation = make_citation(
        title=words, workshop_title=words, section=(words,), quote=words, origin=words
    )
    return make_answer(
        words,
        question=words,
        query=f"{words}!",
        terms=((words, words),),
        suggestions=(f"{words}?",),
        citations=(citation,),
    )


@pytest.mark.parametrize("words", ALIKE)
def test_what_documents_and_people_say_stays_german(spoken_english, words):
    """A text that a phrase of ours resembles stands there as it is, and is marked German."""
    citation = answered(words).citations[0]
    shown = conversation((Exchange(words, answered(words)),))
    opened = panel.source(make_source(citation, passage=make_passage(f"{words} und mehr")))

    for page, least in ((shown, 9), (opened, 3)):
        heard = Heard(page).said
        assert sum(words in text for text in heard["de"]) >= least
        assert not [text for text in heard["en"] if words in text]


def test_every_quote_is_the_same_in_both_languages():
    """Sentences and quotes of all kinds of answers: byte for byte, in the same order."""
    compared = 0
    for _, answer in english.answers():
        shown = {}
        for language in ("de", "en"):
            with speaking(language):
                heard = Heard(conversation((Exchange("?", answer),)), language)
            shown[language] = "".join(heard.said["de"])
        for words in (*(s.text for s in answer.segments), *(c.quote for c in answer.citations)):
            for line in re.split(r"[\n\t]", words):
                assert (line in shown["en"]) == (line in shown["de"]), line
                compared += line in shown["en"]

    assert compared > 20


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_are_text_in_english_too(spoken_english, payload):
    """Neither translating nor marking opens a way for markup."""
    refusal = Refusal("not_in_corpus", payload)
    answer = make_answer(payload, refusal=refusal, lead=payload, note=payload)
    page = assert_safe(conversation((Exchange(payload, answer),)))

    assert page.text.count(seen(payload).split("\n")[0]) >= 3
    assert seen(payload).split("\n")[0] in assert_safe(tag("p", payload)).text


def test_what_has_no_english_is_marked_within_a_sentence_that_has(spoken_english):
    """A gap's words are said in German, the rest in English."""
    assert tag("p", "Das Dokument „Ein Heft“ hat keine Seite 3.") == (
        '<p>The document “<span lang="de">Ein Heft</span>” has no page 3.</p>'
    )
    assert tag("p", foreign("Fragen")) == '<p lang="de">Fragen</p>'
    assert lines(foreign("Fragen\nSeite 5")).count("Fragen") == 1


@pytest.mark.parametrize("quoted", ["Ab. " * 400, "3 von 4 in " * 150, "a“, „" * 320, "x" * 1500])
def test_what_a_long_question_brings_along_is_left_german(spoken_english, quoted):
    """Looking for phrases in it would take minutes; the text is whole, and marked."""
    said = f"Nicht belegt ist: „{quoted}“. Das steht in 3 von 4 Unterlagen."

    assert [(piece.text, piece.kind) for piece in pieces(said)] == [(said, "left")]
    assert 'lang="de"' in tag("p", said)


def test_in_german_nothing_is_marked():
    """The page as a whole is German then."""
    assert tag("p", foreign("Fragen"), "Seite 5") == "<p>FragenSeite 5</p>"


# -- choosing ------------------------------------------------------------------------------


@pytest.fixture
def browser():
    """A browser of a page that has the route alone."""
    app = FastAPI()
    add_language_route(app, secure=False)
    return TestClient(app, follow_redirects=False)


@pytest.mark.parametrize("language", ["de", "en"])
def test_choosing_a_language_leads_back(browser, language):
    """The browser keeps the choice, and one is where one was."""
    got = browser.get(f"/sprache/{language}", params={"zurueck": "/werkstaetten?ort=Bochum"})

    assert got.status_code == 303
    assert got.headers["location"] == "/werkstaetten?ort=Bochum"
    assert browser.cookies[COOKIE] == language


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil.example", ""])
def test_choosing_leads_to_no_other_host(browser, back):
    """The way back is one of ours, or the first page."""
    got = browser.get("/sprache/en", params={"zurueck": back})

    assert got.headers["location"] == "/"


def test_there_is_no_third_language(browser):
    """Nothing is chosen by it."""
    assert browser.get("/sprache/fr").status_code == 422
    assert COOKIE not in browser.cookies
