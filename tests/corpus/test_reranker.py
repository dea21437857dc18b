"""A cross-encoder is loaded from a local folder only, and runs nobody's code."""

import json

import numpy as np
import pytest

from corpus.errors import ModelError
from corpus.reranker import load

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "was", "ist", "ein", "park", "haus", "stadt", "grün")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny real cross-encoder with random weights, saved as such models are."""
    return make_model(tmp_path_factory.mktemp("modelle") / "klein", labels=1)


def make_model(folder, labels):
    """Write a BERT of one layer and its tokeniser."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    vocabulary = {word: at for at, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="[UNK]",  # noqa: S106
        pad_token="[PAD]",  # noqa: S106
        cls_token="[CLS]",  # noqa: S106
        sep_token="[SEP]",  # noqa: S106
        model_max_length=64,
    )
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        num_labels=labels,
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


def test_scores_lie_between_zero_and_one_and_tell_texts_apart(folder):
    """Each text gets its own score in its place, the same alone and among others."""
    reranker = load(folder)

    scores = reranker.scores("was ist ein park", ["park grün", "haus", "stadt haus park"])

    assert scores.dtype == np.float32
    assert scores.shape == (3,)
    assert ((scores > 0) & (scores < 1)).all()
    assert len(set(scores.tolist())) == 3
    assert reranker.scores("was ist ein park", ["haus"]) == pytest.approx(scores[1:2], abs=1e-5)
    assert reranker.scores("was ist ein park", []).shape == (0,)


def test_both_sides_are_read(folder):
    """The same text scores differently for another query."""
    reranker = load(folder)

    assert reranker.scores("park", ["grün"]) != pytest.approx(reranker.scores("haus", ["grün"]))


def test_long_texts_are_cut(folder):
    """What is beyond the model's limit neither fails nor counts."""
    reranker = load(folder)
    long = "park " * 200

    assert reranker.scores("haus", [long]) == pytest.approx(reranker.scores("haus", [long + long]))


def test_a_folder_without_model_is_refused(tmp_path):
    """The message names the setting, and nothing is looked for elsewhere."""
    with pytest.raises(ModelError, match="SOZIALRAUM_RERANKER") as caught:
        load(tmp_path / "leer")

    assert caught.value.code == "ERR_RERANKER_MISSING"


@pytest.mark.parametrize("name", ["pytorch_model.bin", "modeling.py", "weights.pt"])
def test_files_that_can_hold_code_are_refused(folder, name):
    """Pickles and programs are refused, whether or not they would be read."""
    file = folder / name
    file.write_bytes(b"x")
    try:
        with pytest.raises(ModelError, match="Programmtext") as caught:
            load(folder)
    finally:
        file.unlink()

    assert "SOZIALRAUM_RERANKER" in str(caught.value)
    assert "SOZIALRAUM_EMBEDDER" not in str(caught.value)


def test_settings_that_ask_for_code_are_refused(folder):
    """A model whose settings name a program of its own isn't loaded."""
    file = folder / "config.json"
    before = file.read_text("utf-8")
    file.write_text(json.dumps({**json.loads(before), "auto_map": {"AutoModel": "m.M"}}), "utf-8")
    try:
        with pytest.raises(ModelError, match="auto_map"):
            load(folder)
    finally:
        file.write_text(before, "utf-8")


def test_a_model_of_several_labels_is_refused(tmp_path):
    """A classifier says nothing about how well a text answers."""
    with pytest.raises(ModelError, match="3 Werte"):
        load(make_model(tmp_path / "klassen", labels=3))
