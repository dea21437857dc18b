"""German analysis: one word, one stem, however it is written; and every word keeps its place."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import GenerationError
from corpus.german import Analyser, fold
from corpus.german_tokens import raw_tokens

TEXTS = (
    "Das Quartiersmanagement im Quartier vermittelt zwischen Verwaltung und Bewohnern.",
    "Bewohnerinnen und Bewohner gehen zur Stadtentwicklung; die Entwicklung der Stadt zählt.",
    "Die Entwicklung des Quartiers und die Beteiligung der Bewohner sind Ziele der Stadt.",
    "Städtebauförderung ist Förderung. Die Beteiligung am Städtebau fördert das Amt.",
    "Die Schule und die Sozialarbeit: Schulsozialarbeit. Sozialarbeit an jeder Schule.",
    "Die Maßnahmen der Sozialarbeit auf der Straße und in der Schule nennt das ISEK.",
)
ANALYSER = Analyser.learn(TEXTS)


def words(text, analyser=ANALYSER):
    """Return the words a text is searched as."""
    return analyser.analyse(text).words


@pytest.mark.parametrize(
    "form",
    [
        *("Bewohner", "Bewohnern", "Bewohnerin", "Bewohnerinnen", "Bewohner:innen"),
        *("Bewohner*innen", "Bewohner_innen", "BewohnerInnen", "Bewohner/innen"),
        *("Bewohner/-innen", "Bewohner(innen)", "Bewohner:in", "BEWOHNER", "Be\u00adwohner"),
    ],
)
def test_gender_forms_and_cases_share_a_stem(form):
    """Whatever the text's way to write for all genders, a search for Bewohner finds it."""
    assert words(form) == words("Bewohner")


def test_feminine_forms_without_er_share_the_stem():
    """Kollegin and Akteurinnen are found as Kollege and Akteure."""
    assert words("Kollegin Akteurinnen Expert:innen") == words("Kollege Akteure Experten")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Staedtebaufoerderung", "Städtebauförderung"),
        ("Stadtebauforderung", "Städtebauförderung"),
        (unicodedata.normalize("NFD", "Städtebauförderung"), "Städtebauförderung"),
        ("Massnahmen", "Maßnahmen"),
        ("QUARTIERSMANAGEMENT", "Quartiersmanagement"),
    ],
)
def test_spellings_of_umlauts_are_one(typed, printed):
    """ä, ae, a and a composed of two characters lead to the same words and grams."""
    assert ANALYSER.analyse(typed) == ANALYSER.analyse(printed)


def test_linking_s_is_optional():
    """Quartiermanagement is Quartiersmanagement, whichever of them the collection writes."""
    other = Analyser.learn([t.replace("Quartiersm", "Quartierm") for t in TEXTS])

    for analyser in (ANALYSER, other):
        assert words("Quartiersmanagement", analyser) == words("Quartiermanagement", analyser)


def test_lemma_comes_before_the_stem():
    """Irregular forms are found, those of the collection and those only a question has."""
    assert words("ging gegangen") == words("gehen gehen")


def test_compounds_have_parts():
    """Parts are the stems of words the collection knows; the whole word stays."""
    analysis = ANALYSER.analyse("Bewohnerbeteiligung")

    assert analysis.words == ("bewohnerbeteil",)
    assert set(analysis.parts) == set(words("Bewohner Beteiligung"))
    assert set(ANALYSER.analyse("Schulsozialarbeit").parts) == set(words("Schule Sozialarbeit"))


def test_shared_parts_are_written_out():
    """Both compounds of "Stadt- und Quartiersentwicklung" are searched, from either end."""
    assert words("Stadt- und Quartiersentwicklung")[0] == words("Stadtentwicklung")[0]
    assert words("Quartiersentwicklung und -beteiligung")[1] == words("Quartiersbeteiligung")[0]
    assert words("Stadt-, Schul- und Quartiersentwicklung")[2] == words("Schulentwicklung")[0]
    assert words("Stadt- und mehr") == words("Stadt mehr")


def test_hyphenated_compounds_are_searched_whole_and_in_pieces():
    """Vor-Ort-Büro is found as such, as VorOrtBüro and by Büro."""
    whole = words("Vor-Ort-Büro")

    assert whole[0] == words("Vorortbüro")[0]
    assert set(words("Büro Ort")) <= set(whole)


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("§ 171e BauGB", ["§171e", "171e", "baugb"]),
        ("§§ 11 bis 14", ["§11", "§14"]),
        ("Art. 28 GG", ["art28", "gg"]),
        ("Paragraf 16 Absatz 2", ["§16", "absatz", "2"]),
        ("12. Mai 2015", ["2015-05-12", "05-12", "2015-05", "2015", "mai"]),
        ("2015-05-12", ["2015-05-12", "05-12", "2015-05", "2015", "mai"]),
        ("Mai 2015", ["2015-05", "2015", "mai"]),
        ("Zahl 99.12.2015", ["zahl", "99", "12", "2015"]),
        ("2014/15", ["2014", "15"]),
        ("10.000 Euro", ["10000", "euro"]),
        ("40.000 €", ["40000", "euro"]),
        ("3,5 %", ["3,5", "prozent"]),
        ("G.I.B. und U18", ["gib", "u18"]),
    ],
)
def test_numbers_dates_and_references_stay_exact(text, exact):
    """No figure is stemmed; one date has one form, and its month and year are searched too."""
    assert list(words(text)) == exact


def test_stop_and_question_words_are_dropped():
    """What carries no topic isn't searched, typed with or without umlauts."""
    assert words("Welche Ziele hat die Stadt und für wen?") == words("Ziele Stadt")
    assert words("wer für fuer über dieses") == ()


def test_grams_have_no_umlauts():
    """Grams are cut from the surface, four and five characters long."""
    assert ANALYSER.analyse("Ämter").grams == ("amte", "mter", "amter")
    assert ANALYSER.analyse("Amt").grams == ("amt",)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
@settings(max_examples=300)
def test_tokens_lie_in_the_text_in_order(text):
    """Whatever is typed: tokens have text, don't overlap, and analysing never fails."""
    at = 0
    for token in ANALYSER.tokens(text):
        assert at <= token.start < token.end <= len(text)
        assert token.stem
        at = token.end
    assert all(" " not in w for w in (*words(text), *ANALYSER.analyse(text).grams))


@given(st.lists(st.sampled_from(" ".join(TEXTS).split()), max_size=12))
def test_a_text_is_the_sum_of_its_tokens(chosen):
    """Words found by offset and words searched are the same ones."""
    text = " ".join(chosen)
    found = [t for t in ANALYSER.tokens(text) if t.kind != "stop"]

    assert words(text) == tuple(w for t in found for w in (t.stem, *t.also))


def test_document_frequency_counts_texts():
    """A stem counts once a text, also where it is part of a compound."""
    assert ANALYSER.texts == len(TEXTS)
    assert ANALYSER.document_frequency("quarti") == 2
    assert ANALYSER.document_frequency(words("Entwicklung")[0]) == 2
    assert ANALYSER.document_frequency("brot") == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Quartirsmanagement", "Quartiersmanagement"),
        ("Bewonher", "Bewohner"),
        ("Staedtebaufördrung", "Städtebauförderung"),
        ("Kartoffelsalat", None),
        ("Pewohner", None),
        ("Bewner", None),
        ("INSEK", None),
        ("Amd", None),
        ("", None),
    ],
)
def test_near_words_come_likeliest_first(typed, meant):
    """Near words come as the collection writes them; far, short and capital ones have none."""
    assert next(iter(ANALYSER.near(typed)), None) == meant


def test_words_come_as_the_collection_writes_them():
    """Capitals and umlauts are the collection's; other words aren't known."""
    assert ANALYSER.written("isek") == "ISEK"
    assert ANALYSER.written("Staedtebau") == "Städtebau"
    assert ANALYSER.written("Brot") is None
    assert (ANALYSER.frequency("SCHULE"), ANALYSER.frequency("Brot")) == (2, 0)


def test_saved_and_loaded_analyses_alike(tmp_path):
    """What is learnt survives the file, and learning twice writes the same bytes."""
    ANALYSER.save(tmp_path / "eins.json")
    Analyser.learn(iter(TEXTS)).save(tmp_path / "zwei.json")
    loaded = Analyser.load(tmp_path / "eins.json")

    assert (tmp_path / "eins.json").read_bytes() == (tmp_path / "zwei.json").read_bytes()
    for text in (*TEXTS, "ging zum Quartiermanagement", "Stadt- und Schulentwicklung"):
        assert loaded.tokens(text) == ANALYSER.tokens(text)
    assert loaded.texts == ANALYSER.texts


def test_loaded_analyser_needs_no_dictionary(tmp_path, monkeypatch):
    """A question, even of unknown words, never makes simplemma load its dictionary."""
    ANALYSER.save(tmp_path / "a.json")
    loaded = Analyser.load(tmp_path / "a.json")
    monkeypatch.setattr("corpus.german.DefaultDictionaryFactory", None)
    monkeypatch.setattr("corpus.german.DefaultStrategy", None)

    assert loaded.analyse("Wohin gingen unbekannte Xylophonisten?").words[0] == "geh"


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"version": "0"}', '{"version": "1", "x": 1}']
)
def test_damaged_file_is_named(tmp_path, content):
    """An unreadable or outdated file is an error that names it."""
    path = tmp_path / "analyser.json"
    path.write_text(content)

    with pytest.raises(GenerationError, match=r"analyser\.json"):
        Analyser.load(path)


def test_file_is_plain_json(tmp_path):
    """Others can read what was learnt."""
    ANALYSER.save(tmp_path / "a.json")

    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["vocabulary"]["quartier"] == 1


def test_an_analyser_without_learning_only_stems():
    """It works before there is a collection."""
    assert words("Häuser der Stadt", Analyser()) == ("haus", "stadt")


def test_fold_keeps_ue_after_vowels():
    """Only a typed umlaut is one: Fuesse, but not neue, Frauen or Quelle."""
    assert [fold(w) for w in ("fuesse", "füße", "neue", "frauen", "quelle", "grösse")] == [
        *("fusse", "fusse", "neue", "frauen", "quelle", "grosse")
    ]


def test_offsets_of_references_cover_their_numbers():
    """Each number of an enumeration is a token of its own, where it stands."""
    text = "nach §§ 136 bis 164b BauGB"
    found = [text[t.start : t.end] for t in raw_tokens(text) if t.kind == "section"]

    assert found == ["§§ 136", "164b"]


@pytest.fixture(scope="module")
def starter():
    """Return an analyser of the starter collection's texts."""
    folder = Path(__file__).parents[2] / "corpus" / "sources"
    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.md"))]
    return Analyser.learn(part for text in texts for part in text.split("\n\n"))


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Quartiermanagement", "Quartiersmanagement"),
        ("gefördert", "fördern"),
        ("geförderte", "fördert"),
        ("eingerichtet", "einrichten"),
        ("beschlossen", "beschließen"),
        ("vergibt", "vergeben"),
        ("fanden", "finden"),
        ("teilgenommen", "teilnehmen"),
        ("gelungen", "gelingendes"),
        ("Häuser", "Haus"),
        ("Gremien", "Gremium"),
        ("Quartiersmanager:innen", "Quartiersmanagerin"),
        ("Akteur_innen", "Akteuren"),
        ("BürgerInnen", "Bürger"),
        ("Bürger*innenbeteiligung", "Bürgerbeteiligung"),
        ("Vermieter/innen", "Vermietern"),
        ("Jugendliche:r", "Jugendlicher"),
        ("Staedtebaufoerderung", "Städtebauförderung"),
        ("stadtebauforderung", "Städtebauförderung"),
        ("sozialraeumlich", "sozialräumliche"),
        ("31.12.2018", "31. Dezember 2018"),
        ("§ 171 e", "§171e"),
        ("10 000 Euro", "10.000 €"),
    ],
)
def test_real_words_meet(starter, typed, printed):
    """Spelling, case, tense, gender form and umlauts don't keep the collection's words apart."""
    assert words(typed, starter) == words(printed, starter)


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("Quartiers-Management", "Quartiersmanagement"),
        ("Stadt- und Quartiersentwicklung", "Stadtentwicklung"),
        ("Stadt- und Quartiersentwicklung", "Quartiersentwicklung"),
        ("Kinder- und Jugendhilfe", "Jugendhilfe"),
    ],
)
def test_real_compounds_are_found_in_longer_wordings(starter, typed, part):
    """A compound is among the words of what is hyphenated or left out."""
    assert set(words(part, starter)) <= set(words(typed, starter))
