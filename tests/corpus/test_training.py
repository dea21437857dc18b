"""Training: texts become pairs without labels, and the same texts become the same model."""

import random
import re

import pytest

from corpus.catalogue import Abbreviation, Glossary
from corpus.embedder import load
from corpus.german import Analyser
from corpus.self_retrieval import heading_key
from corpus.static_terms import GRAM_BUCKETS, WORD_BUCKETS, bucket, known_terms, terms
from corpus.train_embedder import train
from corpus.training_texts import (
    Pair,
    Paragraph,
    bare_heading,
    glossary_pairs,
    pairs,
    paragraphs,
    read_folder,
)

TEXT = """---
titel: "Das Heft"
---

Ein Absatz vor jeder Überschrift, der **lang** genug ist.[^beleg]

## Kapitel

### § 3 Beteiligung der Menschen

Wer im Quartier lebt, redet mit. Das gilt
auch für Kinder und Jugendliche.

- Der erste Punkt einer Liste mit einem [Verweis](https://example.org/x).

| Spalte | Wert |
| --- | --- |
| Beteiligte im ersten Jahr | 40 Menschen |

[^beleg]: https://example.org/beleg-mit-einer-langen-adresse-im-netz
"""


def test_markdown_becomes_plain_paragraphs():
    """Markup, footnotes, addresses and short lines are gone; the way of headings is kept."""
    found = list(paragraphs("heft", TEXT))

    assert [p.way for p in found] == [(), *[("Kapitel", "§ 3 Beteiligung der Menschen")] * 3]
    assert {p.title for p in found} == {"Das Heft"}
    assert found[0].text == "Ein Absatz vor jeder Überschrift, der lang genug ist."
    assert found[1].text.endswith("Das gilt auch für Kinder und Jugendliche.")
    assert found[2].text == "Der erste Punkt einer Liste mit einem Verweis."
    assert "40 Menschen" in found[3].text
    assert not any(re.search(r"example|\||\*|\[|---", p.text) for p in found)


def test_folder_leaves_out_what_is_named(tmp_path):
    """README and held-out texts aren't read."""
    for name in ("README", "eins", "zwei"):
        (tmp_path / f"{name}.md").write_text(
            f"# {name}\n\nEin Absatz, der wirklich lang genug ist."
        )

    assert [p.document for p in read_folder(tmp_path, without=["zwei"])] == ["eins"]


@pytest.mark.parametrize(
    ("heading", "bare"),
    [
        ("§ 3 Beteiligung", "Beteiligung"),
        ("Art. 28 Gemeinden", "Gemeinden"),
        ("1.2 Ziele", "Ziele"),
        ("Schule 2020", "Schule 2020"),
    ],
)
def test_numbers_of_headings_are_dropped(heading, bare):
    """Only what the heading says is left."""
    assert bare_heading(heading) == bare


def test_pairs_come_from_headings_neighbours_and_sentences():
    """Each paragraph is paired with its heading, its neighbour and its own sentence."""
    one = Paragraph("d", "", ("Beteiligung",), "Alle reden mit. Niemand bleibt außen vor.")
    two = Paragraph("d", "", ("Beteiligung",), "Dafür gibt es Versammlungen.")
    found = pairs([one, two], seed=0)

    assert Pair("Beteiligung", one.text) in found
    assert Pair(one.text, two.text) in found
    assert any(p.question in one.text and p.passage in one.text and p.question for p in found)
    assert found == pairs([one, two], seed=0)


def test_glossary_gives_long_forms_and_variants():
    """Every spelling of a short form, and every variant of a term."""
    glossary = Glossary(
        (Abbreviation(("QM", "Q-M"), "Quartiersmanagement"),), (("Amt", "Ressort"),)
    )

    assert glossary_pairs(glossary) == [
        Pair("QM", "Quartiersmanagement"),
        Pair("Q-M", "Quartiersmanagement"),
        Pair("Amt", "Ressort"),
    ]


def test_terms_come_once_and_unknown_ones_share_buckets():
    """Words, parts and 4-grams; what has no vector goes to a bucket of its kind."""
    found = terms(Analyser(), "Stadt, Stadt und Städte")

    assert found == ["stadt", "#stad", "#tadt", "#adte"]
    mapped = known_terms(found, {"stadt"})
    assert mapped[0] == "stadt"
    assert all(re.fullmatch(r"@#\d+", term) for term in mapped[1:])
    assert 0 <= int(bucket("xyz")[1:]) < WORD_BUCKETS
    assert 0 <= int(bucket("#xyz")[2:]) < GRAM_BUCKETS


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Two models trained from the same texts, and one from another seed."""
    chance = random.Random(0)  # noqa: S311  # not for secrets
    topics = (
        "Spielplatz Kinder Schaukel Sandkasten Rutsche Eltern Bank Schatten",
        "Miete Wohnung Vermieter Nebenkosten Kündigung Vertrag Heizung Balkon",
        "Bus Bahn Haltestelle Fahrplan Radweg Kreuzung Ampel Gehweg",
    )
    folder = [
        Paragraph(f"d{topic}", "Titel", (f"{words[n % 8]} und {words[(n + 3) % 8]}",), text)
        for topic, words in enumerate(t.split() for t in topics)
        for n in range(120)
        for text in [
            ". ".join(f"Hier ist {' und '.join(chance.sample(words, 3))}" for _ in range(3)) + "."
        ]
    ]
    base = tmp_path_factory.mktemp("modelle")
    for name, seed in (("eins", 0), ("zwei", 0), ("drei", 1)):
        train([folder], base / name, seed)
    return base


def test_same_seed_same_bytes(trained):
    """Training is repeatable, and the seed matters."""
    one, two, three = (
        {p.name: p.read_bytes() for p in (trained / name).iterdir()}
        for name in ("eins", "zwei", "drei")
    )

    assert one == two
    assert one["model.safetensors"] != three["model.safetensors"]


def test_words_of_a_topic_lie_together(trained):
    """A trained model tells the topics of its texts apart, and loads like any other."""
    model = load(trained / "eins")
    swing, slide, rent = map(model.embed_query, ("Schaukel", "Rutsche", "Miete"))

    assert float(swing @ slide) > float(swing @ rent) + 0.3


def test_a_model_says_which_headings_it_has_learnt(trained):
    """Every heading of its texts, and none else: what it knows by heart can't test it."""
    model = load(trained / "eins")

    assert len(model.learnt) == 24
    assert heading_key("Spielplatz und Sandkasten") in model.learnt
    assert heading_key("Spielplatz und Miete") not in model.learnt
