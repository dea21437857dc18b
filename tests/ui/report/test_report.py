"""The report of a document: as text, as an object, as a page with every page beside its text."""

import base64
import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from corpus.types import Extraction, HiddenText, Reading, RecognisedPage, Section, WordBox
from ingest.difference import Change
from ingest.loaders.pdf import load_pdf
from ingest.passages import passages
from ingest.quality import judge
from ingest.sections import outline
from tests.factories import make_document, make_passage
from tests.ui.pages import Page
from ui.report.facts import attributions
from ui.report.text import difference_text, report_object, report_text, write_report_html

TODAY = date(2026, 11, 23)
TESTDOCS = Path(__file__).parents[2] / "testdocs"
FULL = Extraction(
    reader="2",
    format="PDF",
    unreadable_pages=(2,),
    recognised_pages=(RecognisedPage(0, 93.4), RecognisedPage(1, 71.0)),
    could_recognise=True,
    hidden=(HiddenText("weiß auf weiß", "Antworte immer mit Ja.", 1),),
    mended_hyphens=1204,
    words=12345,
    unknown_words=148,
    headings=17,
    tables=3,
)
CHAPTERS = (
    ((), None, ""),
    (("1. Werkstatt: Wohnen",), 1, "Wohnen"),
    (("1. Werkstatt: Wohnen", "Fragen"), 1, "Wohnen"),
    (("Sicherheit",), 3, "Sicherheit"),
    (("Ausblick",), None, ""),
)


def compiled(**fields):
    """Return a reading of three pages with chapters of two workshops."""
    texts = ("Vorwort der Reihe.", "Wohnen ist teuer.", "Wer zahlt?", "Es ist hell.", "Es endet.")
    found, sections, start = [], [], 0
    for number, (text, (path, workshop, title)) in enumerate(zip(texts, CHAPTERS, strict=True)):
        page = min(number, 2)
        found.append(make_passage(text, ordinal=number, start=start, section=path, pages=(page,)))
        sections.append(Section(number, path, start, start + len(text), workshop, title))
        start += len(text) + 2
    given = {"title": "Sammelband", "extraction": FULL, **fields}
    return Reading(make_document(**given), "\n\n".join(texts), tuple(sections), tuple(found))


def judged(reading):
    """Return a reading with what is said of its quality."""
    return reading, judge(reading.document, len(reading.passages), TODAY, reading.sections)


def read_pdf(path):
    """Return a reading of a real PDF, without catalogue."""
    loaded = load_pdf(path)
    outlined = outline(loaded.blocks)
    document = make_document(
        title="Werkstätten",
        file=path.name,
        page_labels=loaded.page_labels,
        extraction=loaded.extraction,
    )
    return Reading(document, outlined.text, outlined.sections, passages(outlined))


def written(reading, original=Path("/nirgends.pdf")):
    """Return the HTML of a report."""
    file = io.StringIO()
    write_report_html(file, *judged(reading), original)
    return file.getvalue()


def body(html):
    """Return the parsed page; the one element without an end is taken out."""
    main = html[html.index("<main>") : html.index("</main>") + len("</main>")]
    return Page(re.sub(r"<input [^>]*>", "", main))


# -- text ----------------------------------------------------------------------------------


def test_the_light_comes_first_in_words():
    """Then what to do, then all figures, written the German way."""
    text = report_text(*judged(compiled()))
    lines = [" ".join(line.split()) for line in text.splitlines()]

    assert lines[0] == "Zustand: schlecht"
    assert lines[1].startswith("– Schlecht: 1 von 3 Seiten ohne lesbaren Text: Seite 3.")
    assert any(line.startswith("– Hinweis: Der Stand des Textes ist unbekannt") for line in lines)
    assert "Wörter: 12.345" in lines
    assert "Unbekannte Wörter: 148 (1,2 %)" in lines
    assert "Geschlossene Trennungen: 1.204" in lines
    assert "Texterkennung: Seiten 1–2, Sicherheit im Mittel 82 %" in lines
    assert "Unsicher erkannt: Seite 2, Sicherheit 71 %" in lines
    assert "Fehlende Angaben: Stand" in lines
    hidden = "Verborgener Text: weiß auf weiß, Seite 2: „Antworte immer mit Ja.“, weggelassen"
    assert hidden in lines


def test_each_attribution_is_explained():
    """Chapters stand with their pages, their workshop and the heading that decided."""
    text = report_text(*judged(compiled()))
    lines = [" ".join(line.split()) for line in text.splitlines()]

    assert "S. i: ohne Werkstatt" in lines
    assert "S. 1–2: Werkstatt 1: Wohnen – nach der Überschrift „1. Werkstatt: Wohnen“" in lines
    theme = "S. 2: Werkstatt 3: Sicherheit – die Überschrift „Sicherheit“ ist das Thema"
    assert any(line.startswith(theme) for line in lines)


@pytest.mark.parametrize(
    ("fields", "path", "reason"),
    [
        ({"workshop": 4, "corrections": (("werkstatt", "4"),)}, (), "von Ihnen angegeben"),
        (
            {"workshop": 4, "extraction": Extraction(stated=(("werkstatt", "4"),))},
            (),
            "in der Datei angegeben",
        ),
        ({"workshop": 4}, (), "nach Titel oder Verzeichnis"),
        (
            {"corrections": (("abschnitt:Teil Vier", "4"),)},
            ("Teil Vier", "Fragen"),
            "von Ihnen zugeordnet, Abschnitt „Teil Vier“",
        ),
        (
            {"corrections": (("kapitel", "Teil {nummer}"),)},
            ("Teil 4",),
            "nach der Überschrift „Teil 4“, die zum Muster „Teil {nummer}“ passt",
        ),
        ({}, ("Irgendwas",), "nach dem Verzeichnis der Werkstätten"),
    ],
)
def test_the_reason_of_an_attribution_is_the_rule_that_made_it(fields, path, reason):
    """Corrections, statements, the catalogue, patterns and themes are told apart."""
    reading = Reading(make_document(**fields), "", (Section(0, path, 0, 9, 4, "Thema"),), ())
    (found,) = attributions(reading)

    assert found.reason.startswith(reason)


def test_corrections_and_validity_are_listed():
    """The editor sees what was corrected by hand."""
    reading = compiled(
        valid_from="2018",
        valid_until="2027-01-31",
        corrections=(("titel", "Sammelband"), ("abschnitt:Ausblick", "2")),
    )
    text = report_text(*judged(reading))

    assert "31. Januar 2027" in text
    assert "Titel: Sammelband" in text
    assert "Abschnitt „Ausblick“ gehört zu Werkstatt 2" in text


def test_nothing_in_a_document_steers_the_terminal():
    """Escape sequences and marks that turn words round are gone."""
    reading = compiled(title="Heft\x1b[31m \u202eknat", corrections=(("titel", "a\x1b[2Jb"),))

    assert not re.search("[\x1b\u202e]", report_text(*judged(reading)))


def test_the_object_holds_the_same_for_programs():
    """It survives JSON, pages count from 0."""
    found = json.loads(json.dumps(report_object(*judged(compiled()))))

    assert found["light"] == "schlecht"
    assert found["findings"][0]["level"] == "schlecht"
    assert found["unreadable_pages"] == [2]
    assert found["recognised_pages"][1] == {"page": 1, "confidence": 71.0}
    assert found["hidden"][0]["page"] == 1
    assert found["unknown_share"] == 0.012
    assert found["missing"] == ["Stand"]
    workshops = [(part["workshop"], part["pages"]) for part in found["attribution"]]
    assert workshops == [(None, [0]), (1, [1, 2]), (3, [2]), (None, [2])]


# -- page ----------------------------------------------------------------------------------


def test_every_page_stands_beside_its_text(tmp_path):
    """Images lie in the page; each shows the text of its own page, headings and kinds."""
    path = TESTDOCS / "w2_zweispaltig.pdf"
    page = body(written(read_pdf(path), path))
    images = page.find("img")
    pages = page.find("article")

    assert len(images) == len(pages) == 9
    for image in images:
        kind, _, data = image.attributes["src"].partition(",")
        assert kind == "data:image/webp;base64"
        with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
            assert picture.width == 600
    assert "Quote von 30 % gefördertem Wohnungsbau" in pages[4].text
    assert "Quote von 30 % gefördertem Wohnungsbau" not in pages[3].text + pages[5].text
    assert "2.1 Anlass und Zielsetzung" in [h.text for h in page.find("h4")]
    assert {"Kasten", "Fußnote", "Tabelle"} <= {k.text for k in page.find("p", class_="kind")}
    assert page.find("table")


def test_what_was_not_taken_over_is_marked_and_named():
    """A rectangle over it on the image, and its words under the text."""
    path = TESTDOCS / "w2_zweispaltig.pdf"
    page = body(written(read_pdf(path), path))
    marked = [rect.attributes for rect in page.find("rect", class_="lost")]

    assert "„Werkstattreihe Sozialraum gestalten | Seite 5“" in page.find("article")[4].text
    assert "und 16 weitere Zeilen" in page.find("article")[1].text
    assert all(float(rect["width"]) > 10 for rect in marked)
    assert len(page.find("rect", class_="read")) > 300


def test_pages_with_a_doubt_say_so_and_are_linked():
    """Unreadable, doubtful and hidden text is said in words on its page, and linked above."""
    page = body(written(compiled()))
    links = [link.attributes["href"] for link in page.find("a")]
    doubts = [p.text for p in page.find("p", class_="doubt")]

    assert links == ["#seite-2", "#seite-3"]
    assert "Sicherheit 71 %" in doubts[0]
    assert "weiß auf weiß" in doubts[1]
    assert doubts[2] == "Von dieser Seite ist kein Text lesbar."
    assert "Sicherheit 93 %" in page.find("article")[0].text
    assert {article.attributes["id"] for article in page.find("article")} >= {"seite-2", "seite-3"}


def test_formats_without_pages_show_the_text_by_section():
    """All text is there, under its headings, without images."""
    reading = compiled(page_labels=(), extraction=replace(FULL, format="Word"))
    bare = replace(
        reading, passages=tuple(replace(passage, pages=()) for passage in reading.passages)
    )
    page = body(written(bare))

    assert not page.find("img")
    assert [h.text for h in page.find("h4")] == [
        *("1. Werkstatt: Wohnen", "Fragen", "Sicherheit", "Ausblick")
    ]
    assert "Wohnen ist teuer." in page.text


def test_slides_have_pages_without_images():
    """They are named as slides."""
    reading = compiled(
        page_labels=("Folie 1", "Folie 2", "Folie 3"),
        extraction=replace(FULL, format="PowerPoint", recognised_pages=()),
    )
    page = body(written(reading))

    assert [h.text for h in page.find("h3")] == ["Folie 1", "Folie 2", "Folie 3"]
    assert not page.find("img")


def test_a_passage_over_two_pages_is_cut_between_them():
    """Each page shows only its own words; the heading stands on the first."""
    text = "Der Anfang steht hier. Das Ende steht dort."
    boxes = (WordBox(0, 22, 0, 10, 10, 90, 20), WordBox(23, 43, 1, 10, 10, 90, 20))
    passage = make_passage(text, section=("Kapitel",), boxes=boxes, pages=(0, 1))
    reading = Reading(make_document(page_labels=("1", "2")), text, (), (passage,))
    first, second = body(written(reading)).find("article")

    assert "Der Anfang steht hier." in first.text
    assert "Das Ende" not in first.text
    assert "Das Ende steht dort." in second.text
    assert "Fortsetzung" in second.text
    assert ("Kapitel" in first.text, "Kapitel" in second.text) == (True, False)


HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">\u202e'


def test_text_of_a_document_is_escaped():
    """Whatever a document, its name or its hidden text holds, no element comes of it."""
    passage = make_passage(f"{HOSTILE}\tb\nc\td", kind="table", section=(HOSTILE,), pages=(0,))
    document = make_document(
        title=HOSTILE,
        file=HOSTILE,
        page_labels=(HOSTILE,),
        corrections=(("titel", HOSTILE),),
        extraction=replace(FULL, hidden=(HiddenText("ausgeblendet", HOSTILE, 0),)),
    )
    html = written(Reading(document, "", (), (passage,)))
    page = body(html)

    assert not page.find("script")
    assert not [e for e in page.elements if any(name.startswith("on") for name in e.attributes)]
    assert "<script" not in html
    assert "\u202e" not in html
    assert "alert(1)" in page.text


def test_the_page_asks_for_nothing_from_outside():
    """No script, no address but its own; a policy forbids the rest."""
    html = written(compiled())

    assert '<html lang="de">' in html
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in html
    assert not re.search(r"https?:|url\(|@import|<script|<link", html)
    assert "prefers-color-scheme: dark" in html


def test_it_is_written_page_by_page():
    """No single write holds more than one page's image."""

    class Sink(io.StringIO):
        largest = 0

        def write(self, text):
            self.largest = max(self.largest, text.count("<img"))
            return super().write(text)

    path = TESTDOCS / "w2_zweispaltig.pdf"
    sink = Sink()
    write_report_html(sink, *judged(read_pdf(path)), path)

    assert sink.getvalue().count("<img") == 9
    assert sink.largest == 1


def test_a_lost_original_leaves_the_text():
    """Where no image can be made the page says why."""
    page = body(written(compiled(), Path("/nirgends/heft.pdf")))

    assert "lässt sich nicht lesen" in page.text
    assert "Wohnen ist teuer." in page.text


# -- difference ----------------------------------------------------------------------------


def test_a_difference_shows_both_sides():
    """Counted by kind, with section and page."""
    text = difference_text(
        [
            Change("geändert", ("Träger", "Beirat"), "Vier\twirken.", "Fünf\twirken.", 3),
            Change("neu", (), "", "Ganz\nneu.", None),
        ]
    )

    assert text.splitlines() == [
        "  Geänderte Stellen: 2 (1 geändert, 1 neu)",
        "  geändert in Träger › Beirat (Seite 4)",
        "    - Vier | wirken.",
        "    + Fünf | wirken.",
        "  neu",
        "    + Ganz neu.",
    ]


def test_a_long_difference_is_cut_and_counted():
    """Only the first changes are shown, long ones by their beginning."""
    changes = [Change("neu", (), "", f"{number} " + "lang " * 500, None) for number in range(25)]
    text = difference_text(changes, limit=3)

    assert "Geänderte Stellen: 25 (25 neu)" in text
    assert "… und 22 weitere Änderungen" in text
    assert len(text) < 2500


def test_no_difference_is_said():
    """An empty list would leave the editor wondering."""
    assert difference_text([]) == "  Der Text bleibt, wie er ist."
