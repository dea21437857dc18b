"""From feedback to golden items and gaps: drafts are valid, evidence is verbatim, likes meet."""

from datetime import date, timedelta

import pytest

from assistant.evaluation import feedback as store
from assistant.evaluation import triage
from assistant.evaluation.feedback import Kept
from assistant.evaluation.golden import Evidence, split_of
from assistant.evaluation.golden_edit import save_item
from assistant.evaluation.golden_files import load_golden
from assistant.evaluation.matching import holds
from assistant.evaluation.source import GenerationSource
from assistant.types import Refusal
from corpus.store import Store
from tests.ui.answers import make_answer, make_citation
from ui.local import LocalService

TODAY = date(2026, 11, 23)
ASKED = "Welche Aufgaben hat das Quartiersmanagement?"
EVIDENCE = Evidence(
    id="e1",
    group="A",
    doc="heft",
    workshop=None,
    section=("Kapitel",),
    quote="Die Frist beträgt vier Wochen nach Zugang des Bescheids der Stadt.",
    grade=2,
)


def make_kept(question=ASKED, rating="down", reason="incomplete", day=TODAY, **fields):
    """Return an entry that was kept, of an answer to the question."""
    given = {"question": question, "query": question, **fields}
    follow_up = given.pop("follow_up", False)
    answer = make_answer("Ein Satz.", **given)
    reason = reason if rating == "down" else None
    return store.entry(store.new_id(), day, answer, rating, reason, Kept(answer, follow_up))


def make_refused(question, day=TODAY, suggestions=()):
    """Return the entry of a refusal."""
    refusal = Refusal("not_in_corpus", "Dazu steht nichts.")
    return make_kept(
        question,
        reason="refused",
        day=day,
        status="refused",
        segments=(),
        citations=(),
        refusal=refusal,
        suggestions=suggestions,
    )


# Drafts


def test_a_draft_says_where_it_comes_from():
    """Id, split, source and evidence follow from the entry; it isn't scored."""
    entry = make_kept()

    item = triage.draft(entry, [EVIDENCE], TODAY).item

    assert (item.status, item.split) == ("draft", split_of(item.id))
    assert (item.provenance.source, item.provenance.feedback_id) == ("feedback", entry.id)
    assert (item.question, item.evidence) == (ASKED, (EVIDENCE,))


def test_a_draft_survives_its_file(tmp_path):
    """Written and read again it is the same item."""
    item = triage.draft(make_kept(), [EVIDENCE], TODAY).item

    save_item(tmp_path, item)

    assert load_golden(tmp_path).items == (item,)


def test_a_follow_up_becomes_a_question_of_its_own():
    """What was searched stands without the questions before it."""
    entry = make_kept("Und in Dortmund?", follow_up=True, query="Wo war die Werkstatt in Dortmund?")

    assert triage.draft(entry, (), TODAY).item.question == "Wo war die Werkstatt in Dortmund?"


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("Wie erreiche ich anna.beispiel@stadt.example?", "E-Mail-Adresse"),
        ("Wer meldet sich unter 0234 123456-78?", "Telefonnummer"),
        ("Was hat Frau Beispiel dazu gesagt?", "Personennamen"),
        ("Was hat Herr Beispiel dazu gesagt?", "Personennamen"),
    ],
)
def test_personal_data_is_pointed_out(words, what):
    """The notice quotes what has to go."""
    notices = triage.draft(make_kept(words), (), TODAY).notices

    assert any(what in notice for notice in notices)
    assert triage.draft(make_kept(), (), TODAY).notices == ()


def test_a_rating_without_a_question_makes_no_draft():
    """There is nothing to ask."""
    entry = store.entry(store.new_id(), TODAY, make_answer("Ein Satz."), "up")

    with pytest.raises(ValueError, match="without a question"):
        triage.draft(entry, (), TODAY)


def test_candidates_are_verbatim_and_of_fitting_length(starter):
    """Each quote stands in its document in its version; long ones are cut at 40 words."""
    assistant = LocalService(Store(starter), None).assistant()
    source = GenerationSource(assistant.generation)

    for question in (ASKED, "Wie hoch ist das Wohngeld in Hamburg?", "Was kosten die Angebote?"):
        found = triage.candidates(assistant, question)
        assert 2 <= len(found) <= triage.CANDIDATES
        assert len({evidence.id for evidence in found}) == len(found)
        for evidence in found:
            assert holds(source.text(evidence.doc), evidence.quote, share=1.0)
            assert len(evidence.quote.split()) <= 40
            assert evidence.doc_sha256 == source.documents[evidence.doc].version


def test_candidates_hold_the_answer(starter):
    """The sentence that answers is among them."""
    assistant = LocalService(Store(starter), None).assistant()

    found = triage.candidates(assistant, "Wann fand die Werkstatt zur Kriminalprävention statt?")

    assert any("5. September 2017" in evidence.quote for evidence in found)


@pytest.mark.parametrize(
    ("texts", "quote"),
    [
        (["Kurz.", "eins zwei drei vier Frist sechs sieben acht"], "eins zwei drei vier Frist"),
        (["eins zwei drei vier fünf sechs sieben acht", "Frist " * 8], "Frist Frist"),
        (["wort " * 50], "wort wort"),
        (["Zelle\tZelle\nFrist"], "Zelle Zelle Frist"),
    ],
)
def test_a_quote_is_the_fitting_text_that_covers_most(texts, quote):
    """Between 8 and 40 words where there is such a one, else the whole, cut."""
    found = triage._quote("Wie lang ist die Frist?", texts)

    assert found.startswith(quote)
    assert len(found.split()) <= 40


# Gaps


def test_questions_that_are_nearly_the_same_meet():
    """Typing, order and words without a topic don't part them; the last wording stands."""
    asked = (
        "Wie hoch ist das Wohngeld in Hamburg?",
        "wie hoch ist in hamburg das wohngeld",
        "Wie hoch ist denn das Wongeld in Hamburg",
    )
    entries = [make_refused(q, TODAY - timedelta(days=n)) for n, q in enumerate(asked)]

    (gap,) = triage.gaps(entries)

    assert (gap.question, gap.count, gap.refused) == (asked[0], 3, 3)
    assert (gap.first, gap.last) == (TODAY - timedelta(days=2), TODAY)
    assert gap.reasons == ("refused",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Was war das Thema der Werkstatt 4?", "Was war das Thema der Werkstatt 5?"),
        ("Wie hoch ist das Wohngeld?", "Wer bekommt Kindergeld?"),
        ("Warum?", "Wieso denn?"),
    ],
)
def test_other_questions_stay_apart(one, other):
    """Another number or topic is another question."""
    assert len(triage.gaps([make_refused(one), make_refused(other)])) == 2


def test_gaps_are_refused_or_badly_rated():
    """A good answer is no gap; a rating without its question can't be told from others."""
    silent = store.entry(store.new_id(), TODAY, make_answer("Ein Satz."), "down", "wrong")

    assert triage.gaps([make_kept(rating="up"), silent]) == ()
    assert len(triage.gaps([make_kept()])) == 1


def test_the_most_frequent_gap_comes_first():
    """Then the newest."""
    old, new = TODAY - timedelta(days=9), TODAY
    entries = [
        make_refused("Wer bekommt Kindergeld?", new),
        make_refused("Wie hoch ist das Wohngeld?", old),
        make_refused("Wie hoch ist das Wohngeld", old),
        make_refused("Wann kommt der Bus?", old),
    ]

    questions = [gap.question for gap in triage.gaps(entries)]

    assert questions == [
        "Wie hoch ist das Wohngeld?",
        "Wer bekommt Kindergeld?",
        "Wann kommt der Bus?",
    ]


def test_a_gap_names_what_came_nearest():
    """Places that a refusal offers, or an answer's sources; offered questions are no places."""
    refused = make_refused("Was ist X?", suggestions=("Heft › Kapitel (S. 1)", "Was ist Y?"))
    cited = make_kept("Ganz anderes?", citations=(make_citation(),))

    assert triage.gaps([refused])[0].nearest == ("Heft › Kapitel (S. 1)",)
    assert triage.gaps([cited])[0].nearest == (
        "Dokumentation der dritten Werkstatt › Ort und Termin, S. 12",
    )
