"""Two real PDFs that contradict each other, through the real commands."""

import typst

_LEAFLET = """#set document(title: "{title}")
#set text(lang: "de", font: "Libertinus Serif")
#set page(numbering: "1")
= {title}
== Mitwirkung
{text}
"""


def leaflet(path, title, text):
    """Typeset a leaflet of one page."""
    path.write_bytes(typst.compile(_LEAFLET.format(title=title, text=text).encode()))


def test_two_leaflets_with_other_figures_are_shown_side_by_side(own_commands, tmp_path):
    """Both sentences are quoted, marked as differing, each with the state of its leaflet."""
    folder = tmp_path / "unterlagen"
    folder.mkdir()
    leaflet(
        folder / "bilanz.pdf",
        "Bilanz Nordstern",
        "Am Programm Nordstern nahmen 2017 insgesamt 178 Kommunen teil. Es endete im Herbst.",
    )
    leaflet(
        folder / "rueckblick.pdf",
        "Rückblick Nordstern",
        "Am Programm Nordstern nahmen 2017 insgesamt 160 Kommunen teil. Danach lief es aus.",
    )
    own_commands.run("ingest", folder)
    for document in own_commands.json("documents", "list"):
        date = "2018-05-04" if "Bilanz" in document["title"] else "2020-02-01"
        own_commands.run("documents", "correct", document["id"], "--date", date)

    asked = "Wie viele Kommunen nahmen am Programm Nordstern teil?"
    answer = own_commands.json("ask", asked)
    by_key = {citation["key"]: citation for citation in answer["citations"]}
    ((one, other),) = answer["differing"]

    assert {"178 Kommunen" in by_key[k]["quote"] for k in (one, other)} == {True, False}
    assert {"160 Kommunen" in by_key[k]["quote"] for k in (one, other)} == {True, False}
    assert {by_key[one]["title"], by_key[other]["title"]} == {
        "Bilanz Nordstern",
        "Rückblick Nordstern",
    }
    assert {by_key[one]["date"], by_key[other]["date"]} == {"2018-05-04", "2020-02-01"}
    printed = own_commands.run("ask", asked).stdout
    assert "verschiedene Angaben" in printed
    assert "4. Mai 2018" in printed
    assert "1. Februar 2020" in printed
