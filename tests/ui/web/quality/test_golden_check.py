"""„Prüfen“ applies the set's own rules, asks the question, and says in German what it found."""

from html.parser import HTMLParser

import pytest

from assistant.evaluation.golden import GoldenSet
from assistant.evaluation.golden_files import load_golden
from assistant.evaluation.source import GenerationSource
from corpus.store import Store
from tests.assistant.evaluation.values import (
    SENTENCES,
    FakeSource,
    make_citation,
    make_evidence,
    make_item,
    make_nugget,
    make_observation,
    make_unanswerable,
)
from tests.ui.payloads import PAYLOADS
from tests.ui.web.quality.test_golden_form import GOLDEN, TODAY, filled
from ui.local import LocalService
from ui.markup import ALLOWED_TAGS
from ui.web.quality import golden_form, golden_view
from ui.web.quality.golden_check import Found, Trial, expected, faults, trial
from ui.web.quality.golden_view import Filter

SOURCE = FakeSource(heft=SENTENCES)
NONE = GoldenSet((), {})
# Names of fields in the files; on the screen they have German labels.
FIELD_NAMES = (
    *("reference_answer", "none_reason", "none_hint", "nugget", "evidence", "standalone"),
    *("match", "history", "importance", "grade"),
)

ATTRIBUTES = {"class", "id", "scope", "aria-label", "role", "tabindex"}


@pytest.fixture(scope="module")
def assistant(starter):
    """The assistant over the starter collection."""
    return LocalService(Store(starter), None).assistant()


@pytest.fixture(scope="module")
def golden():
    """The set of the repository."""
    return load_golden(GOLDEN)


def test_a_sound_item_has_no_faults():
    """Neither has the set's own item among the others."""
    assert faults(make_item(), NONE, SOURCE) == ()
    assert faults(make_unanswerable(), NONE, SOURCE) == ()


def test_items_of_the_repository_have_no_faults(golden, assistant):
    """The rules for one item are those for all."""
    source = GenerationSource(assistant.generation)

    for item in [item for item in golden.items if item.status == "active"][::20]:
        assert faults(item, golden, source) == ()


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (make_item(evidence=[make_evidence(quote="Das steht nirgends.")]), "steht nicht mehr"),
        (make_item(evidence=[make_evidence(doc="fehlt")]), "nicht eingelesen"),
        (make_item(evidence=[make_evidence(grade=1)]), "Rang „antwortet“"),
        (make_item(nuggets=[make_nugget(importance="okay")]), "Gewicht „unverzichtbar“"),
        (make_item(nuggets=[make_nugget(terms=["fünf Wochen"])]), "nicht in der Musterantwort"),
        (make_item(nuggets=[make_nugget(evidence=["e9"])]), "e9"),
        (make_item(reference_answer=None), "Musterantwort"),
        (make_item(none_reason="outdated"), "keinen Grund"),
        (make_item(type="follow_up"), "frühere Beiträge"),
        (make_unanswerable(none_hint=None), "einen Grund und einen Hinweis"),
        (make_unanswerable(evidence=[make_evidence()]), "weder Belege noch Aussagen"),
        (make_item(question="Was will Frau Meier?"), "Personennamen"),
        (make_item(evidence=[make_evidence(quote=" ".join(SENTENCES * 2))]), "höchstens 40"),
        (make_item("ein-langes-thema"), "drei Ziffern"),
    ],
)
def test_faults_are_told_in_the_words_of_the_form(item, said):
    """What is wrong, with no name of a field as the files have it."""
    found = faults(item, NONE, SOURCE)

    assert any(said in fault for fault in found), found
    assert not [name for name in FIELD_NAMES for fault in found if name in fault]


def test_the_others_count():
    """A question that is asked already, and an id that means another question, are found."""
    other = make_item("frist-002", question="Wie lang ist die Frist (frist-001)?")
    same = GoldenSet((other,), {})
    before = GoldenSet((make_item(question="Anders?", reference_answer="Anders."),), {})

    assert any("schon gefragt" in fault for fault in faults(make_item(), same, SOURCE))
    assert any("andere Frage" in fault for fault in faults(make_item(), before, SOURCE))


def test_loose_matchers_are_found():
    """A statement that any answer makes is told as such."""
    item = make_item(nuggets=[make_nugget(terms=["die"])])
    others = [
        make_item(f"a-{n}", evidence=[make_evidence(quote=f"Satz {n}: vier Wochen sind es.")])
        for n in range(5)
    ]

    found = faults(item, GoldenSet(tuple(others), {}), SOURCE)
    assert any("unter „Woran man sie erkennt“ enger fassen" in fault for fault in found), found


def test_the_question_is_asked_now(golden, assistant):
    """Hits with the evidence in them, statements found: for an item that is answered right."""
    item = next(i for i in golden.items if i.id == "ges-003")
    found = trial(item, assistant)

    assert found.seen.status == "answered"
    assert any(hit.evidence for hit in found.hits)
    assert found.nuggets == {"n1": True}
    assert all(ok for ok, _ in expected(found))


def test_what_did_not_come_is_said(golden, assistant):
    """A question without an answer that is answered, and evidence that isn't there."""
    item = next(i for i in golden.items if i.id == "ges-003")
    wrong = make_unanswerable(question=item.question)
    lost = item.model_copy(update={"evidence": make_item().evidence})

    assert [ok for ok, _ in expected(trial(wrong, assistant))] == [False]
    told = dict((text, ok) for ok, text in expected(trial(lost, assistant)))
    assert told["Beleg der Gruppe A gefunden: nicht unter den ersten 10"] is False


def test_a_question_that_fails_is_a_result(assistant):
    """Nothing to search for: it is told, not thrown."""
    found = trial(make_item(question="???"), assistant)

    assert found.seen.status in ("error", "refused")
    assert "Antwort" in golden_view.checked((), found)


# -- what is shown -------------------------------------------------------------------------


def test_the_list_is_filtered(golden):
    """By words, kind, state and file; what isn't there is said."""
    assert "Prüffragen." in golden_view.listing(golden, Filter())
    assert "bitte schränken Sie ein" in golden_view.listing(golden, Filter())
    some = golden_view.listing(golden, Filter(text="PRÄVENTIONSGESETZ kraft"))
    assert 'id="pruef-ges-003"' in some
    assert "alt-001" not in some
    assert "alt-001" not in golden_view.listing(golden, Filter(file="gesundheit.yaml"))
    assert "keine Prüffrage" in golden_view.listing(golden, Filter(status="draft"))
    assert "Folgefrage" in golden_view.listing(golden, Filter(type="follow_up"))


class Elements(HTMLParser):
    """Notes the elements and attributes of a page part."""

    def __init__(self, markup):
        super().__init__()
        self.names, self.attributes = set(), set()
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_foreign_text_stays_text(payload):
    """Questions, quotes, statements and answers can't bring markup with them."""
    source = FakeSource(heft=(f"Satz {payload}",))
    passage, document = source.passages("heft")[0], source.documents["heft"]
    item = make_item(question=f"x{payload}", tags=[f"x{payload}"])
    seen = make_observation(item, make_citation(passage, document))
    asked = Trial(item, seen, (Found(passage, document, ("e1",)),), {"n1": False}, ())
    listed = golden_view.listing(GoldenSet((item,), {item.id: payload}), Filter())

    for html in (listed, golden_view.checked([payload], asked), golden_view.said(payload)):
        found = Elements(html)
        assert found.names <= ALLOWED_TAGS
        assert found.attributes <= ATTRIBUTES, found.attributes


def test_items_of_the_test_split_carry_a_notice():
    """They may be corrected, and aren't for tuning."""
    assert "nur zur Veröffentlichung" in golden_view.split_note("test")
    assert "gemessen und verbessert" in golden_view.split_note("dev")


def test_problems_name_their_fields(tmp_path):
    """With the labels of the form."""
    (tmp_path / "a.yaml").write_text("schema: 1\nitems: []\n", encoding="utf-8")
    draft = golden_form.typed(filled(tmp_path), {"question": "", "evidence.doc": ""})

    html = golden_view.problems(draft, golden_form.read(draft)[1])
    assert "Frage: darf nicht leer sein." in html
    assert "Beleg e1, Dokument: darf nicht leer sein." in html
    assert golden_view.heading(golden_form.fresh(tmp_path, TODAY)).count("Neue Prüffrage") == 1
