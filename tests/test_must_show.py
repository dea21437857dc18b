"""What the product must show, through the console script over the starter collection."""

import pytest

from ui.contract import CITATION_KEYS

ANSWERED = {
    "Wann und wo fand die Werkstatt zu Sicherheit und Kriminalprävention statt?": (
        "5. September 2017",
        "Bochum",
    ),
    "Welche fünf Prinzipien hat die Sozialraumorientierung?": ("Wille", "Ressourcen"),
    "Wie setze ich einen Verfügungsfonds ein?": ("Stadtteilgremium",),
    "wohnungsaufsichtsgesetz was kann die stadt tun": ("Bußgelder", "50.000 €"),
    "Was bedeutet IHK?": ("Integriertes Handlungskonzept",),
    "Wie viele Werkstätten gab es und in wie vielen Städten?": ("zehn Werkstätten in neun",),
    "Was ist über die Werkstatt in Bochum bekannt?": ("Bochum",),
}
REFUSED = {
    "Wie hoch ist die Mietobergrenze in Gelsenkirchen 2026?": "not_in_corpus",
    "Was wurde in der elften Werkstatt besprochen?": "false_premise",
    "Was wurde in der siebten Werkstatt besprochen?": "unknown_workshop",
    "Wie backe ich Brot?": "out_of_scope",
    "Was kostet ein Elefant?": "not_in_corpus",
    "Was kostete die Mondrakete?": "not_in_corpus",
}


@pytest.fixture(scope="module")
def answers(commands):
    """All answers, by question, from one process."""
    rows = [{"id": q, "question": q} for q in (*ANSWERED, *REFUSED)]
    return {answer["id"]: answer for answer in commands.lines("ask", "--json", "-", rows=rows)}


@pytest.mark.parametrize("question", ANSWERED)
def test_answered_with_proof(answers, question):
    """The answer has the facts, every segment is verbatim, every citation complete."""
    answer = answers[question]
    text = " ".join(segment["text"] for segment in answer["segments"])

    assert answer["status"] == "answered"
    for fact in ANSWERED[question]:
        assert fact in text
    citations = {c["key"]: c for c in answer["citations"]}
    for segment in answer["segments"]:
        assert segment["support"] == "verbatim"
        assert segment["citations"]
        assert all(segment["text"] in citations[key]["quote"] for key in segment["citations"])
    for citation in citations.values():
        assert tuple(citation) == CITATION_KEYS
        assert citation["origin"]
        if citation["document"] != "werkstaetten":
            assert citation["located"] == "exact"
            assert citation["page_label"]


@pytest.mark.parametrize("question", REFUSED)
def test_refused_with_reason(answers, question):
    """The refusal names its reason and helps on; nothing is quoted."""
    answer = answers[question]

    assert answer["status"] == "refused"
    assert answer["refusal"]["reason"] == REFUSED[question]
    assert len(answer["refusal"]["hint"]) > 60
    assert answer["segments"] == answer["citations"] == []


def test_citation_names_the_workshop(answers):
    """The date of the third workshop is cited to the third workshop."""
    first = answers["Wann und wo fand die Werkstatt zu Sicherheit und Kriminalprävention statt?"]

    assert {c["workshop"] for c in first["citations"]} == {3}
    assert first["citations"][0]["workshop_title"] == "Sicherheit und Kriminalprävention"


def test_answers_of_one_process_come_in_order(answers):
    """JSON lines go out in the order they came in."""
    assert list(answers) == [*ANSWERED, *REFUSED]


def test_own_pdf_lives_its_life(own_commands, tmp_path):
    """A PDF is read in, asked about, changed, read in again, removed, undone."""
    from tests.own_pdf import write_pdf

    path = tmp_path / "angstraeume.pdf"
    question = "Wie viele Angsträume zählte die Begehung in Neustadt?"
    write_pdf(path, "Die Begehung in Neustadt zählte zwölf Angsträume im Quartier.")
    assert own_commands.json("ingest", path)["added"] == ["angstraeume"]
    first = own_commands.json("ask", question)
    assert first["citations"][0]["quote"].count("zwölf") == 1
    assert first["citations"][0]["page_label"] == "1"

    write_pdf(path, "Die Begehung in Neustadt zählte siebzehn Angsträume im Quartier.")
    assert own_commands.json("ingest", path)["changed"] == ["angstraeume"]
    assert "siebzehn" in own_commands.json("ask", question)["segments"][0]["text"]

    again = own_commands.json("ingest", path)
    assert (again["unchanged"], again["added"]) == (["angstraeume"], [])

    assert own_commands.json("documents", "remove", "angstraeume")["removed"] == ["angstraeume"]
    assert own_commands.json("ask", question)["status"] == "refused"
    own_commands.json("documents", "undo")
    assert "siebzehn" in own_commands.json("ask", question)["segments"][0]["text"]
