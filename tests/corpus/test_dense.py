"""The dense index finds the nearest vectors, the same ones in every build, and stays closed."""

import json

import numpy as np
import pytest

from corpus import dense
from corpus.dense import DenseIndex, build
from corpus.errors import GenerationError


def make_vectors(count, dim=32, seed=0):
    """Return unclustered unit vectors, the hardest case for a graph."""
    vectors = np.random.default_rng(seed).standard_normal((count, dim)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def names(count):
    """Return ids in order."""
    return [f"p{i:05}" for i in range(count)]


@pytest.fixture(params=[0, dense.EXACT_UP_TO], ids=["graph", "product"])
def make_index(tmp_path, request, monkeypatch):
    """Build and open indexes, searched by either way; close them afterwards."""
    monkeypatch.setattr(dense, "EXACT_UP_TO", request.param)
    opened = []

    def make(ids, vectors, name="index"):
        build(tmp_path / name, ids, vectors)
        opened.append(DenseIndex.open(tmp_path / name))
        return opened[-1]

    yield make
    for index in opened:
        index.close()


def exact(vectors, query, k):
    """Return the ids of the k nearest by plain arithmetic."""
    return [f"p{i:05}" for i in np.argsort(-(vectors @ query), kind="stable")[:k]]


@pytest.mark.parametrize("count", [1, 2, 99, 100, 101, 2001])
def test_opening_changes_no_byte(tmp_path, count):
    """Whatever the size, searching a finished index writes nothing, and closing frees it."""
    vectors = make_vectors(count)
    build(tmp_path / "index", names(count), vectors)
    files = [p for p in (tmp_path / "index").rglob("*") if p.is_file()]
    before = {p: p.read_bytes() for p in files}
    for _ in range(2):
        index = DenseIndex.open(tmp_path / "index")
        assert len(index) == count
        assert index.search(vectors[0], 3)[0][0] == "p00000"
        index.close()

    assert {p: p.read_bytes() for p in (tmp_path / "index").rglob("*") if p.is_file()} == before


def test_search_is_exact_and_builds_agree(make_index):
    """Three builds from differently ordered vectors give the same hits: the exact ones."""
    count, vectors = 1500, make_vectors(1500, 64)
    shuffled = np.random.default_rng(5).permutation(count)
    ids = names(count)
    indexes = [
        make_index(ids, vectors, "eins"),
        make_index(ids, vectors, "zwei"),
        make_index([ids[i] for i in shuffled], vectors[shuffled], "drei"),
    ]
    for query in make_vectors(100, 64, seed=1):
        first, *others = [index.search(query, 10) for index in indexes]
        assert [id for id, _ in first] == exact(vectors, query, 10)
        assert all(other == first for other in others)


def test_scoped_search_is_the_search_among_its_rows(make_index):
    """Within given ids the same passages come with the same scores; unknown ids don't matter."""
    vectors = make_vectors(400)
    index = make_index(names(400), vectors)
    allowed = set(names(400)[::7])
    for query in make_vectors(20, seed=2):
        every = index.search(query, 400)
        scoped = index.search(query, 5, {*allowed, "fremd"})
        assert scoped == [hit for hit in every if hit[0] in allowed][:5]
    assert index.search(vectors[0], 5, set()) == []


def test_scores_are_cosines_and_do_not_depend_on_company(make_index):
    """A score is the same alone, among others, and in a search."""
    vectors = make_vectors(200)
    index = make_index(names(200), vectors)
    query = make_vectors(1, seed=3)[0]
    scores = index.scores(query, names(200))

    assert scores == pytest.approx(vectors @ query, abs=1e-6)
    assert all(index.scores(query, [id])[0] == s for id, s in zip(names(200), scores, strict=True))
    assert (
        dict(index.search(query, 10)).items()
        <= dict(zip(names(200), scores.tolist(), strict=True)).items()
    )
    assert index.vector("p00007") == pytest.approx(vectors[7])


def test_ties_come_by_id(make_index):
    """Equal vectors come in order of their ids."""
    vectors = np.repeat(make_vectors(2), 10, axis=0)
    index = make_index(names(20)[::-1], vectors)

    assert [id for id, _ in index.search(vectors[-1], 5)] == names(5)


def test_zero_vectors_are_like_nothing(make_index):
    """A passage without a vector is never near, and a query without one finds nothing."""
    vectors = make_vectors(5)
    vectors[2] = 0
    index = make_index(names(5), vectors)

    assert dict(index.search(vectors[0], 5))["p00002"] == 0
    assert index.search(np.zeros(32, dtype=np.float32), 5) == []


def test_empty_index_finds_nothing(make_index):
    """A collection may be empty."""
    index = make_index([], np.zeros((0, 8), dtype=np.float32))

    assert len(index) == 0
    assert index.search(np.ones(8, dtype=np.float32), 3) == []


def test_finished_index_holds_no_log_of_vectors(tmp_path):
    """What Chroma noted while building is gone, so that deleting a passage deletes it."""
    build(tmp_path / "index", names(50), make_vectors(50))
    database = (tmp_path / "index" / "chroma" / "chroma.sqlite3").read_bytes()

    held = sum(vector.tobytes() in database for vector in make_vectors(50))
    assert held <= 1  # Chroma keeps the last entry of its log


@pytest.mark.parametrize(
    ("ids", "shape"), [(["a"], (2, 4)), (["a", "a"], (2, 4)), (["a", "b"], (2,))]
)
def test_shapes_must_fit(tmp_path, ids, shape):
    """One vector for each id, no id twice."""
    with pytest.raises(ValueError, match="ids for vectors"):
        build(tmp_path / "index", ids, np.ones(shape, dtype=np.float32))


@pytest.mark.parametrize("damage", ["missing", "ids", "array", "database", "count"])
def test_damaged_index_is_named_and_leaves_nothing_open(tmp_path, damage):
    """What can't be opened is an error that names the folder."""
    folder = tmp_path / "index"
    if damage != "missing":
        build(folder, names(5), make_vectors(5))
    if damage == "ids":
        (folder / "ids.json").write_text("[")
    if damage == "array":
        (folder / "vectors.npy").write_bytes(b"\x93NUMPY")
    if damage == "database":
        (folder / "chroma" / "chroma.sqlite3").write_bytes(b"")
    if damage == "count":
        (folder / "ids.json").write_text(json.dumps(names(4)))

    with pytest.raises(GenerationError, match="index"):
        DenseIndex.open(folder)
