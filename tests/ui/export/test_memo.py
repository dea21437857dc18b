"""What every form of a record says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from assistant.types import Nearby, Refusal, Segment
from corpus.types import Scope
from tests.ui.answers import make_answer, make_citation, make_document
from tests.ui.records import make_record
from ui.export.memo import NEWER, NEWER_ALONE, REMOVED, Block, memo, moment
from ui.service import Standing


def test_it_says_when_from_what_and_how():
    """Date, collection, procedure and models; what was searched where that differs."""
    answer = make_answer("Ja.", query="Wo war die dritte Werkstatt?", generation="g-7")
    told = memo(make_record(replace(answer, scope=Scope(workshop=3))))

    assert dict(told.facts) == {
        "Datum der Abfrage": "23. November 2026, 9:07 Uhr (UTC+1)",
        "Gesucht nach": "Wo war die dritte Werkstatt?",
        "Gesucht in": "Werkstatt 3",
        "Sammlung": "g-7",
        "Verfahren": "Wörtliche Fundstellen, ohne Sprachmodell",
        "Modell der Suche": "default_embedder (21ea4c5a)",
    }


def test_a_written_answer_names_its_model_and_says_so():
    """A machine's sentences never pass for quotes."""
    answer = make_answer("Ja.", mode="generative")
    told = memo(make_record(answer, writer="qwen3:4b"))

    assert dict(told.facts)["Sprachmodell"] == "qwen3:4b"
    assert any("Sprachmodell formuliert" in note for note in told.notes)
    assert not any("Jeder Satz" in note for note in told.notes)


def test_a_source_names_document_version_page_and_state():
    """All that a file needs to find the place again."""
    cited = make_citation(date="2017-11", origin="Text dieses Projekts")
    (source,) = memo(make_record(make_answer("Ja.", citations=[cited]))).sources

    assert (source.page, source.version, source.state) == (
        "S.\u00a012",
        "abababababab",
        "November 2017",
    )
    assert dict(source.facts)["Herkunft"] == "Text dieses Projekts"
    assert source.quote == cited.quote


def test_the_origin_is_noted_once_for_all_it_holds_for():
    """Starter texts are texts of this project, and the note says of which sources."""
    cited = [make_citation(n, origin="Text dieses Projekts") for n in (1, 2)]
    told = memo(make_record(make_answer("Ja.", citations=cited)))

    assert told.notes[-1] == "Herkunft von [1], [2]: Text dieses Projekts"


@pytest.mark.parametrize(
    ("state", "document", "said"),
    [
        ("current", make_document(), ""),
        ("newer", make_document(), NEWER),
        ("newer", None, NEWER_ALONE),
        ("removed", None, REMOVED),
    ],
)
def test_it_says_what_has_become_of_a_source(state, document, said):
    """A newer version, one that is gone, and a document that was removed."""
    record = make_record()
    standing = Standing(state, record.answer.citations[0], document)

    assert memo(record, [standing]).sources[0].change == said


def test_the_address_of_a_fetched_document_is_given():
    """A path on some machine isn't."""
    record = make_record()
    (citation,) = record.answer.citations
    fetched = make_document(source="https://example.org/w3.pdf")

    def address(document):
        return memo(record, [Standing("current", citation, document)]).sources[0].address

    assert address(fetched) == "https://example.org/w3.pdf"
    assert address(make_document()) == ""


def test_items_stay_items():
    """Lines that look like a list after their lead-in, with the number after the last."""
    quote = "Das gilt:\n1. Eins.\n2. Zwei."
    cited = make_citation(quote=quote)
    answer = make_answer("Das gilt:", "1. Eins.", "2. Zwei.", citations=[cited])

    assert memo(make_record(answer)).body == (
        Block("paragraph", (("Das gilt:",),)),
        Block("numbered", (("1. Eins.",), ("2. Zwei.",)), (1,)),
    )


def test_tables_stay_tables():
    """Rows are lines, tabs part cells; a short row is filled up, a caption stands above."""
    answer = make_answer("Kosten\nAngebot\tKosten\tJahr\nCafé\t12 €")

    assert memo(make_record(answer)).body == (
        Block("paragraph", (("Kosten",),)),
        Block("table", (("Angebot", "Kosten", "Jahr"), ("Café", "12 €", "")), (1,)),
    )


def test_several_voices_are_named():
    """Each workshop speaks under its own name."""
    cited = [
        make_citation(1, key="a", workshop=1, workshop_title="Wohnen"),
        make_citation(2, key="b", workshop=2, workshop_title="Bildung"),
    ]
    segments = (Segment("Eins.", ("a",), "verbatim"), Segment("Zwei.", ("b",), "partial"))
    body = memo(make_record(make_answer(citations=cited, segments=segments))).body

    assert [block.rows[0][0] for block in body if block.kind == "heading"] == [
        "Werkstatt 1: Wohnen",
        "Werkstatt 2: Bildung",
    ]
    assert body[-1] == Block("paragraph", (("Zwei. (teilweise belegt)",),), (2,))


def test_a_refusal_says_why():
    """No answer is an answer too, and its passages nearby are named."""
    near = Nearby("nearest", "p1", "d", "v", "Themenheft", None, ("Fonds",), "4")
    answer = make_answer(
        status="refused",
        citations=[],
        refusal=Refusal("not_in_corpus", "Dazu steht nichts da."),
        nearby=(near,),
    )
    told = memo(make_record(answer))

    assert [block.rows[0][0] for block in told.body] == [
        "Dazu gibt es keine Antwort.",
        "Dazu steht nichts da.",
        "Am nächsten kommen diese Stellen",
        "Themenheft, Fonds, S.\u00a04",
    ]
    assert told.sources == ()


def test_contradicting_sources_are_noted():
    """By their numbers."""
    cited = [make_citation(1, key="a"), make_citation(2, key="b")]
    told = memo(make_record(make_answer("Ja.", citations=cited, differing=(("a", "b"),))))

    assert any("[1] und [2] machen verschiedene Angaben" in note for note in told.notes)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (datetime(2026, 1, 2, 3, 4, tzinfo=UTC), "2. Januar 2026, 3:04 Uhr (UTC)"),
        (
            datetime(2026, 7, 2, 13, 4, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
            "2. Juli 2026, 13:04 Uhr (UTC-3:30)",
        ),
    ],
)
def test_moments_have_their_zone(asked, said):
    """So that they mean the same everywhere."""
    assert moment(asked) == said
