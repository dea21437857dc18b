"""Markdown becomes the same blocks as everything else."""

import pytest

from corpus.errors import FileRefusedError
from ingest.loaders.markdown import load_markdown

TEXT = """---
titel: Verfügungsfonds
werkstatt: 3
autor: wird nicht gebraucht
---

Ein **fetter** Absatz.[^a]
Zweite Zeile.

## Kapitel

- Punkt eins
- Punkt zwei

3. drei
4. vier

> **Kasten**
>
> Inhalt.

Tabelle 1: Zahlen

| Jahr | Zahl |
| --- | --- |
| 2016 | 783 |

[^a]: https://example.org/quelle
"""


def load(tmp_path, text):
    """Write and load a Markdown file."""
    path = tmp_path / "heft.md"
    path.write_text(text, encoding="utf-8")
    return load_markdown(path)


def test_blocks_and_metadata(tmp_path):
    """Every construct becomes its block; marks of notes leave no trace in the text."""
    file = load(tmp_path, TEXT)

    assert file.metadata == {"titel": "Verfügungsfonds", "werkstatt": "3"}
    assert [(b.kind, b.text) for b in file.blocks] == [
        ("paragraph", "Ein fetter Absatz. Zweite Zeile."),
        ("heading", "Kapitel"),
        ("item", "Punkt eins"),
        ("item", "Punkt zwei"),
        ("item", "3. drei"),
        ("item", "4. vier"),
        ("box", "Kasten\nInhalt."),
        ("caption", "Tabelle 1: Zahlen"),
        ("table", "Jahr\tZahl\n2016\t783"),
        ("footnote", "https://example.org/quelle"),
    ]


def test_single_top_heading_is_the_title(tmp_path):
    """A lone heading of the first rank names the document."""
    file = load(tmp_path, "# Mein Heft\n\nText.\n")

    assert file.metadata["titel"] == "Mein Heft"
    assert [b.kind for b in file.blocks] == ["paragraph"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "ERR_FILE_EMPTY"),
        (b"# Nur eine Zeile\n", "ERR_FILE_EMPTY"),
        (b"\x00\x01\x02" * 50, "ERR_FILE_TYPE"),
        (b"---\na: [\n---\n\nText.\n", "ERR_FILE_FRONT_MATTER"),
    ],
)
def test_unreadable_files_are_refused_by_name(tmp_path, content, code):
    """Each refusal has its code and names the file."""
    path = tmp_path / "kaputt.md"
    path.write_bytes(content)

    with pytest.raises(FileRefusedError) as raised:
        load_markdown(path)
    assert raised.value.code == code
    assert "kaputt.md" in str(raised.value)


def test_older_encodings_are_read(tmp_path):
    """A file of a Windows editor from before UTF-8 keeps its umlauts."""
    path = tmp_path / "alt.md"
    path.write_bytes("# Grünflächen\n\nÜber Straßen und Höfe.\n".encode("cp1252"))

    assert load_markdown(path).blocks[-1].text == "Über Straßen und Höfe."
