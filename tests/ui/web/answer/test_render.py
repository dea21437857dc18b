"""Answers as HTML: what is said, in which order, and that nothing else gets in."""

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.types import (
    Addition,
    Answer,
    Change,
    Citation,
    Reading,
    Refusal,
    Segment,
    Understood,
)
from corpus.types import Scope
from tests.ui.answers import make_answer, make_citation
from tests.ui.pages import Page, assert_safe
from tests.ui.payloads import PAYLOADS
from tests.ui.test_markup import any_text, seen
from ui.web.answer.render import Exchange, conversation, table

GOLDEN = Path(__file__).parent / "golden" / "answer.html"


def rendered(answer, question="Wo war die Werkstatt?"):
    """Return the strict reader's view of a conversation of one answer."""
    return assert_safe(conversation((Exchange(question, answer),)))


def paragraphs(page):
    """Return the texts of the answer's own paragraphs."""
    return [e.text for e in page.find("p") if e.path[-1] == "div" and "run" in _classes(page, e)]


def _classes(page, element):
    parent = next(e for e in page.elements if element in e.children)
    return parent.attributes.get("class", "")


# What is said


def test_every_segment_stands_in_the_answer():
    """Texts of segments come out word for word, in order."""
    page = rendered(make_answer("Erster Satz.", "Zweiter Satz."))

    assert [text.split("\xa0")[0] for text in paragraphs(page)] == ["Erster Satz. Zweiter Satz."]


def test_terms_stand_below_the_answer_and_apart_from_it():
    """Short forms and their meanings are a list of their own, without a number; none, no list."""
    page = rendered(make_answer("Die IHK gilt.", terms=(("IHK", "<b>Konzept</b>"), ("VU", "V"))))
    (block,) = page.find("div", class_="meanings")

    assert block.text.startswith("Begriffe")
    assert [e.text for e in block.children if e.name == "ul"] == ["IHK: <b>Konzept</b>VU: V"]
    assert "[1]" not in block.text
    assert page.text.index("Die IHK gilt.") < page.text.index("Begriffe")
    assert not rendered(make_answer("Ein Satz.")).find("div", class_="meanings")


def test_a_citation_links_to_its_entry_in_the_list_of_sources():
    """The numbered link names the entry below, and the entry exists once."""
    page = rendered(make_answer("Ein Satz."))
    link = page.find("a", class_="cite")[0]

    assert link.text.startswith("[1]")
    assert "Dokumentation der dritten Werkstatt, S.\xa012" in link.text
    assert len(page.find("li", id=link.attributes["href"].removeprefix("#"))) == 1


def test_a_run_of_sentences_carries_its_number_once():
    """Sentences with the same citation get the number after the last."""
    page = rendered(make_answer("Eins.", "Zwei.", "Drei."))

    assert len(page.find("a", class_="cite")) == 1
    assert paragraphs(page)[0].index("Drei.") < paragraphs(page)[0].index("[1]")


def test_a_segment_shows_all_its_citations():
    """A sentence proven twice has two numbers."""
    cited = (make_citation(1), make_citation(2))
    segment = Segment("Ein Satz.", ("z1", "z2"), "full")

    page = rendered(make_answer(segments=(segment,), citations=cited))

    assert [e.text[:3] for e in page.find("a", class_="cite")] == ["[1]", "[2]"]


def test_a_citation_that_is_missing_shows_no_number():
    """A key without a citation links nowhere."""
    page = rendered(make_answer(segments=(Segment("Ein Satz.", ("z9",), "none"),), citations=()))

    assert not page.find("a", class_="cite")
    assert "Ein Satz." in page.text
    assert "nicht belegt" in page.text


def test_several_voices_are_named():
    """Where two workshops speak, each part stands under the name of its workshop."""
    cited = (make_citation(1), make_citation(2, workshop=1, workshop_title="Auftakt"))
    segments = (Segment("Drei sagt.", ("z1",), "verbatim"), Segment("Eins sagt.", ("z2",), "full"))

    page = rendered(make_answer(segments=segments, citations=cited))
    names = [e.text for e in page.find("h3") if e.path[-1] == "div"]

    assert names[:2] == ["Werkstatt 3: Sicherheit und Kriminalprävention", "Werkstatt 1: Auftakt"]
    assert page.text.index("Drei sagt.") < page.text.index("Werkstatt 1: Auftakt")


def test_a_booklet_is_named_by_its_title():
    """A document of no workshop speaks under its own title."""
    cited = (make_citation(1), make_citation(2, workshop=None, workshop_title="", title="Heft 2"))
    segments = (Segment("A.", ("z1",), "full"), Segment("B.", ("z2",), "full"))

    page = rendered(make_answer(segments=segments, citations=cited))

    assert "Heft 2" in [e.text for e in page.find("h3")]


def test_one_voice_is_not_named():
    """A single source needs no heading of its own."""
    page = rendered(make_answer("Ein Satz."))

    assert [e.text for e in page.find("h3")] == ["Quelle"]


def test_items_of_a_list_become_a_list():
    """Lines of the quote after a lead-in with a colon are list items, numbers stay."""
    texts = ("Wichtig war:", "klare Zuständigkeit", "eine Anlaufstelle")
    cited = (make_citation(quote="\n".join(texts)),)

    page = rendered(make_answer(*texts, citations=cited))

    assert [e.text.split("\xa0")[0] for e in page.find("li") if "card" not in str(e)] == [
        "klare Zuständigkeit",
        "eine Anlaufstelle",
    ]
    assert paragraphs(page) == ["Wichtig war:"]


def test_numbered_items_keep_their_numbers():
    """The numbers of the source are text; the browser doesn't count anew."""
    texts = ("3. Ressourcen nutzen.", "4. Zusammenarbeiten.")
    cited = (make_citation(quote="\n".join(texts)),)

    page = rendered(make_answer(*texts, citations=cited))

    assert page.find("li")[0].text == "3. Ressourcen nutzen."
    assert page.find("ul", class_="numbered")


def test_paragraphs_of_whole_sentences_stay_paragraphs():
    """Two paragraphs of the source aren't a list."""
    texts = ("Ein ganzer Satz.", "Noch ein ganzer Satz.")
    cited = (make_citation(quote="\n".join(texts)),)

    page = rendered(make_answer(*texts, citations=cited))

    assert len(paragraphs(page)) == 2
    assert not page.find("ul")


def test_tabs_and_lines_become_a_table():
    """Rows are lines, cells end at tabs, the first of several rows is the head."""
    page = rendered(make_answer("Angebot\tPlätze\nSprachcafé\t35\nHausaufgabenhilfe"))

    assert [e.text for e in page.find("th")] == ["Angebot", "Plätze"]
    assert [e.text for e in page.find("td")] == ["Sprachcafé", "35", "Hausaufgabenhilfe", ""]


def test_a_single_row_has_no_head():
    """A row alone is a row of values."""
    page = rendered(make_answer("Sprachcafé\t35"))

    assert not page.find("th")
    assert [e.text for e in page.find("td")] == ["Sprachcafé", "35"]


# The list of sources


def test_a_source_says_what_it_is():
    """Number, title, workshop, sections, page, quote, how located and origin stand together."""
    citation = make_citation(origin="Text dieses Projekts, nicht die Originaldokumentation")

    card = rendered(make_answer("Ein Satz.", citations=(citation,))).find("li", class_="card")[0]

    for part in (
        "[1]",
        "Dokumentation der dritten Werkstatt",
        "Werkstatt 3: Sicherheit und Kriminalprävention",
        "Eckdaten › Ort und Termin",
        "S.\xa012",
        "„Die Werkstatt fand in Bochum statt.“",
        "Stelle auf der Seite markiert",
        "Text dieses Projekts, nicht die Originaldokumentation",
    ):
        assert part in card.text


@pytest.mark.parametrize(
    ("located", "words"),
    [("page", "Seite ohne genaue Stelle"), ("document", "Dokument ohne Seiten")],
)
def test_a_source_admits_what_is_not_exact(located, words):
    """A quote that isn't placed exactly is never said to be."""
    page = rendered(make_answer("Satz.", citations=(make_citation(located=located),)))

    assert words in page.text
    assert "markiert" not in page.text


def test_sources_stand_in_the_order_of_their_numbers():
    """The list is ordered whatever the order of the citations."""
    page = rendered(make_answer("A.", citations=(make_citation(2), make_citation(1))))

    assert [e.text[:3] for e in page.find("li", class_="card")] == ["[1]", "[2]"]
    assert "2 Quellen" in page.text


# States


def test_a_refusal_says_why_and_what_helps():
    """Reason, hint, and the places nearby as text."""
    refusal = Refusal("not_in_corpus", "Nicht belegt ist: „2026“. Bitte fragen Sie enger.")
    places = ("Themenheft Wohnen › Mieten (S. 4)",)

    page = rendered(make_answer(status="refused", refusal=refusal, suggestions=places))

    assert "Dazu gibt es keine Antwort." in page.text
    assert "Nicht belegt ist: „2026“." in page.text
    assert "Am nächsten kommen diese Stellen" in page.text
    assert not page.find("button", class_="ask")


def test_suggested_questions_can_be_pressed():
    """A suggestion that is a question is a button of its own name."""
    refusal = Refusal("out_of_scope", "Das gehört nicht hierher.")

    page = rendered(make_answer(status="refused", refusal=refusal, suggestions=("Wer? ", "Ort")))

    assert [e.attributes["id"] for e in page.find("button", class_="ask")] == ["ask-0-0"]


def test_readings_of_an_unclear_question_can_be_pressed():
    """Every reading is a button, question mark or not."""
    hint = Refusal("not_in_corpus", "„IHK“ hat zwei Bedeutungen.")

    page = rendered(
        make_answer(status="clarify", refusal=hint, suggestions=("Handlungskonzept", "Kammer"))
    )

    assert len(page.find("button", class_="ask")) == 2
    assert "Wie ist die Frage gemeint?" in page.text


def test_a_partial_answer_says_so_before_it_answers():
    """The reader learns first that something is missing."""
    refusal = Refusal("not_in_corpus", "Zum Jahr 2026 steht nichts darin.")

    page = rendered(make_answer("Ein Satz.", status="partial", refusal=refusal))

    assert page.text.index("nur einen Teil") < page.text.index("Ein Satz.")


def test_an_error_is_shown_in_place_of_the_answer():
    """The message stands where the answer would, under the question."""
    page = assert_safe(conversation((Exchange("Wo?", error="Das Modell fehlt.\nBitte laden."),)))

    assert [e.text for e in page.find("p")] == ["Wo?", "Das Modell fehlt.", "Bitte laden."]


def test_a_search_that_goes_on_says_so():
    """A question without an answer yet is waiting."""
    page = assert_safe(conversation((Exchange("Wo?", stage="search"),)))

    assert page.find("p", class_="waiting")


def test_the_query_is_shown_only_where_it_differs():
    """What was searched is named when it isn't what was typed."""
    same = rendered(make_answer("A.", question="Wo war sie", query="wo war sie?"))
    other = rendered(make_answer("A.", question="Und wo?", query="Wo war die Werkstatt 3?"))

    assert not same.find("p", class_="query")
    (line,) = other.find("p", class_="query")
    assert line.text.startswith("Gesucht nach: Wo war die Werkstatt 3? ändern")
    assert [e.attributes["id"] for e in line.children if e.name == "button"] == ["query-0"]


def test_what_was_made_of_the_question_is_told_in_one_line():
    """Changed words, the reading of a short form, and what was searched besides."""
    understood = Understood(
        changes=(Change("zusammen arbeit", "Zusammenarbeit"),),
        additions=(
            Addition("QM", "Quartiersmanagement", "Langform"),
            Addition("a", "b", "Synonym"),
        ),
        readings=(Reading("QM", "Quartiersmanagement", ("Qualitätsmanagement",), is_sure=True),),
    )
    (line,) = rendered(make_answer("A.", understood=understood)).find("p", class_="query")

    assert line.text == (
        "„zusammen arbeit“ als „Zusammenarbeit“ gelesen · QM als Quartiersmanagement gelesen, "
        "nicht als Qualitätsmanagement · auch: b"
    )


def test_contradicting_sources_are_named_with_their_dates():
    """The reader sees which of them says otherwise, and how old each is."""
    cited = (
        make_citation(key="z1", number=1, date="2017-11"),
        make_citation(key="z2", number=2, date=""),
    )
    page = rendered(make_answer("A.", citations=cited, differing=(("z1", "z2"),)))
    (line,) = page.find("p", class_="differing")

    assert "verschiedene Angaben" in line.text
    assert "(Stand November 2017)" in line.text


def test_what_an_answer_compares_stands_in_columns():
    """Each side has its heading and its own sentences; what is about both stays outside."""
    citations = [make_citation(key=f"z{n}", number=n, quote=f"Satz {n}.") for n in (1, 2, 3)]
    segments = [Segment(f"Satz {n}.", (f"z{n}",), "verbatim") for n in (1, 2, 3)]
    given = make_answer(
        citations=citations,
        segments=tuple(segments),
        compared=(("Wille", ("z1",)), ("Wunsch", ("z3",))),
    )
    sides = rendered(given).find("section")

    assert [side.text.split("Satz")[0].strip() for side in sides] == ["Wille", "Wunsch"]
    assert ["Satz 1." in side.text for side in sides] == [True, False]
    assert ["Satz 3." in side.text for side in sides] == [False, True]
    assert any("Satz 2." in words for words in paragraphs(rendered(given)))


def test_the_scope_is_named():
    """An answer from one workshop says that nothing else was searched."""
    page = rendered(make_answer("A.", scope=Scope(workshop=3)))

    assert page.find("p", class_="query")[0].text == "nur in Werkstatt 3"


def test_only_verbatim_answers_are_called_verbatim():
    """The assurance is given exactly when every segment is a quote."""
    quoted = rendered(make_answer("A."))
    mixed = make_answer(segments=(Segment("A.", ("z1",), "verbatim"), Segment("B.", (), "none")))

    assert "Jeder Satz steht wörtlich" in quoted.text
    assert "wörtlich" not in rendered(mixed).text


def test_a_machine_s_answer_says_so():
    """Generated text is always labelled."""
    page = rendered(make_answer("A.", mode="generative"))

    assert "Von einem Sprachmodell formuliert" in page.text
    assert "Jeder Satz" not in page.text


def test_a_huge_question_is_shown_in_part():
    """What was pasted by mistake doesn't push the answer off the screen."""
    page = rendered(make_answer("A."), question="x" * 5000)

    assert len(page.find("div", class_="question")[0].text) < 700


def test_every_id_of_a_conversation_is_there_once():
    """Two exchanges with the same citations don't share an id."""
    answer = make_answer("A.", suggestions=("Wer?",))
    page = assert_safe(conversation((Exchange("Wo?", answer), Exchange("Wo?", answer))))
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]

    assert len(ids) == len(set(ids)) == 8


# Untrusted text

texts = any_text
citations = st.builds(
    Citation,
    key=st.sampled_from(["z1", "z2"]),
    number=st.integers(1, 30),
    document=texts,
    title=texts,
    workshop=st.none() | st.integers(1, 10),
    workshop_title=texts,
    section=st.lists(texts, max_size=3).map(tuple),
    page_index=st.none() | st.integers(0, 99),
    page_label=texts,
    quote=texts,
    located=st.sampled_from(["exact", "page", "document"]),
    version=texts,
    origin=texts,
    passage=texts,
    start=st.just(0),
    end=st.just(1),
)
segments = st.builds(
    Segment,
    text=texts,
    citations=st.lists(st.sampled_from(["z1", "z2", "z3"]), max_size=2).map(tuple),
    support=st.sampled_from(["verbatim", "full", "partial", "none"]),
)
answers = st.builds(
    Answer,
    status=st.sampled_from(["answered", "partial", "refused", "clarify"]),
    question=texts,
    query=texts,
    scope=st.builds(Scope, workshop=st.none() | st.integers(1, 10), document=st.none() | texts),
    mode=st.sampled_from(["extractive", "generative"]),
    segments=st.lists(segments, max_size=4).map(tuple),
    citations=st.lists(citations, max_size=3, unique_by=lambda c: c.number).map(tuple),
    refusal=st.none()
    | st.builds(Refusal, st.sampled_from(["not_in_corpus", "false_premise"]), texts),
    suggestions=st.lists(texts, max_size=2).map(tuple),
)


@given(answers, texts)
@example(make_answer("\t"), "\t")
@example(make_answer("", "\n"), "\n")
def test_no_text_becomes_markup(answer, question):
    """Whatever a document, file name or question says, only our own elements come out."""
    page = rendered(answer, question)
    words = "".join(page.text.split())

    for segment in answer.segments:
        for line in seen(segment.text).split("\n"):
            assert all("".join(cell.split()) in words for cell in line.split("\t"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_are_shown_as_text(payload):
    """Each known payload stands in the answer as what it is: text."""
    refusal = Refusal("not_in_corpus", payload)
    citation = make_citation(title=payload, quote=payload, origin=payload, section=(payload,))

    page = rendered(
        make_answer(payload, citations=(citation,), refusal=refusal, suggestions=(payload,)),
        payload,
    )

    assert page.text.count(seen(payload).split("\n")[0]) >= 5
    assert {e.attributes["id"] for e in page.elements if "id" in e.attributes} <= {
        "source-0-1",
        "open-0-1",
        "ask-0-0",
        "again-0",
        "edit-0",
        "query-0",
    }


def test_one_answer_as_it_has_been_checked():
    """An answer with list, table and two voices; UPDATE_GOLDEN=1 writes it anew for review."""
    items = ("Einig war man sich über:", "kurze Wege", "feste Ansprechpersonen")
    cited = (
        make_citation(1, quote="\n".join(items), origin="Text dieses Projekts"),
        make_citation(2, workshop=None, workshop_title="", title="Themenheft Wohnen", quote="A\tB"),
    )
    given_segments = (
        *(Segment(text, ("z1",), "verbatim") for text in items),
        Segment("Jahr\tMittel\n2017\t15.000 €", ("z2",), "verbatim"),
    )
    answer = make_answer(segments=given_segments, citations=cited, query="Worüber einig?")
    written = conversation((Exchange("Worüber?", answer),)).replace("><", ">\n<") + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(written, "utf-8")

    assert written == GOLDEN.read_text("utf-8")
    assert Page(written)


def test_caption_stands_above_its_table():
    """The line before the first tab is the caption, not a head row."""
    shown = table("Tabelle 1: Gebiete\nJahr\tZahl\n2016\t783")

    assert '<p class="caption">Tabelle 1: Gebiete</p>' in shown
    assert '<th scope="col">Jahr</th>' in shown
    assert "<td>783</td>" in shown
