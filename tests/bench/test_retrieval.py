"""The benchmark's own arithmetic: figures, leads, variants, switches."""

import numpy as np
import pytest

from assistant.types import Turn
from corpus.german import Analyser
from tests.bench import golden, headings, passages
from tests.bench.ablation import COMPONENTS, Component, ablate, without
from tests.bench.classes import shares_a_word
from tests.bench.figures import BOOTSTRAP_LIMIT, lead, measure, recall, table
from tests.bench.systems import bm25, bm25s, rank
from tests.bench.task import Judgement, Question, Task, Unit, load_questions, save_questions
from tests.bench.variants import variants

WORDS = {"quartier", "management", "bewohner", "beteiligung", "stadt", "teil", "fonds"}


def unit(id, text, heading="", counts_as=""):
    return Unit(id, heading, text, counts_as or id)


# -- figures --------------------------------------------------------------------------------


def test_one_unit_of_a_group_is_enough():
    """Three groups, two of them met: two thirds, however many units were found of each."""
    judgement = Judgement((frozenset("ab"), frozenset("c"), frozenset("d")), {})

    assert recall(judgement, ["a", "b", "d"]) == pytest.approx(2 / 3)
    assert recall(judgement, []) == 0


def test_an_item_counts_once_however_often_it_is_asked():
    """Two wordings of one item are averaged; what found nothing counts as nothing."""
    questions = [Question("1/0", "1", "a"), Question("1/1", "1", "b"), Question("2/0", "2", "c")]
    rankings = {"1/0": ["x", "y"], "1/1": ["z", "y"], "2/0": []}
    judged = {item: Judgement((frozenset("y"),), {"y": 1}) for item in "12"}
    found = measure(questions, rankings, judged, (1, 2))

    assert found["recall@1"] == {"1": 0.0, "2": 0.0}
    assert found["recall@2"] == {"1": 1.0, "2": 0.0}
    assert found["RR@10"] == {"1": 0.5, "2": 0.0}
    assert found["nDCG@10"] == {"1": pytest.approx(1 / np.log2(3)), "2": 0.0}


def test_a_lead_is_paired_by_item():
    """The same means apart, a lead of 0.1 on every item is certain, on average it isn't."""
    ours = {"RR@10": {str(at): 0.2 + at / 100 for at in range(60)}}
    always = {"RR@10": {item: value - 0.1 for item, value in ours["RR@10"].items()}}
    mixed = {"RR@10": dict(zip(ours["RR@10"], reversed(always["RR@10"].values()), strict=True))}

    assert lead(ours, always, "RR@10") == pytest.approx((0.1, 0.1, 0.1))
    middle, low, high = lead(ours, mixed, "RR@10")
    assert middle == pytest.approx(0.1)
    assert low < 0.05 < 0.15 < high


def test_many_items_get_the_same_interval_by_another_way():
    """Above the bootstrap's limit standard errors are used; both ways agree."""
    values = np.random.default_rng(1).normal(0.05, 0.3, BOOTSTRAP_LIMIT + 1)
    zero = {"f": {str(at): 0.0 for at in range(len(values))}}
    many = {"f": {str(at): value for at, value in enumerate(values.tolist())}}
    fewer = {"f": dict(list(many["f"].items())[:-1])}

    assert lead(many, zero, "f") == pytest.approx(lead(fewer, zero, "f"), abs=0.001)


def test_a_table_is_markdown():
    """The first row is the head."""
    assert table([["", "a"], ["b", "1"]]) == "|  | a |\n| --- | --- |\n| b | 1 |"


# -- the usual ways -------------------------------------------------------------------------


@pytest.mark.parametrize("system", [bm25, bm25s])
def test_the_baselines_rank_by_words(system):
    """Rare words count more, shorter texts come first, headings are searched, unknown is none."""
    units = [
        unit("lang", "Ein Garten und vieles mehr, das hier lange und breit beschrieben steht."),
        unit("kurz", "Ein Garten."),
        unit("kopf", "Nichts davon.", heading="Werkstatt"),
        *(unit(f"sonst{at}", "Etwas ganz anderes steht hier.") for at in range(5)),
    ]
    search = system(units)

    assert search(Question("1", "1", "garten"), 5) == ["kurz", "lang"]
    assert search(Question("2", "2", "Werkstatt"), 5) == ["kopf"]
    assert search(Question("3", "3", "Hubschrauber"), 5) == []


def test_chunks_count_as_their_passage_once():
    """A passage's second chunk doesn't take another one's place, and none finds itself."""
    units = [
        unit("a#0", "", counts_as="a"),
        unit("a#1", "", counts_as="a"),
        unit("b#0", "", "", "b"),
    ]
    found = rank(
        lambda question, k: ["a#1", "a#0", "b#0"],
        [Question("q", "q", ""), Question("a", "a", "")],
        units,
        depth=2,
    )

    assert found == {"q": ["a", "b"], "a": ["b"]}


# -- questions ------------------------------------------------------------------------------


def made(text, history=()):
    """Return the variants of one question, by name."""
    return {q.variant: q.text for q in variants([Question("1/0", "1", text, history)], WORDS)}


def test_variants_follow_their_rules():
    """Each rule changes what it is about and nothing else."""
    found = made("Wie ändert Bewohnerbeteiligung das Quartiersmanagement?")
    swapped = found.pop("two letters swapped")
    gendered = found.pop("gender form")

    assert found == {
        "umlauts typed ae, oe, ue": "Wie aendert Bewohnerbeteiligung das Quartiersmanagement?",
        "umlauts left out": "Wie andert Bewohnerbeteiligung das Quartiersmanagement?",
        "compound typed apart": "Wie ändert Bewohner beteiligung das Quartiers management?",
        "small letters": "wie ändert bewohnerbeteiligung das quartiersmanagement?",
    }
    assert sorted(swapped) == sorted("Wie ändert Bewohnerbeteiligung das Quartiersmanagement?")
    assert swapped != "Wie ändert Bewohnerbeteiligung das Quartiersmanagement?"
    assert gendered.startswith("Wie ändert Bewohner") and "innenbeteiligung" in gendered
    assert made("und wo?") == {}


def test_what_only_looks_like_a_person_stays():
    """A mayor is no citizen, a rise in rent no tenant."""
    assert "gender form" not in made("Bürgermeister zur Mieterhöhung, Lehrerin")
    assert "Mieter" in made("Mieter")["gender form"] != "Mieter"


def test_the_test_split_stays_shut():
    """Every question asked is of the dev split, has evidence, and follows its own turns."""
    items = golden.items()
    asked = golden.questions(items)

    assert {item.split for item in items.values()} == {"dev"}
    assert all(item.evidence for item in items.values())
    assert {q.item for q in asked} == set(items)
    assert all(bool(q.history) == bool(items[q.item].history) for q in asked)


def test_common_words_are_found_by_stem():
    """Inflection doesn't hide a common word, a stop word isn't one."""
    item = next(i for i in golden.items().values() if "Integrierte" in i.evidence[0].quote)

    assert shares_a_word("Was sind integrierter Dinge?", item)
    assert not shares_a_word("Was ist der Hubschrauber?", item)


def test_questions_survive_the_way_to_another_process(tmp_path):
    """Written and read they are the same, turns included."""
    asked = (Question("1/0", "1", "Und wo?", (Turn("user", "Wann?"),)), Question("2", "2", "Wer?"))
    save_questions(tmp_path / "questions.json", asked)

    assert load_questions(tmp_path / "questions.json") == asked


def test_headings_are_asked_for_and_withheld(tmp_path):
    """Right are all passages under a heading; they keep only the headings above it."""
    file = tmp_path / "gesetz.md"
    long = "Die Förderung umfasst Bau und Umbau von Wohnungen im ganzen Land. " * 10
    file.write_text(
        f"# Gesetz\n\n## Teil Eins\n\n### § 1 Zweck der Förderung\n\n{long}\n\n{long}\n"
    )
    entries, queries, qrels = headings.read([file])

    assert list(queries.values()) == ["Zweck der Förderung"]
    assert qrels == {entries[0].id: {entries[0].id: 1, entries[1].id: 1}}
    assert [entry.way for entry in entries] == [("Teil Eins",), ("Teil Eins",)]
    assert [entry.title for entry in entries] == ["Gesetz", "Gesetz"]


# -- switches -------------------------------------------------------------------------------


class _Blind(Analyser):
    def tokens(self, text):
        return ()


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_is_still_there(name):
    """What a switch replaces exists in the product, and is back afterwards."""
    before = [getattr(r.owner, r.name) for r in COMPONENTS[name].replaced]
    with without(COMPONENTS[name]):
        inside = [getattr(r.owner, r.name) for r in COMPONENTS[name].replaced]

    assert before or COMPONENTS[name].indexed
    assert all(a is not b for a, b in zip(before, inside, strict=True))
    assert before == [getattr(r.owner, r.name) for r in COMPONENTS[name].replaced]


def test_a_component_that_is_taken_away_is_missed(tmp_path, default_model):
    """Without the turn before, a follow-up finds nothing; without analysis, nobody does."""
    entries = [
        passages.Entry("garten", "Grün", "Der Stadtgarten liegt am Nordmarkt."),
        passages.Entry("markt", "Handel", "Händler verkaufen dort Obst."),
        passages.Entry("kurs", "Bildung", "Ein Sprachkurs beginnt im Herbst."),
    ]
    passages.index(entries, tmp_path / "data", None)
    history = (Turn("user", "Wo liegt der Stadtgarten?"), Turn("assistant", "Am Nordmarkt."))
    asked = (Question("1", "1", "Sprachkurs"), Question("2", "2", "Und wann?", history))
    qrels = {"1": {"kurs": 1}, "2": {"garten": 1}}
    found_by = passages.collections(entries, qrels)
    task = Task("klein", tmp_path / "data", *found_by, asked, asked, (1,))
    turns = "turns before a follow-up"
    nothing = Component(COMPONENTS["vectors"].replaced, indexed=_Blind)
    found = ablate(task, default_model.load(), {turns: COMPONENTS[turns], "all": nothing})

    assert {name: figures["recall@1"] for name, (figures, _) in found.items()} == {
        "": {"1": 1.0, "2": 1.0},
        turns: {"1": 1.0, "2": 0.0},
        "all": {"1": 0.0, "2": 0.0},
    }
