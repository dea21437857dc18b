"""BibTeX and RIS, read by small readers of the formats' own rules."""

import re

from hypothesis import given, settings

from tests.ui.answers import make_answer, make_citation, make_document
from tests.ui.export.nasty import records
from tests.ui.records import make_record
from ui.export.bibliography import bibtex, ris
from ui.service import Standing

LATEX = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{sign}": sign for sign in "#$%&_"},
}
ENTRY = re.compile(r"@misc\{([A-Za-z0-9-]+),\n((?:  [a-z]+ = \{.*\},\n)+)\}\n")


def read_bibtex(text):
    """Return the entries by key; anything that isn't one makes the test fail."""
    assert text.replace(r"\{", "").count("{") == text.count("}")
    entries = {}
    rest = text
    while rest:
        found = ENTRY.match(rest)
        assert found, rest[:200]
        fields = re.findall(r"  ([a-z]+) = \{(.*)\},\n", found[2])
        entries[found[1]] = {name: unescaped(value) for name, value in fields}
        rest = rest[found.end() :].removeprefix("\n")
    return entries


def unescaped(value):
    """Return what LaTeX would print."""
    plain = re.sub(r"^\{(.*)\}$", r"\1", value) if value.startswith("{") else value
    pattern = "|".join(re.escape(code) for code in LATEX)
    left = re.sub(pattern, "", plain)
    assert not set(left) & set("\\{}~^#$%&_"), plain
    return re.sub(pattern, lambda m: LATEX[m[0]], plain)


def read_ris(text):
    """Return the references as lists of tag and value."""
    assert text.endswith("\r\n")
    references = []
    for line in text.split("\r\n"):
        assert "\n" not in line
        if not line:
            continue
        found = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line)
        assert found, line
        if found[1] == "TY":
            references.append([])
        references[-1].append((found[1], found[2]))
    return references


def test_a_document_becomes_one_entry_with_its_pages():
    """Two places of one document in one entry, another document in its own."""
    cited = [
        make_citation(1, key="a", page_label="12", date="2017-11"),
        make_citation(2, key="b", document="themenheft", title="Heft 50 % & mehr"),
        make_citation(3, key="c", page_label="14", date="2017-11"),
    ]
    record = make_record(make_answer("x", citations=cited))
    entries, references = read_bibtex(bibtex(record)), read_ris(ris(record))

    assert list(entries) == ["werkstatt-03-abababab", "themenheft-abababab"]
    first = entries["werkstatt-03-abababab"]
    assert (first["year"], first["month"], first["pages"]) == ("2017", "11", "12, 14")
    assert first["urldate"] == "2026-11-23"
    assert first["annote"].count("Bochum") == 2
    assert entries["themenheft-abababab"]["title"] == "Heft 50 % & mehr"
    assert [reference[0] for reference in references] == [("TY", "RPRT")] * 2
    assert ("SP", "12, 14") in references[0]
    assert ("PY", "2017") in references[0]
    assert ("Y2", "2026/11/23/") in references[0]


def test_origin_and_newer_version_are_noted():
    """A catalogue must not take a text of this project for the documentation itself."""
    cited = make_citation(origin="Text dieses Projekts, nicht die Originaldokumentation")
    record = make_record(make_answer("x", citations=[cited]))
    standings = [Standing("newer", cited, make_document(source="https://example.org/a_b"))]
    (entry,) = read_bibtex(bibtex(record, standings)).values()

    assert entry["note"].startswith(
        "Text dieses Projekts, nicht die Originaldokumentation. Seither"
    )
    assert entry["url"] == "https://example.org/a_b"
    assert ("UR", "https://example.org/a_b") in read_ris(ris(record, standings))[0]


def test_without_sources_there_is_nothing():
    """An answer that cites nothing gives empty files."""
    record = make_record(make_answer("x", citations=[]))

    assert (bibtex(record), ris(record)) == ("", "")


@settings(deadline=None)
@given(records())
def test_bibtex_is_sound_whatever_the_sources_say(record):
    """One entry, balanced braces, no command and no field of anybody else."""
    (fields,) = read_bibtex(bibtex(record)).values()

    assert set(fields) <= {
        *("title", "year", "month", "pages", "url", "urldate", "version", "note", "annote"),
        "langid",
    }


@settings(deadline=None)
@given(records())
def test_ris_is_sound_whatever_the_sources_say(record):
    """One reference that begins and ends once."""
    (reference,) = read_ris(ris(record))
    tags = [tag for tag, _ in reference]

    assert (tags[0], tags[-1]) == ("TY", "ER")
    assert tags.count("TY") == tags.count("ER") == tags.count("ID") == 1
