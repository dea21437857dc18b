"""The command line: results to stdout, German errors with a code, exit status not 0."""

import json

import pytest

from tests.conftest import Commands
from tests.corpus.test_reranker import make_model


def test_help_is_german_and_fast_to_read(own_commands):
    """The help lists the commands in German and needs no data folder."""
    page = own_commands.run("--help").stdout

    assert page.startswith("Aufruf:")
    for command in ("serve", "ingest", "documents", "ask", "search", "doctor"):
        assert command in page
    assert not own_commands.data.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("fragen",), "ERR_USAGE", "Den Befehl"),
        (("ask",), "ERR_USAGE", "Es fehlt die Angabe"),
        (("ask", "Was?", "--laut"), "ERR_USAGE", "Die Option --laut gibt es nicht"),
        (("ask", "Was?", "--workshop", "drei"), "ERR_USAGE", "erwartete Form"),
        (("ingest", "gibt-es-nicht"), "ERR_UNKNOWN", "gibt-es-nicht"),
        (("documents", "undo"), "ERR_GENERATION", "keinen früheren Stand"),
        (("documents", "show", "heft"), "ERR_UNKNOWN", "heft"),
    ],
)
def test_failures_are_named(own_commands, arguments, code, says):
    """Each failure prints code and remedy to stderr, nothing to stdout."""
    done = own_commands.run(*arguments, check=False)

    assert done.returncode != 0
    assert done.stderr.startswith(f"{code}: ")
    assert says in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_failures_as_json(own_commands):
    """With ``--json`` a program reads the error from stdout."""
    done = own_commands.run("ingest", "gibt-es-nicht", "--json", check=False)

    assert json.loads(done.stdout)["error"]["code"] == "ERR_UNKNOWN"


def test_wrong_setting_stops_the_start(own_commands):
    """A mistyped setting is named, with the one that was meant."""
    own_commands.environment["SOZIALRAUM_PROT"] = "80"
    done = own_commands.run("doctor", check=False)

    assert done.returncode != 0
    assert "SOZIALRAUM_PORT" in done.stderr


def test_one_bad_line_doesnt_stop_the_others(commands):
    """JSON lines: an unusable question gets an error object of its own, in its place."""
    rows = [
        {"id": 1, "question": "Was ist ein Verfügungsfonds?"},
        {"id": 2, "question": ""},
        {"id": 3, "question": "Was ist ein Verfügungsfonds?", "workshop": 99},
        {"id": 4, "question": "Was ist ein Verfügungsfonds?", "history": []},
    ]
    answers = commands.lines("ask", "--json", "-", rows=rows)

    assert [a["id"] for a in answers] == [1, 2, 3, 4]
    assert [a["status"] for a in answers] == ["answered", "error", "error", "answered"]
    assert answers[1]["refusal"]["reason"] == "ERR_QUESTION"


def test_plain_language_explains_short_forms(commands):
    """``--einfach`` lists the short forms below the verbatim sentences; a line can ask for it."""
    question = "Was kann die Stadt nach dem WAG tun?"
    printed = commands.run("ask", question, "--einfach").stdout
    rows = [{"id": 1, "question": question, "plain": True}, {"id": 2, "question": question}]
    plain, usual = commands.lines("ask", "--json", "-", rows=rows)
    term = {"term": "WAG", "meaning": "Wohnungsaufsichtsgesetz NRW"}

    assert "\nBegriffe\n  WAG: Wohnungsaufsichtsgesetz NRW\n" in printed
    assert (plain["plain"], usual["plain"]) == (True, False)
    assert term in plain["terms"]
    assert usual["terms"] == []
    quotes = " ".join(c["quote"] for c in plain["citations"])
    assert all(s["text"] in quotes and s["support"] == "verbatim" for s in plain["segments"])


def test_search_prints_ranked_passages(commands):
    """Hits come ranked, with scores that fall and everything a program needs."""
    hits = commands.json("search", "Verfügungsfonds", "-k", "5")["hits"]

    assert [hit["rank"] for hit in hits] == [1, 2, 3, 4, 5]
    scores = [hit["score"] for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert "quartiersmanagement" in {hit["document"] for hit in hits}
    rows = [{"id": "a", "query": "Verfügungsfonds", "workshop": 3}]
    (scoped,) = commands.lines("search", "--json", "-", rows=rows)
    assert scoped["id"] == "a"
    assert {hit["workshop"] for hit in scoped["hits"]} == {3}


def test_search_explains_its_hits(commands):
    """Each hit comes with words, vectors and steps whose points add up to its score."""
    query = "Welche Schritte hat die Verstetigung?"
    hits = commands.json("search", query, "-k", "3", "--explain")["hits"]
    (line,) = commands.lines("search", "--json", "--explain", "-", rows=[{"query": query, "k": 3}])
    told = commands.run("search", query, "-k", "3", "--explain").stdout

    assert line["hits"] == hits
    for hit in hits:
        why = hit["explanation"]
        parts = [*(t["points"] for t in why["terms"]), *(s["points"] for s in why["rerank"])]
        assert abs(sum(parts) + why["vectors"] - hit["score"]) < 2e-4
        assert all(abs(sum(t["sources"].values()) - t["points"]) < 1e-4 for t in why["terms"])
    assert "„Verstetigung“ → verstet (Gewicht 1,00): " in told
    assert "– eine Liste, wie gefragt" in told
    assert "explanation" not in commands.json("search", query, "-k", "1")["hits"][0]


def test_a_cross_encoder_is_set_by_its_folder(commands, tmp_path):
    """The one that is set has its say in every hit; a folder without one is named."""
    own = Commands(commands.data)
    own.environment["SOZIALRAUM_RERANKER"] = str(tmp_path / "fehlt")
    failed = own.run("search", "Park", check=False)
    own.environment["SOZIALRAUM_RERANKER"] = str(make_model(tmp_path / "klein", labels=1))
    hits = own.json("search", "Park", "-k", "3", "--explain")["hits"]

    assert failed.returncode == 1
    assert failed.stderr.startswith("ERR_RERANKER_MISSING: ")
    assert len(hits) == 3
    assert all("model" in [s["reason"] for s in h["explanation"]["rerank"]] for h in hits)


def test_documents_are_listed(commands):
    """The list names every document with pages and passages; one is shown with its sections."""
    found = {entry["id"]: entry for entry in commands.json("documents", "list")}

    assert len(found) == 17
    assert all(entry["passages"] > 0 for entry in found.values())
    compiled = commands.json("documents", "show", "sammelband")
    workshops = {tuple(s["path"][:1]): s["workshop"] for s in compiled["sections"]}
    assert {1, 2, 3, None} == set(workshops.values())


def test_doctor_finds_everything_in_order(commands):
    """On a sound collection every check passes, canaries included."""
    report = commands.json("doctor")

    assert report["ok"]
    assert any("Probeabfragen" in check["message"] for check in report["checks"])


def test_doctor_finds_damage(own_commands, tmp_path):
    """A flipped byte in the generation is found and named; the exit status says so."""
    (tmp_path / "heft.md").write_text("# Heft\n\nEin Satz zum Quartier.\n", "utf-8")
    own_commands.json("ingest", tmp_path / "heft.md")
    vectors = next((own_commands.data / "generations").rglob("vectors.npy"))
    content = bytearray(vectors.read_bytes())
    content[-1] ^= 0xFF
    vectors.write_bytes(content)
    done = own_commands.run("doctor", "--json", check=False)

    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert not report["ok"]
    assert any("vectors.npy" in check["message"] for check in report["checks"] if not check["ok"])


def test_follow_up_reads_its_history(commands, tmp_path):
    """A follow-up is answered in the light of the conversation so far."""
    history = tmp_path / "verlauf.json"
    turns = [
        {"role": "user", "text": "Wann fand die Werkstatt zu Kriminalprävention statt?"},
        {"role": "assistant", "text": "Am 5. September 2017."},
    ]
    history.write_text(json.dumps(turns), "utf-8")
    answer = commands.json("ask", "Und wo?", "--history", history)

    assert answer["status"] == "answered"
    assert "Kriminalprävention" in answer["query"]
    assert any("Bochum" in segment["text"] for segment in answer["segments"])
