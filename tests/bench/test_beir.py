"""A set in BEIR layout becomes figures by one command, and a bad line a message."""

import json
import subprocess
import sys

import pytest

from tests.bench import beir
from tests.bench.golden import ROOT

PASSAGES = {
    "p1": ("Grün", "Im Stadtgarten pflegen Nachbarn gemeinsam Beete."),
    "p2": ("", "Das Lesecafé öffnet montags."),
    "p3": ("", "Kaffee und Bücher gibt es auch im Lesecafé, das von Ehrenamtlichen getragen wird."),
    "p4": ("", "Der Spielplatz ist neu."),
    "p5": ("", "Beim Umbau wünschten sich viele Kinder einen Spielplatz mit Wasser und Sand."),
    "p6": ("Wohnen", "Schrottimmobilien belasten ganze Straßenzüge."),
    "p7": ("", "Die Hausaufgabenhilfe findet in der Grundschule statt."),
    "p8": ("Geld", "Die Förderung beträgt zehntausend Euro im Jahr."),
    "p9": ("", "Der Seniorentreff lädt zum Frühstück ein."),
    "p10": ("", "Ältere Menschen kommen dort zusammen."),
    "p11": ("", "Ein Radweg fehlt."),
    "p12": ("", "Entlang der Hauptstraße entsteht ein breiter Radweg bis zum Bahnhof."),
    "p13": ("", "Wochenmarkt"),
    "p14": ("", "Der Wochenmarkt zieht um."),
    "p15": ("", "Im Jugendzentrum proben Bands."),
    "p16": ("", "Polizei und Ordnungsamt gehen gemeinsam Streife."),
    "p17": ("", "Die Buslinie wird verlängert."),
    "p18": ("", "Ein Sprachkurs beginnt im Herbst."),
    "p19": ("", "Müll wird zweimal wöchentlich abgeholt."),
    "20": ("", "Das Quartiersmanagement berät Vereine."),
}
QUERIES = {
    "q1": "Stadtgarten",
    "q2": "Lesecafé",
    "q3": "Spielplatz",
    "q4": "Schrottimmobilie",
    "q5": "Hausaufgaben Hilfe",
    "q6": "foerderung",
    "q7": "Seniorentreff",
    "q8": "Radweg",
    "p13": "Wochenmarkt",  # is itself a passage, which mustn't count as found
    "q10": "Jugendzentrum",
    "q11": "Sprachkurs",  # nobody judged it
    "q12": "Buslinie",  # judged, but nothing is relevant
}
QRELS = """query-id	corpus-id	score
q1	p1	2
q2	p3	1
q3	p4	1
q3	p5	2
q4	p6	1
q5	p7	2
q6	p8	1
q7	p9	1
q7	p10	1
q8	p11	0
q8	p12	1
p13	p13	1
p13	p14	1
q10	p15	1
q12	p17	0
"""


def write(folder, corpus=None, queries=None, qrels=QRELS):
    """Write a set; the parts are given as lines, by default those above."""
    corpus = corpus or [
        json.dumps(
            {"_id": id, "title": title, "text": text} if title else {"_id": id, "text": text}
        )
        for id, (title, text) in PASSAGES.items()
    ]
    queries = queries or [json.dumps({"_id": i, "text": t}) for i, t in QUERIES.items()]
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text("\n".join(corpus), encoding="utf-8")
    (folder / "queries.jsonl").write_text("\n".join(queries), encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return folder


def command(*arguments):
    """Run the benchmark as a person would."""
    whole = [sys.executable, "-m", "tests.bench.retrieval", *map(str, arguments)]
    return subprocess.run(whole, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What the command finds out about the set above."""
    folder = tmp_path_factory.mktemp("beir")
    done = command("--beir", write(folder / "klein"), "--json", folder / "report.json")
    assert done.returncode == 0, done.stderr
    assert "klein, test: 10 questions, 20 passages" in done.stdout
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def test_plain_bm25_gets_the_figures_worked_out_by_hand(report):
    """Exact words only: q4 to q6 find nothing, q2 and q8 the right one second, q7 one of two.

    p13 finds itself and p14; itself doesn't count, and as its qrels hold it, one of two is found
    first. nDCG@10 of q3 is (1 + 2 / log2 3) / (2 + 1 / log2 3) = 0.8597, of q2 and q8
    1 / log2 3 = 0.6309, of q7 and p13 1 / (1 + 1 / log2 3) = 0.6131.
    """
    figures = report["systems"]["bm25"]

    assert figures["recall@5"] == pytest.approx((1 + 1 + 1 + 0.5 + 1 + 0.5 + 1) / 10)
    assert figures["RR@10"] == pytest.approx((1 + 0.5 + 1 + 1 + 0.5 + 1 + 1) / 10)
    expected = (1 + 0.6309 + 0.8597 + 0.6131 + 0.6309 + 0.6131 + 1) / 10
    assert figures["nDCG@10"] == pytest.approx(expected, abs=1e-4)


def test_the_product_finds_what_words_alone_miss(report):
    """An inflected form, a compound typed apart and ae for ä are found; the lead is measured."""
    ours, theirs = (report["systems"][name]["recall@5"] for name in ("product", "bm25"))

    assert ours >= theirs + 0.3
    difference, low, high = report["leads"]["bm25"]["recall@5"]
    assert difference == pytest.approx(ours - theirs)
    assert 0 < low < difference < high


def test_every_system_is_timed_and_weighed(report):
    """All five have figures, times and memory of their own; the ratio is to plain BM25."""
    assert list(report["systems"]) == ["product", "bm25", "bm25s", "dense", "recipe"]
    for figures in report["systems"].values():
        assert 0 <= figures["recall@10"] <= figures["recall@100"] <= 1
        assert 0 < figures["p50 ms"] <= figures["p95 ms"]
        assert figures["MiB"] > 20
    assert report["systems"]["bm25"]["× BM25"] == 1


def test_a_bad_line_ends_the_command_with_its_place(tmp_path):
    """No traceback: file, line and what is wrong, and a status that a script can see."""
    folder = write(tmp_path / "kaputt", corpus=['{"_id": "a", "text": "Ein Satz."}', "{kaputt"])
    done = command("--beir", folder)

    assert done.returncode == 1
    assert f"{folder / 'corpus.jsonl'}, Zeile 2: kein gültiges JSON" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"corpus": ['["a"]']}, "corpus.jsonl, Zeile 1: kein JSON-Objekt"),
        ({"corpus": ['{"text": "a"}']}, "corpus.jsonl, Zeile 1: das Feld „_id“ fehlt"),
        ({"corpus": ['{"_id": "a"}']}, "corpus.jsonl, Zeile 1: das Feld „text“ fehlt"),
        ({"corpus": ['{"_id": "a", "text": 7}']}, "das Feld „text“ fehlt oder ist kein Text"),
        (
            {"corpus": ['{"_id": "a", "text": "b"}', "", '{"_id": "a", "text": "c"}']},
            "corpus.jsonl, Zeile 3: die Kennung „a“ gibt es schon in Zeile 1",
        ),
        ({"queries": ["null"]}, "queries.jsonl, Zeile 1: kein JSON-Objekt"),
        ({"qrels": "q1\tp1\n"}, "test.tsv, Zeile 1: 2 statt 3 Spalten"),
        ({"qrels": "q1\tp1\tviel\n"}, "test.tsv, Zeile 1: „viel“ ist keine Zahl"),
        ({"qrels": "q1\tp1\tinf\n"}, "test.tsv, Zeile 1: „inf“ ist keine Zahl"),
        ({"qrels": "x\tp1\t1\n"}, "Keine Frage des Teils „test“"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, parts, message):
    """Whatever the fault, the message names the file and the line."""
    with pytest.raises(beir.BeirError) as fault:
        beir.read(write(tmp_path / "satz", **parts), "test")

    assert message in str(fault.value)


def test_a_missing_split_names_those_there_are(tmp_path):
    """Whoever asks for a part that isn't there learns which are."""
    folder = write(tmp_path / "satz")
    with pytest.raises(beir.BeirError, match=r"dev\.tsv fehlt.*: test\."):
        beir.read(folder, "dev")
    (folder / "queries.jsonl").unlink()
    with pytest.raises(beir.BeirError, match=r"queries\.jsonl lässt sich nicht lesen"):
        beir.read(folder, "test")


def test_a_byte_that_isnt_utf_8_is_placed(tmp_path):
    """Old encodings are common; the message says where the first one stands."""
    folder = write(tmp_path / "satz")
    (folder / "queries.jsonl").write_bytes(b'{"_id": "q1", "text": "a"}\n\n{"_id": "\xfc"}\n')
    with pytest.raises(beir.BeirError, match=r"queries\.jsonl, Zeile 3: kein UTF-8"):
        beir.read(folder, "test")


def test_harmless_oddities_are_read_and_told(tmp_path):
    """A byte-order mark, blank lines, numbers as ids, no head line, grades like 1.0, no text."""
    corpus = ['\ufeff{"_id": 1, "text": "Eins.", "title": null}', "", '{"_id": 2, "text": ""}']
    corpus.append('{"_id": 3, "text": "", "title": "Drei"}')
    queries = ['{"_id": 7, "text": "eins?", "metadata": {}}']
    found = beir.read(
        write(tmp_path / "satz", corpus, queries, "7\t1\t1.0\r\n7\t9\t1\n8\t1\t1"), "test"
    )

    assert [(entry.id, entry.title, entry.text) for entry in found.entries] == [
        ("1", "", "Eins."),
        ("3", "", "Drei"),
    ]
    assert (found.queries, found.qrels) == ({"7": "eins?"}, {"7": {"1": 1, "9": 1}})
    assert found.notes == (
        "1 Textstellen ohne Text ausgelassen",
        "1 Fragen der qrels, die queries.jsonl nicht hat, ausgelassen",
        "1 passende Textstellen fehlen in corpus.jsonl und gelten als nicht gefunden",
    )
