"""The themes that collections are looked over by."""

import pytest

from corpus.errors import CatalogueError
from corpus.themes import load_themes


def write(folder, text):
    """Write a themes file."""
    path = folder / "themes.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_own_themes_can_be_read():
    """Every theme has a name and terms, and no term belongs to two themes."""
    themes = load_themes()
    terms = [term.casefold() for theme in themes for term in theme.terms]

    assert len(themes) >= 12
    assert all(theme.name and theme.terms for theme in themes)
    assert len(set(terms)) == len(terms)


def test_themes_keep_the_order_of_the_file(tmp_path):
    """The map's rows are those of the file."""
    path = write(
        tmp_path,
        "themen:\n"
        "  - {kennung: zwei, name: Zwei, begriffe: [Haus]}\n"
        "  - {kennung: eins, name: Eins, begriffe: [Hof, Tor]}\n",
    )

    assert [(t.id, t.name, t.terms) for t in load_themes(path)] == [
        ("zwei", "Zwei", ("Haus",)),
        ("eins", "Eins", ("Hof", "Tor")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "themen: [{kennung: eins, name: Eins}]",
        "themen: [{kennung: eins, name: Eins, begriffe: []}]",
        "themen: [{kennung: Eins-1, name: Eins, begriffe: [Hof]}]",
        "themen: [{kennung: a, name: A, begriffe: [x]}, {kennung: a, name: B, begriffe: [y]}]",
        "themen: 5",
        "[",
    ],
)
def test_malformed_themes_are_named(tmp_path, text):
    """The message names the file."""
    with pytest.raises(CatalogueError, match=r"themes\.yaml"):
        load_themes(write(tmp_path, text))
