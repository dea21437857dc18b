"""The typesetter: Markdown of the collection becomes brochures a reader can rely on."""

import io
import os
import re
import string
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pypdfium2 as pdfium
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.catalogue import Abbreviation, Glossary
from corpus.errors import FileRefusedError
from corpus.typeset import typeset
from corpus.typeset.__main__ import main
from corpus.typeset.convert import column_widths, to_typst
from corpus.typeset.front_matter import State, read_front_matter
from corpus.typeset.glossary import abbreviation_entry, glossary_markdown, synonym_entry
from corpus.typeset.press import Press
from corpus.typeset.source import read_source

ROOT = Path(__file__).parents[2]
ORIGIN = "Text dieses Projekts, nicht die Originaldokumentation"
ADDRESS = (
    "https://www.beispiel-institut.de/themen/stadt-und-quartiersentwicklung/_ab_1219-"
    "sozialraumorientierung-und-ressortuebergreifende-handlungsansaetze-in-der-stadt/"
)
FILLER = (
    "Quartiersmanagement verbindet Wohnungsunternehmen, Stadtentwicklungsplanung und "
    "Gemeinwesenarbeit mit der Bewohnerschaft des benachteiligten Stadtteils. "
)
GLOSSARY = """\
abkuerzungen:
  - {kuerzel: [IHK], langform: Integriertes Handlungskonzept, andere: [Handelskammer]}
  - {kuerzel: [OGS, OGATA], langform: Offene Ganztagsschule}
synonyme:
  - {begriff: Problemimmobilie, varianten: [Schrottimmobilie, Problemhaus]}
"""
CHAPTERS = """\
Das Heft handelt vom Testen. {lead}

## Erstes Kapitel

Ein Satz mit Beleg.[^b] Ein zweiter.[^a][^b]

### Ein Abschnitt

Tabelle 1: Drei Spalten bleiben in der Spalte

| Nr. | Ebene | Aufgabe |
| --- | --- | --- |
| 1 | Verwaltung | Mittel bündeln |
| 2 | Quartier | Projekte tragen[^a] |

#### Unterabschnitt

1. Erster Schritt mit § 171e BauGB, z. B. 5 € je Kopf.
2. Zweiter Schritt.

## Zweites Kapitel

> **Titel des Kastens**
>
> Text im Kasten.

Tabelle 2: Vier Spalten gehen über die Seite

| A | B | C | D |
| --- | --- | --- | --- |
| eins | zwei | drei | vier |

## Drittes Kapitel

- Ein Punkt.
- Noch ein Punkt.

## Viertes Kapitel

{filler}

[^a]: https://a.example/x
[^b]: {address}
"""


def make_markdown(body=CHAPTERS, **fields):
    """Return a source; the fields are those of its front matter, None leaves one out."""
    head = {"titel": "Heft", "art": "Themenheft", "herkunft": ORIGIN, "stand": "2026-11"} | fields
    lines = "".join(f'{key}: "{value}"\n' for key, value in head.items() if value is not None)
    # Words of growing length make sure that the first lines of the document are hyphenated.
    lead = " ".join(f"{'ab' * (n % 9)} Gemeinwesenarbeitsgemeinschaften" for n in range(20))
    text = body.replace("{lead}", lead).replace("{filler}", FILLER * 60)
    text = text.replace("{address}", ADDRESS)
    return f"---\n{lines}---\n\n{text}"


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A folder of sources and a glossary, typeset once: (sources, target)."""
    folder = tmp_path_factory.mktemp("satz")
    sources = folder / "sources"
    sources.mkdir()
    (sources / "heft.md").write_text(make_markdown(titel="Heft, mit Komma"), encoding="utf-8")
    workshop = make_markdown(titel="Sicherheit", art="Werkstatt", werkstatt="3")
    (sources / "werkstatt-03.md").write_text(workshop, encoding="utf-8")
    (folder / "glossary.yaml").write_text(GLOSSARY, encoding="utf-8")
    typeset(sources, folder / "documents", glossary=folder / "glossary.yaml")
    return sources, folder / "documents"


@pytest.fixture
def booklet(folders):
    """The typeset booklet."""
    with pdfium.PdfDocument(folders[1] / "heft.pdf") as document:
        yield document


@pytest.fixture
def workshop(folders):
    """The typeset workshop."""
    with pdfium.PdfDocument(folders[1] / "werkstatt-03.pdf") as document:
        yield document


def print_pdf(markdown):
    """Return the open PDF of one source."""
    return pdfium.PdfDocument(Press().pdf(to_typst(read_source(markdown, "heft.md")), "heft"))


def text_of(page):
    """Return a page's text with line breaks as spaces and hyphenations mended."""
    text = page.get_textpage().get_text_range().replace("\ufffe", "")
    return " ".join(text.split())


def labels(document):
    """Return the printed label of each page."""
    return [document.get_page_label(index) for index in range(len(document))]


def test_every_source_and_the_glossary_become_a_pdf(folders):
    """One PDF a source, one for the glossary, named after them."""
    names = sorted(path.name for path in folders[1].iterdir())

    assert names == ["glossar.pdf", "heft.pdf", "werkstatt-03.pdf"]


def test_bytes_do_not_depend_on_clock_folder_or_process(folders, tmp_path):
    """Another process in another place and time zone makes the same bytes."""
    sources, target = folders
    program = (
        "from pathlib import Path; from corpus.typeset import typeset; import sys; a = sys.argv;"
        "typeset(Path(a[1]), Path('out'), glossary=Path(a[1]).parent / 'glossary.yaml')"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7"}
    subprocess.run(
        [sys.executable, "-c", program, str(sources)], cwd=tmp_path, env=environment, check=True
    )

    for path in target.iterdir():
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes()


def test_metadata_carry_the_front_matter(booklet, workshop):
    """Title, author, origin and key=value keywords survive, commas and all; the date is fixed."""
    facts = booklet.get_metadata_dict()

    assert facts["Title"] == "Heft, mit Komma"
    assert facts["Author"] == "Projekt Sozialraum-Assistent"
    assert facts["Subject"] == ORIGIN
    assert facts["Keywords"] == f"art=Themenheft, herkunft={ORIGIN}, stand=2026-11"
    assert facts["CreationDate"] == facts["ModDate"] == "D:20261101000000Z"
    assert "art=Werkstatt, werkstatt=3, " in workshop.get_metadata_dict()["Keywords"]


def test_a_booklet_has_a_front_page_in_roman(booklet, workshop):
    """A booklet's second page is page 1; a workshop's first is."""
    assert labels(booklet)[:3] == ["i", "1", "2"]
    assert labels(workshop)[:2] == ["1", "2"]


def test_front_page_shows_title_origin_lead_and_contents(booklet):
    """The first page says what the document is and isn't, and what it holds."""
    text = text_of(booklet[0])

    for expected in ("Themenheft", "Heft, mit Komma", f"Herkunft: {ORIGIN}", "November 2026"):
        assert expected in text
    assert "Das Heft handelt vom Testen." in text
    assert re.search(r"Erstes Kapitel[ .]+1 Ein Abschnitt[ .]+1", text)


def test_workshop_text_starts_below_its_title(workshop):
    """A workshop's first page has its number, the note of origin and the first chapter's text."""
    text = text_of(workshop[0])

    assert text.startswith("Werkstatt 3")
    assert f"Herkunft: {ORIGIN}" in text
    assert "Ein Satz mit Beleg." in text


def test_running_header_from_the_second_page(booklet):
    """Series and title head every page but the first."""
    header = "Sozialraum-Assistent · Themenheft Heft, mit Komma"

    assert header not in text_of(booklet[0])
    assert all(header in text_of(booklet[index]) for index in range(1, len(booklet)))


def test_contents_only_from_five_chapters():
    """A short document has no list of contents."""
    short = "Vorspann.\n\n## Eins\n\nText.\n\n## Zwei\n\nText.\n"
    with print_pdf(make_markdown(short)) as document:
        assert "Inhalt" not in text_of(document[0])


def test_contents_never_spill_over_the_front_page():
    """Where sections don't fit, the list keeps to the chapters."""
    many = "".join(
        f"## Kapitel {n}\n\n" + "".join(f"### Abschnitt {n}.{m}\n\nText.\n\n" for m in range(9))
        for n in range(1, 9)
    )
    with print_pdf(make_markdown(f"Vorspann.\n\n{many}")) as document:
        assert labels(document)[:2] == ["i", "1"]
        text = text_of(document[0])
        assert "Kapitel 8" in text
        assert "Abschnitt" not in text


def test_outline_holds_the_headings(booklet):
    """Bookmarks name chapters, sections and the sources, each with its rank."""
    outline = [(entry.level, entry.get_title()) for entry in booklet.get_toc()]

    assert outline == [
        (0, "Erstes Kapitel"),
        (1, "Ein Abschnitt"),
        (2, "Unterabschnitt"),
        (0, "Zweites Kapitel"),
        (0, "Drittes Kapitel"),
        (0, "Viertes Kapitel"),
        (0, "Quellen"),
    ]


def test_body_is_set_in_two_columns(folders):
    """On a page of running text no word crosses the gutter, and both sides have text."""
    with pdfplumber.open(folders[1] / "heft.pdf") as document:
        page = document.pages[2]
        words = [w for w in page.extract_words() if 80 < w["top"] < page.height - 75]

    middle = page.width / 2
    left = [w for w in words if w["x1"] < middle]
    right = [w for w in words if w["x0"] > middle]
    assert len(left) > 100
    assert len(right) > 100
    assert len(left) + len(right) == len(words)


def test_words_are_hyphenated_with_real_hyphens(folders):
    """Lines end in hyphens that are extracted as such; nothing is a soft hyphen."""
    with pdfplumber.open(folders[1] / "heft.pdf") as document:
        text = "".join(page.extract_text() for page in document.pages)
        glyphs = {char["text"] for page in document.pages for char in page.chars}

    assert len(re.findall(r"[a-zäöüß]-\n", text)) > 10
    assert "\u00ad" not in glyphs


def test_short_forms_and_quantities_hold_together():
    """Neither "JUSTiQ" nor "§ 171e" nor "nordrhein-westfälisch" is parted at a line's end."""
    wholes = ("JUSTiQ", "STADTRAUMKONZEPT", "§ 171e", "z. B.", "31. August", "5 €")
    wholes += ("nordrhein-westfälischen", "2015–2018")
    # Words of growing length push each candidate across every place of the line.
    text = " ".join(f"{'ab' * (n % 9)} {whole}, und" for n in range(60) for whole in wholes)
    with print_pdf(make_markdown(f"Vorspann.\n\n## Kapitel\n\n{text}\n")) as document:
        printed = "".join(
            document[n].get_textpage().get_text_range() for n in range(1, len(document))
        )

    for whole in wholes:
        assert printed.count(whole) == 60


def test_references_are_numbered_by_first_appearance(booklet):
    """The source cited first is number 1, and one address has one number."""
    source = read_source(make_markdown(), "heft.md")
    twice = make_markdown(
        "Eins.[^x] Zwei.[^y]\n\n[^x]: https://a.example/\n[^y]: https://a.example/"
    )

    assert source.addresses == (ADDRESS, "https://a.example/x")
    assert source.numbers == {"b": 1, "a": 2}
    assert read_source(twice, "heft.md").numbers == {"x": 1, "y": 1}
    assert "Ein Satz mit Beleg.1 Ein zweiter.1 2" in text_of(booklet[1])


def test_references_are_small_and_raised(folders):
    """A reader of the PDF can tell a reference from a number in the text."""
    with pdfplumber.open(folders[1] / "heft.pdf") as document:
        chars = document.pages[1].chars
    at = next(i for i, c in enumerate(chars) if c["text"] == "." and chars[i + 1]["text"] == "1")
    stop, mark = chars[at], chars[at + 1]

    assert mark["size"] < 0.7 * stop["size"]
    assert mark["bottom"] < stop["bottom"] - 0.2 * stop["size"]


def test_sources_close_the_document_and_keep_their_hyphens(booklet):
    """An address is broken over lines without gaining or losing a character, and is a link."""
    page = booklet[len(booklet) - 1]
    text = page.get_textpage().get_text_range()

    address = text[text.index("https") : text.index("2. https")].split()
    assert "".join(address) == ADDRESS
    for line, following in pairwise(address):
        assert line.endswith("/") or following.startswith(("-", "_", ".", "?", "&", "=", "%"))
    assert ADDRESS in page_links(page)


def page_links(page):
    """Return the addresses that a page links to."""
    raw = pdfium.raw
    found, position, link = [], raw.c_int(0), raw.FPDF_LINK()
    while raw.FPDFLink_Enumerate(page, position, link):
        action = raw.FPDFLink_GetAction(link)
        size = raw.FPDFAction_GetURIPath(page.pdf, action, None, 0)
        if size:
            buffer = raw.create_string_buffer(size)
            raw.FPDFAction_GetURIPath(page.pdf, action, buffer, size)
            found.append(buffer.value.decode())
    return found


def test_tables_are_ruled_and_captioned(folders):
    """Cells are found by their rules; four columns span the page, three one column."""
    with pdfplumber.open(folders[1] / "heft.pdf") as document:
        tables = {t.extract()[0][0]: t for page in document.pages for t in page.find_tables()}
        width = document.pages[0].width
        text = document.pages[1].extract_text()

    narrow, wide = tables["Nr."], tables["A"]
    assert narrow.extract()[1] == ["1", "Verwaltung", "Mittel bündeln"]
    assert wide.extract() == [["A", "B", "C", "D"], ["eins", "zwei", "drei", "vier"]]
    assert narrow.bbox[2] - narrow.bbox[0] < width / 2 < wide.bbox[2] - wide.bbox[0]
    assert "Tabelle 1: Drei Spalten bleiben in der Spalte" in " ".join(text.split())


def test_only_fonts_of_the_typst_package(folders):
    """No font of the machine gets into a document."""
    for path in folders[1].iterdir():
        with pdfplumber.open(path) as document:
            fonts = {char["fontname"] for page in document.pages for char in page.chars}
        assert all("LibertinusSerif" in font for font in fonts)


PLAIN = "".join(c for c in string.printable if c.isprintable() and c != "^") + "äöüß„“–…§€"


@settings(max_examples=60, deadline=None)
@given(st.text(PLAIN, min_size=1, max_size=20).filter(str.strip))
@example('\\n"#x')
def test_text_is_never_taken_for_markup(text):
    """Whatever a sentence holds is printed character for character."""
    escaped = "".join(f"\\{c}" if c in string.punctuation else c for c in text)
    body = f"Vorspann.\n\n## Kapitel\n\nAnfang: {escaped} :Ende\n"
    with print_pdf(make_markdown(body)) as document:
        printed = document[1].get_textpage().get_text_range()

    bare = re.sub(r"\s", "", printed.replace("\ufffe", "-"))
    assert f"Anfang:{re.sub(r' ', '', text)}:Ende" in bare


@pytest.mark.parametrize(
    ("markdown", "fault"),
    [
        ("Nur Text.", "der Kopf"),
        ("---\ntitel: [\n---\n\nText.", "kein gültiges YAML"),
        (make_markdown(herkunft=None), "fehlt „herkunft“"),
        (make_markdown(stand="2026-13"), "„stand“"),
        (make_markdown(stand="November 2026"), "„stand“"),
        (make_markdown(werkstatt="drei"), "„werkstatt“"),
        (make_markdown("Satz.[^fehlt]"), "die Quelle „fehlt“ ist nirgends angegeben"),
        (make_markdown("Satz.\n\n[^zuviel]: https://a.example"), "„zuviel“ verweist keine"),
        (make_markdown("Satz.[^a]\n\n[^a]: siehe oben"), "„a“ ist keine Adresse"),
        (make_markdown("# Titel"), "Zeile 8: Überschriften"),
        (make_markdown("Ein [Verweis](https://a.example)."), "Zeile 8: „link“"),
        (make_markdown("Ein ![Bild](bild.png)."), "„image“"),
        (make_markdown("|a|b|c|d|\n|-|-|-|-|\n" + "|wort|wort|wort|wort|\n" * 300), "zu lang"),
    ],
)
def test_faults_are_named_with_file_and_remedy(markdown, fault):
    """A source that the format doesn't allow is refused, and the message says what to do."""
    with pytest.raises(FileRefusedError) as refusal:
        read_source(markdown, "heft.md")

    assert str(refusal.value).startswith("heft.md: ")
    assert fault in str(refusal.value)
    assert "Bitte die Quelle berichtigen" in str(refusal.value)


def test_a_character_without_glyph_is_refused():
    """Typst would print an empty box; the file is named instead."""
    with pytest.raises(FileRefusedError, match=r"heft.*Typst kann den Text nicht setzen"):
        print_pdf(make_markdown("Ein Zeichen: \U00013080."))


def test_command_reports_a_fault_and_writes_nothing(tmp_path, capsys):
    """A broken source stops the command before the first file is written."""
    (tmp_path / "gut.md").write_text(make_markdown(), encoding="utf-8")
    (tmp_path / "schlecht.md").write_text(make_markdown(stand="bald"), encoding="utf-8")

    code = main([str(tmp_path), str(tmp_path / "ziel")])

    assert code == 1
    assert "schlecht.md" in capsys.readouterr().err
    assert not (tmp_path / "ziel").exists()


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("notiz.txt", b"x", "keine Markdown-Dateien"),
        ("latin.md", "titel: Größe".encode("latin-1"), "latin.md: der Text ist nicht in UTF-8"),
        ("glossar.md", make_markdown().encode(), "glossar.md"),
    ],
)
def test_folders_that_cannot_be_typeset(tmp_path, capsys, name, content, fault):
    """An empty folder, a wrong encoding and a name that is taken are refused in words."""
    (tmp_path / name).write_bytes(content)

    assert main([str(tmp_path), str(tmp_path / "ziel")]) == 1
    assert fault in capsys.readouterr().err


def test_command_keeps_standard_output_empty(folders, tmp_path, capsys):
    """Progress goes to standard error."""
    code = main([str(folders[0]), str(tmp_path)])

    streams = capsys.readouterr()
    assert code == 0
    assert streams.out == ""
    assert "3/3" in streams.err


@pytest.mark.parametrize(
    ("given_state", "printed", "day"),
    [
        ("2026", "2026", "2026-01-01"),
        ("2026-11", "November 2026", "2026-11-01"),
        ("2026-03-05", "5. März 2026", "2026-03-05"),
    ],
)
def test_state_is_printed_as_exactly_as_given(given_state, printed, day):
    """Year, month or day: no more is claimed than the source says."""
    head = f"titel: T\nart: A\nherkunft: H\nstand: {given_state}"
    state = read_front_matter(head, "heft.md").state

    assert (state.iso, state.printed, state.first_day.isoformat()) == (given_state, printed, day)


def test_glossary_entries_stand_alone():
    """Each entry is a sentence that can be quoted without its surroundings."""
    plain = Abbreviation(("OGS", "OGATA"), "Offene Ganztagsschule")
    twofold = Abbreviation(("IHK",), "Integriertes Handlungskonzept", ("Handelskammer", "Y", "Z"))

    assert abbreviation_entry(plain) == "**OGS** (auch OGATA) bedeutet Offene Ganztagsschule."
    assert abbreviation_entry(twofold) == (
        "**IHK** bedeutet Integriertes Handlungskonzept. "
        "Außerhalb des Fachgebiets steht IHK auch für Handelskammer, Y oder Z."
    )
    assert synonym_entry(("Amt", "Fachamt")) == "Zu **Amt** gehört als Suchvariante Fachamt."
    assert synonym_entry(("Amt", "Dezernat", "Referat")) == (
        "Zu **Amt** gehören als Suchvarianten Dezernat und Referat."
    )


def test_glossary_is_grouped_as_in_a_dictionary():
    """Umlauts stand beside their vowels, small letters beside capitals."""
    forms = ("ZB", "ÄA", "az", "AB")
    glossary = Glossary(tuple(Abbreviation((form,), "X") for form in forms), (("Amt", "Büro"),))
    lines = glossary_markdown(glossary, State(2026, 11)).splitlines()

    assert [line for line in lines if line.startswith(("##", "- "))] == [
        "## Abkürzungen mit A",
        "- **ÄA** bedeutet X.",
        "- **AB** bedeutet X.",
        "- **az** bedeutet X.",
        "## Abkürzungen mit Z",
        "- **ZB** bedeutet X.",
        "## Begriffe und ihre Varianten",
        "- Zu **Amt** gehört als Suchvariante Büro.",
    ]


def test_glossary_booklet_is_as_new_as_the_newest_source(folders):
    """The glossary is typeset like a source, in memory."""
    with pdfium.PdfDocument(folders[1] / "glossar.pdf") as document:
        text = " ".join(text_of(document[index]) for index in range(len(document)))
        facts = document.get_metadata_dict()

    assert "IHK bedeutet Integriertes Handlungskonzept." in text
    assert facts["Keywords"].startswith("art=Glossar, ")
    assert facts["Keywords"].endswith("stand=2026-11")


@given(
    st.integers(1, 30).flatmap(
        lambda n: st.lists(
            st.lists(st.text("ab ", max_size=60), min_size=n, max_size=n), min_size=1, max_size=5
        )
    )
)
def test_columns_fill_the_room(texts):
    """Every column has a width, and together they fill the room."""
    widths = column_widths(texts, 50)

    assert len(widths) == len(texts[0])
    assert min(widths) > 0
    assert sum(widths) == pytest.approx(50)


def test_columns_with_much_text_are_wide():
    """A column of numbers keeps to its head; the one with the sentences gets the room."""
    number, name, text = column_widths(
        [["Nr.", "Stelle", "Aufgabe"], ["1", "Jugendamt", FILLER], ["2", "Sozialamt", FILLER]], 50
    )

    assert number < name < text
    assert text > 25


def test_long_words_stay_in_their_cells():
    """A long word is hyphenated at the rule, also when a reference follows it at once."""
    long = "fachbereichsübergreifendes[^a]"
    rows = f"| Eins | Zwei | Drei |\n| --- | --- | --- |\n| {long} | {long} | {long} |\n"
    source = read_source(make_markdown(f"V.\n\n## K\n\n{rows}\n\n[^a]: https://a.example"), "h.md")
    with pdfplumber.open(io.BytesIO(Press().pdf(to_typst(source), "h"))) as document:
        page = document.pages[1]
        cells = page.find_tables()[0].rows[1].cells
        inside = [page.crop(cell).extract_text().replace("-\n", "") for cell in cells]

    assert inside == ["fachbereichsübergreifendes1"] * 3


def test_typeset_collection_matches_its_sources(tmp_path):
    """The PDFs in the repository say what their sources say; else run ``make corpus``."""
    for made in typeset(ROOT / "corpus" / "sources", tmp_path):
        kept = ROOT / "corpus" / "documents" / made.name
        assert kept.stat().st_size < 400_000
        with pdfium.PdfDocument(made) as new, pdfium.PdfDocument(kept) as old:
            assert old.get_metadata_dict()["Keywords"] == new.get_metadata_dict()["Keywords"]
            assert [text_of(page) for page in old] == [text_of(page) for page in new]
