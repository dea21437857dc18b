"""Text files of any encoding become headings, paragraphs, lists and tables."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import FileRefusedError
from ingest.loaders.hidden import HiddenTexts
from ingest.loaders.text import load_text, read_text
from tests.ingest.truth import TESTDOCS, found_in, plain, sentences, truth

FIXTURE = TESTDOCS / "office" / "werkstatt_cp1252.txt"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
ONE_BYTE = ("cp1252", "iso8859-15", "cp850", "mac-roman")


def blocks(text):
    """Return (kind, text) of a text's blocks."""
    return [(block.kind, block.text) for block in read_text(text, HiddenTexts()).blocks]


def headings(text):
    """Return (level, text) of a text's headings."""
    found = read_text(text, HiddenTexts()).blocks
    return [(block.level, block.text) for block in found if block.kind == "heading"]


def load(tmp_path, data):
    """Write and load a text file."""
    path = tmp_path / "notiz.txt"
    path.write_bytes(data)
    return load_text(path)


def excerpt():
    """Return the ground truth from the preface to the heading at which the fixture ends."""
    found = truth("w2_zweispaltig")
    start = next(at for at, block in enumerate(found) if block["type"] == "h1")
    end = next(at for at in range(start, len(found)) if found[at].get("text", "")[:7] == "2.2 Erg")
    return [block for block in found[start : end + 1] if block["type"] in ("h1", "h2", "p", "li")]


def test_fixture_is_read_whole():
    """Every sentence, heading and list item of the truth is there, in order, word for word."""
    found = load_text(FIXTURE).blocks
    expected = excerpt()

    lost = [s for s, _ in sentences(expected) if found_in(found, s) is None]
    assert len(sentences(expected)) == 31
    assert lost == []
    ranks = {"h1": 1, "h2": 2}
    assert [(b.level, b.text.casefold()) for b in found if b.kind == "heading"] == [
        (ranks[b["type"]], b["text"].casefold()) for b in expected if b["type"] in ranks
    ]
    assert [b.text for b in found if b.kind == "item"] == [
        plain(b["text"]) for b in expected if b["type"] == "li"
    ]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_wide_encodings_and_marks(tmp_path, encoding):
    """Unicode in all its forms is read, with and without a byte order mark."""
    text = FIXTURE.read_bytes().decode("cp1252")

    file = load(tmp_path, text.encode(encoding))
    assert file.blocks == load_text(FIXTURE).blocks


@pytest.mark.parametrize("encoding", ONE_BYTE)
@pytest.mark.parametrize("length", [40, 200, 1000, 5000])
def test_one_byte_encodings(tmp_path, encoding, length):
    """Umlauts come out as letters from Windows, Unix, DOS and Macintosh, in short texts too."""
    text = "Die Fördermaßnahme für Köln prüft Änderungen: " + FIXTURE.read_bytes().decode("cp1252")
    data = text[:length].encode(encoding, "ignore")

    words = " ".join(b.text for b in load(tmp_path, data).blocks).split()
    assert words[:5] == ["Die", "Fördermaßnahme", "für", "Köln", "prüft"]
    assert not {"�", "├", "Ã", "¸", "÷"} & set("".join(words))


def test_euro_and_quotes_tell_windows_from_unix(tmp_path):
    """The same bytes mean other signs; the text around decides."""
    windows = load(tmp_path, "Die „Wohnung“ kostet 12 € – für größere mehr.".encode("cp1252"))
    unix = load(tmp_path, "Die Wohnung kostet 12 € für Größe M.".encode("iso8859-15"))

    assert windows.blocks[0].text == "Die „Wohnung“ kostet 12 € – für größere mehr."
    assert unix.blocks[0].text == "Die Wohnung kostet 12 € für Größe M."


def test_two_encodings_in_one_file(tmp_path):
    """A file pasted together from UTF-8 and Windows-1252 keeps all its umlauts."""
    data = "Für Köln.\n\n".encode() + "Für Münster.".encode("cp1252")

    assert [b.text for b in load(tmp_path, data).blocks] == ["Für Köln.", "Für Münster."]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "ERR_FILE_EMPTY"),
        (b" \r\n\f\n", "ERR_FILE_EMPTY"),
        (b"\xef\xbb\xbf", "ERR_FILE_EMPTY"),
        (b"PK\x03\x04\x00\x00abc", "ERR_FILE_TYPE"),
        (b"Text\x00mit Null", "ERR_FILE_TYPE"),
        (b"ab\x01\x02cdefgh" * 20, "ERR_FILE_TYPE"),
        (bytes(range(0xA0, 0x100)) * 9, "ERR_FILE_ENCODING"),
        (b"\xff\xfeA", "ERR_FILE_ENCODING"),
    ],
)
def test_what_is_no_text_is_refused_by_name(tmp_path, data, code):
    """Binary, empty and undecodable files are refused with their own codes."""
    with pytest.raises(FileRefusedError) as raised:
        load(tmp_path, data)
    assert raised.value.code == code
    assert "notiz.txt" in str(raised.value)


def test_headings_by_rules_numbers_and_capitals():
    """Underlines, numbers and capitals rank headings below each other."""
    text = (
        "BERICHT\n=======\n\nText eins.\n\n1. Einleitung\n\nText.\n\n2.1 Hemmnisse\n\nText.\n\n"
        "ERGEBNISSE DER GRUPPE\n\nText.\n\nSchluss\n-------\nText.\n\n## Anhang\n\nText."
    )

    assert headings(text) == [
        (1, "BERICHT"),
        (2, "1. Einleitung"),
        (3, "2.1 Hemmnisse"),
        (4, "ERGEBNISSE DER GRUPPE"),
        (2, "Schluss"),
        (2, "Anhang"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "12. März 2018, Bürgerhaus",
        "30 Personen",
        "9.30 Begrüßung",
        "1.850 Menschen",
        "Ein Satz, der endet.",
        "Offene Fragen:",
        "EU",
        "2.1 hemmnisse",
    ],
)
def test_lines_that_are_no_headings(line):
    """Dates, numbers, times and sentences that stand alone head nothing."""
    assert headings(f"Davor steht Text.\n\n{line}\n\nDanach auch.") == []


@pytest.mark.parametrize("line", ["3. Werkstatt: Bildung", "Werkstatt 3 – Bildung", "1 Einleitung"])
def test_chapters_that_stand_alone(line):
    """A chapter's opening needs no underline."""
    assert headings(f"Davor steht Text.\n\n{line}\n\nDanach auch.") == [(1, line)]


def test_numbered_lines_apart_are_a_list():
    """Numbers in a row with blank lines between are items, not chapters."""
    assert blocks("Wir fordern:\n\n1. Mehr Geld\n\n2. Mehr Zeit\n\n3. Mehr Raum\n")[1:] == [
        ("item", "1. Mehr Geld"),
        ("item", "2. Mehr Zeit"),
        ("item", "3. Mehr Raum"),
    ]


def test_lists_keep_numbers_and_join_their_lines():
    """Bullets go, numbers and letters stay, wrapped items become one line."""
    text = (
        "Beschlossen wurde:\n- die Öffnung des Bürger-\n  hauses\n- ein Fonds\n"
        "1. zuerst\n2) danach\na) zuletzt\n"
    )

    assert blocks(text) == [
        ("paragraph", "Beschlossen wurde:"),
        ("item", "die Öffnung des Bürgerhauses"),
        ("item", "ein Fonds"),
        ("item", "1. zuerst"),
        ("item", "2) danach"),
        ("item", "a) zuletzt"),
    ]


def test_a_number_at_a_line_start_is_no_item():
    """A wrapped sentence goes on although its next line looks like an item."""
    text = (
        "Das war das Ziel der gesamten Reihe und zugleich auch\n1. Werkstatt in der Stadt.\nUnd so."
    )

    assert blocks(text)[0][1].startswith(
        "Das war das Ziel der gesamten Reihe und zugleich auch 1. W"
    )


def test_hyphens_at_line_ends_are_mended_the_german_way():
    """Broken words are joined, real hyphens stay, and the mended are counted."""
    text = (
        "Die Nachbar-\nschaft der Kinder-\nund Jugendhilfe an der Nord-\n"
        "Süd-Achse im Quar\u00ad\ntier."
    )
    loaded = read_text(text, HiddenTexts())

    assert loaded.blocks[0].text == (
        "Die Nachbarschaft der Kinder- und Jugendhilfe an der Nord-Süd-Achse im Quartier."
    )
    assert loaded.extraction.mended_hyphens == 1


def test_long_lines_are_paragraphs():
    """A text that was never wrapped has a paragraph to a line."""
    line = "Ein Absatz, den der Editor nicht umgebrochen hat, sondern der so lang ist, wie er ist. "

    assert blocks(f"{line * 3}\n{line * 2}\n{line * 4}") == [
        ("paragraph", (line * count).strip()) for count in (3, 2, 4)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Tabelle 1: Zahlen\n\nJahr\tZahl\tOrt\n2016\t\tBonn\n2017\t5\tKöln\n",
        "Tabelle 1: Zahlen\n\n| Jahr | Zahl | Ort |\n|------|---|---|\n| 2016 | | Bonn |\n"
        "| 2017 | 5 | Köln |\n",
        "Tabelle 1: Zahlen\n\n+----+---+---+\n|Jahr|Zahl|Ort|\n+----+---+---+\n|2016||Bonn|\n"
        "|2017|5|Köln|\n+----+---+---+\n",
    ],
)
def test_tables_of_tabs_and_bars(text):
    """Columns keep their place, also where a cell is empty; the caption stands before."""
    assert blocks(text) == [
        ("caption", "Tabelle 1: Zahlen"),
        ("table", "Jahr\tZahl\tOrt\n2016\t\tBonn\n2017\t5\tKöln"),
    ]


def test_form_feeds_are_pages():
    """A page break gives pages; their printed numbers are labels, sentences run on."""
    text = (
        "Der erste Satz endet hier. Der zweite Satz geht\n\n- 7 -\n\f\n"
        "auf der nächsten Seite weiter.\n\nNeu.\n\n- 8 -\n"
    )
    loaded = read_text(text, HiddenTexts())

    assert loaded.page_labels == ("7", "8")
    assert [(b.page, b.text) for b in loaded.blocks] == [
        (
            0,
            "Der erste Satz endet hier. Der zweite Satz geht auf der nächsten Seite weiter.",
        ),
        (1, "Neu."),
    ]


def test_contents_footnotes_and_hidden_signs():
    """Leaders are contents, bracketed numbers notes; tag characters are reported."""
    secret = "".join(chr(0xE0000 + ord(sign)) for sign in "Befehl")
    hidden = HiddenTexts()
    loaded = read_text(
        f"Vorwort ........ 3\nKapitel . . . . . 12\n\nText.{secret}\n\n[1] Siehe Anlage.\n", hidden
    )

    assert [(b.kind, b.text) for b in loaded.blocks] == [
        ("contents", "Vorwort ........ 3"),
        ("contents", "Kapitel . . . . . 12"),
        ("paragraph", "Text."),
        ("footnote", "[1] Siehe Anlage."),
    ]
    assert [(h.concealment, h.text) for h in hidden.listed()] == [("Steuerzeichen", "Befehl")]


def test_single_top_heading_is_the_title(tmp_path):
    """A lone heading of the first rank names the document, unless it names a workshop."""
    named = load(tmp_path, b"Mein Heft\n=========\n\nText.\n")
    workshop = load(tmp_path, b"3. Werkstatt: Bildung\n=====================\n\nText.\n")

    assert named.metadata == {"titel": "Mein Heft"}
    assert [b.kind for b in named.blocks] == ["paragraph"]
    assert [b.kind for b in workshop.blocks] == ["heading", "paragraph"]


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(tmp_path_factory, data):
    """No bytes whatever raise anything but a named refusal."""
    path = tmp_path_factory.getbasetemp() / "zufall.txt"
    path.write_bytes(data)

    try:
        assert load_text(path).blocks
    except FileRefusedError as refused:
        assert refused.code.startswith("ERR_FILE_")


_LINES = st.lists(st.text("abÄö .,:|-=*#12\t", max_size=40), max_size=30)


@given(_LINES)
@settings(max_examples=300, deadline=None)
def test_no_letter_is_lost(lines):
    """However a text is laid out, all its letters and digits are in the blocks."""
    text = "\n".join(lines)
    found = "".join(block.text for block in read_text(text, HiddenTexts()).blocks)

    assert [s for s in found if s.isalnum()] == [s for s in text if s.isalnum()]


@pytest.mark.parametrize(
    "sign", ["-", "=", ".", "# ", "| ", "\t", "a", "1. ", "\n", "-\n", "a\n", "|\n"]
)
def test_monotonous_files_end(tmp_path, sign):
    """A quarter of a megabyte of one sign is read or refused without going astray."""
    try:
        load(tmp_path, (sign * (2**18 // len(sign))).encode())
    except FileRefusedError as refused:
        assert refused.code == "ERR_FILE_EMPTY"


def test_texts_longer_than_real_ones_are_refused(tmp_path):
    """Too many bytes or lines are refused at once."""
    for data in (b"x" * (7 * 2**20), b"a\n" * 500_000):
        with pytest.raises(FileRefusedError) as raised:
            load(tmp_path, data)
        assert raised.value.code == "ERR_FILE_TOO_LARGE"
