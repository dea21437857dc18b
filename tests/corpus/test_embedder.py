"""The embedder runs nobody's code, knows its model by every byte, and gives unit vectors."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.embedder import DEFAULT_FOLDER, fingerprint_of, load
from corpus.errors import ModelError
from corpus.self_retrieval import heading_key
from corpus.training_texts import paragraphs
from tests.corpus.tiny_model import STATIC, write_model


@pytest.fixture
def make_model(tmp_path):
    """Write a tiny model's folder; add or replace files."""

    def make(name="modell", **files):
        return write_model(tmp_path / name, **files)

    return make


@pytest.fixture(scope="module")
def default():
    """The embedder that ships with the project."""
    return load()


def test_vectors_are_means_of_unit_length(make_model):
    """Each text's vector has length 1 and points where its words point; unknown ones nowhere."""
    model = load(make_model())

    assert model.embed_query("stadt") == pytest.approx([0.6, 0.8])
    assert model.embed_query("land land fremd") == pytest.approx([0, 1])
    assert model.embed_query("fremd") == pytest.approx([0, 0])
    assert model.embed_query("") == pytest.approx([0, 0])
    passages = model.embed_passages(["land", "stadt", "stadt land"])
    assert passages.dtype == np.float32
    assert passages[:2] == pytest.approx(np.array([[0, 1], [0.6, 0.8]]))
    assert model.embed_passages([]).shape == (0, 2)


def test_e5_models_get_their_prefixes(make_model):
    """Query and passage differ for the E5 family, whatever the folder's name holds besides."""
    model = load(make_model("multilingual-e5-tiny"))

    assert (model.fingerprint.query_prefix, model.fingerprint.passage_prefix) == (
        "query: ",
        "passage: ",
    )
    assert model.embed_query("fremd") == pytest.approx([1, 0])
    assert model.embed_passages(["fremd"])[0] == pytest.approx([0.5**0.5, 0.5**0.5])
    assert fingerprint_of(make_model("bge5000")).query_prefix == ""


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("multilingual-e5-large", "query: ", "passage: "),
        ("multilingual-e5-large-instruct", "Instruct: ", ""),
        ("deepset-mxbai-embed-de-large-v1", "query: ", "passage: "),
        ("nomic-embed-text-v1.5", "search_query: ", "search_document: "),
        ("modernbert-embed-base", "search_query: ", "search_document: "),
        ("snowflake-arctic-embed-l-v2.0", "query: ", ""),
        ("snowflake-arctic-embed-m", "Represent this sentence", ""),
        ("bge-base-en-v1.5", "Represent this sentence", ""),
        ("bge-m3", "", ""),
        ("paraphrase-multilingual-MiniLM-L12-v2", "", ""),
    ],
)
def test_families_get_what_their_cards_say(make_model, name, query, passage):
    """A known family needs no settings; a model of none gets nothing."""
    found = fingerprint_of(make_model(name))

    assert found.query_prefix.startswith(query) and bool(found.query_prefix) == bool(query)
    assert found.passage_prefix == passage


def test_a_renamed_folder_is_known_by_its_settings(make_model):
    """Whoever copies a model to another name still gets its prefixes."""
    stated = {"config.json": {"_name_or_path": "intfloat/multilingual-e5-base", "hidden_size": 2}}

    assert fingerprint_of(make_model("vom-stick", **stated)).passage_prefix == "passage: "


@pytest.mark.parametrize(
    ("prompts", "query", "passage"),
    [
        ({"query": "Frage: "}, "Frage: ", ""),
        ({"query": "", "document": "Text: "}, "", "Text: "),
        ({"retrieval.query": "F: ", "retrieval.passage": "T: "}, "F: ", "T: "),
        ({"query": "", "document": ""}, "query: ", "passage: "),
        ({}, "query: ", "passage: "),
    ],
)
def test_prompts_of_the_model_win(make_model, prompts, query, passage):
    """What the model itself says goes before its family; empty prompts say nothing."""
    folder = make_model("e5", **{"config_sentence_transformers.json": {"prompts": prompts}})

    assert fingerprint_of(folder).query_prefix == query
    assert fingerprint_of(folder).passage_prefix == passage


def test_no_prompt_is_put_before_a_text_twice(make_model):
    """The prompt that a model uses by default doesn't come on top of ours."""
    settings = {"prompts": {"query": "land ", "document": ""}, "default_prompt_name": "query"}
    model = load(make_model(**{"config_sentence_transformers.json": settings}))

    assert model.embed_query("fremd") == pytest.approx([0, 1])
    assert model.embed_passages(["stadt"])[0] == pytest.approx([0.6, 0.8])


def test_queries_are_embedded_alike_alone_and_together(make_model):
    """Many queries at once give what each gives by itself."""
    model = load(make_model("e5"))
    texts = ["stadt", "land land", "fremd"]

    assert model.embed_queries(texts) == pytest.approx(np.stack([*map(model.embed_query, texts)]))
    assert model.embed_queries([]).shape == (0, 2)


def test_fingerprint_changes_with_any_byte_and_with_nothing_else(make_model):
    """Weights, settings and prefixes count; what only tells of the model and a copy don't."""
    folder = make_model()
    before = fingerprint_of(folder)
    (folder / "README.md").write_text("Neue Worte.")
    (folder / "learnt_headings.txt").write_text("0123abcd")
    (make_model("kopie") / "README.md").write_text("Andere.")
    assert fingerprint_of(folder) == before
    assert fingerprint_of(folder.parent / "kopie") == replace(before, name="kopie")

    weights = bytearray((folder / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (folder / "model.safetensors").write_bytes(weights)
    assert fingerprint_of(folder).digest != before.digest
    assert fingerprint_of(make_model("e5")).digest != before.digest


@pytest.mark.parametrize(
    ("files", "dimension", "pooling"),
    [
        ({}, 2, "mean"),
        ({"config.json": {"hidden_size": 384}, "modules.json": "[]"}, 384, "mean"),
    ],
)
def test_dimension_and_pooling_are_read_without_loading(make_model, files, dimension, pooling):
    """They stand in the model's settings or in the head of its weights."""
    found = fingerprint_of(make_model(**files))

    assert (found.dimension, found.pooling) == (dimension, pooling)


def test_dimension_of_a_transformer_with_pooling_and_dense(make_model):
    """The last module that changes the length decides; the pooling module names its way."""
    base = "sentence_transformers.models."
    folder = make_model(
        **{
            "config.json": {"hidden_size": 384},
            "modules.json": [
                {"path": "", "type": f"{base}Transformer"},
                {"path": "1_Pooling", "type": f"{base}Pooling"},
                {"path": "2_Dense", "type": f"{base}Dense"},
                {"path": "3_Normalize", "type": f"{base}Normalize"},
            ],
        }
    )
    pooling = {"word_embedding_dimension": 384, "pooling_mode_cls_token": True}
    for name, settings in {"1_Pooling": pooling, "2_Dense": {"out_features": 128}}.items():
        (folder / name).mkdir()
        (folder / name / "config.json").write_text(json.dumps(settings))

    assert (fingerprint_of(folder).dimension, fingerprint_of(folder).pooling) == (128, "cls_token")


@pytest.mark.parametrize(
    "files",
    [
        {"modeling_fremd.py": "raise SystemExit"},
        {"pytorch_model.bin": ""},
        {"weights.pkl": ""},
        {"module.so": ""},
        {"modules.json": [{"path": "", "type": "fremd.Baustein"}]},
        {"modules.json": [{"path": "../fremd", "type": STATIC}]},
        {"modules.json": "kein JSON"},
        {"config.json": {"auto_map": {"AutoModel": "fremd--modell.Modell"}}},
        {"config.json": {"text": {"_attn_implementation_internal": "fremd/kern"}}},
        {"config.json": {"_attn_implementation": "fremd/kern"}},
        {"tokenizer_config.json": {"trust_remote_code": True}},
    ],
    ids=lambda files: next(iter(files)),
)
def test_folders_that_could_run_code_are_refused(make_model, files):
    """Code, pickles, foreign modules and attention kernels are refused before anything loads."""
    folder = make_model(**files)

    for read in (fingerprint_of, load):
        with pytest.raises(ModelError, match=r"modell.*SOZIALRAUM_EMBEDDER"):
            read(folder)


@pytest.mark.parametrize("content", [b"", b"\x00" * 4, b"\xff" * 40])
def test_damaged_weights_are_named(make_model, content):
    """A cut or foreign file of weights is a ModelError."""
    folder = make_model()
    (folder / "model.safetensors").write_bytes(content)

    with pytest.raises(ModelError, match="modell"):
        load(folder)


def test_missing_model_is_named_and_nothing_downloaded():
    """A name instead of a folder is an error in words, at once."""
    with pytest.raises(ModelError, match="sozialraum model fetch") as missing:
        load("intfloat/multilingual-e5-small")

    assert missing.value.code == "ERR_EMBEDDER_MISSING"


def test_importing_and_fingerprinting_need_no_torch():
    """The heavy libraries come with loading, not before."""
    program = (
        "import sys; from corpus.embedder import fingerprint_of; fingerprint_of();"
        "sys.exit('torch' in sys.modules or 'sentence_transformers' in sys.modules)"
    )
    root = Path(__file__).parents[2]

    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0


def test_default_model_is_small_and_holds_no_code():
    """What ships is 15 MB at most: weights, settings, and how they were made."""
    files = {path.name: path.stat().st_size for path in DEFAULT_FOLDER.iterdir()}

    assert sum(files.values()) <= 15_000_000
    assert files.keys() == {
        *("model.safetensors", "tokenizer.json", "analyser.json", "modules.json"),
        *("config_sentence_transformers.json", "README.md", "learnt_headings.txt"),
    }


def test_default_model_says_which_headings_it_has_learnt(default):
    """Headings of the starter collection can't test it; it knows none of anybody else's."""
    assert heading_key("§ 3 Umbau der Krisenstäbe") not in default.learnt
    for source in (DEFAULT_FOLDER.parent / "sources").glob("*.md"):
        for paragraph in paragraphs(source.stem, source.read_text("utf-8")):
            assert all(heading_key(heading) in default.learnt for heading in paragraph.way)


@pytest.mark.parametrize(
    ("near", "far"),
    [
        (("Quartiersmanagement", "Stadtteilmanagement"), ("Quartiersmanagement", "Krankenkasse")),
        (("IHK", "Integriertes Handlungskonzept"), ("IHK", "Pflegeversicherung")),
        (("Schrottimmobilie", "Problemimmobilie"), ("Schrottimmobilie", "Jugendhilfe")),
        (("Bürgerbeteiligung", "Partizipation"), ("Bürgerbeteiligung", "Immissionsschutz")),
        (("Verfuegungsfonds", "Verfügungsfond"), ("Verfuegungsfonds", "Vormundschaft")),
    ],
)
def test_default_model_knows_the_field(default, near, far):
    """Terms of the field lie nearer to their variants than to something else."""

    def likeness(pair):
        one, two = map(default.embed_query, pair)
        return float(one @ two)

    assert likeness(near) > likeness(far) + 0.1


def test_default_model_gives_the_same_vectors_alone_and_together(default):
    """A passage's vector doesn't depend on the others, nor on what was embedded before."""
    texts = ["Ein Satz zur Stadt.", "Bewohnerinnen reden mit.", "Xylophon", "§ 171e BauGB"]
    together = default.embed_passages(texts)

    assert default.fingerprint == fingerprint_of()
    assert together.shape == (4, default.fingerprint.dimension)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    for text, vector in zip(texts, together, strict=True):
        assert default.embed_query(text) == pytest.approx(vector, abs=1e-6)
