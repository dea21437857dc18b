"""An editor's desk over real files and a data folder of the test's own."""

import shutil

import pytest

from corpus.store import Store
from ingest import pipeline
from tests.conftest import quiet
from tests.ui.web.documents.desks import FIRST, OTHER, opened


@pytest.fixture(scope="session")
def prepared(tmp_path_factory, default_model):
    """A data folder into which two short texts were read."""
    folder = tmp_path_factory.mktemp("unterlagen")
    (folder / "werkhaus.md").write_text(FIRST, "utf-8")
    (folder / "spielplatz.md").write_text(OTHER, "utf-8")
    data = folder / "data"
    store = Store(data)
    pipeline.ingest([folder / "werkhaus.md", folder / "spielplatz.md"], store, default_model, quiet)
    store.library.close()
    return folder


@pytest.fixture
def desk(prepared, tmp_path, default_model):
    """The desk over a copy of that folder."""
    shutil.copytree(prepared / "data", tmp_path / "data")
    return opened(tmp_path / "data", default_model)
