"""Citations of old answers, over a real library: found again, or honestly said to be gone."""

import pytest

from corpus.errors import UnknownItemError
from corpus.store import Store
from ingest.pipeline import correct, ingest, remove
from tests.conftest import quiet
from ui.local import LocalService

TEXT = "# Fonds\n\n## Höhe\n\nDer Fonds hat {amount} Euro im Jahr. Er fördert Vorhaben.\n"


@pytest.fixture
def folder(tmp_path):
    """A folder with the document, and another one that stays."""
    found = tmp_path / "unterlagen"
    found.mkdir()
    write(tmp_path, "1.000")
    (found / "zweites.md").write_text("# Anderes\n\nEin anderer Text steht hier.\n", "utf-8")
    return found


def write(tmp_path, amount):
    """Write the document anew."""
    text = TEXT.format(amount=amount)
    (tmp_path / "unterlagen" / "fonds.md").write_text(text, encoding="utf-8")


@pytest.fixture
def store(tmp_path, folder, default_model):
    """A data folder with the documents read in."""
    (tmp_path / "data").mkdir()
    opened = Store(tmp_path / "data")
    ingest([folder], opened, default_model, quiet)
    return opened


@pytest.fixture
def service(store):
    """The service over it."""
    return LocalService(store, None)


def cited(service):
    """Ask, and return the citation of the answer."""
    (citation, *_) = service.ask("Wie viel Euro hat der Fonds im Jahr?").citations
    assert "1.000 Euro" in citation.quote
    return citation


def quoted(standing):
    """Return what the passage found says at the citation's place."""
    return standing.passage.text[standing.citation.start : standing.citation.end]


def test_a_citation_through_the_life_of_its_document(
    service, store, folder, tmp_path, default_model
):
    """Current, found again after corrections, older, no longer kept, removed.

    One story, as reading in takes seconds.
    """
    citation = cited(service)
    today = service.standing(citation)
    assert (today.state, today.citation) == ("current", citation)
    assert today.document.version == citation.version
    assert quoted(today) == citation.quote

    # The same file read with other details has other passages; the quote is looked up.
    for title in ("Ein Fonds", "Der Fonds"):
        correct(citation.document, {"titel": title}, store, default_model, quiet)
    with pytest.raises(UnknownItemError):
        service.passage(citation.passage)
    corrected = service.standing(citation)
    assert corrected.state == "current"
    assert corrected.citation.passage != citation.passage
    assert quoted(corrected) == citation.quote

    # The cited version is shown as it was, with its original.
    write(tmp_path, "2.000")
    ingest([folder], store, default_model, quiet)
    older = service.standing(citation)
    assert older.state == "newer"
    assert quoted(older) == citation.quote
    assert service.document(citation.document, citation.version) == older.document
    path, name = service.original(citation.document, citation.version)
    assert ("1.000" in path.read_text("utf-8"), name) == (True, "fonds.md")

    # Only the version before the current one is kept.
    write(tmp_path, "3.000")
    ingest([folder], store, default_model, quiet)
    gone = service.standing(citation)
    assert (gone.state, gone.document, gone.passage) == ("newer", None, None)
    with pytest.raises(UnknownItemError, match="nicht mehr aufbewahrt"):
        service.document(citation.document, citation.version)

    # Though undo could bring it back: who removed it wants it gone.
    (newest,) = [d for d in service.overview().documents if d.id == citation.document]
    remove([citation.document], store, default_model, quiet)
    assert service.standing(citation).state == "removed"
    with pytest.raises(UnknownItemError):
        service.original(newest.id, newest.version)
