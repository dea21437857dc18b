"""Trains the default embedder: python -m corpus.train_embedder FOLDER... [--out DIR] [--seed N].

One vector for each stem, compound part and 4-gram; a text is their mean. The vectors start
from a truncated singular value decomposition of paragraphs by terms and are then drawn
together pair by pair (InfoNCE with the rest of the batch as counter-examples).
"""

import argparse
import logging
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from sklearn.utils.extmath import randomized_svd
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from torch.nn import functional

from corpus.catalogue import load_glossary
from corpus.embedder import ANALYSER_FILE, DEFAULT_FOLDER, LEARNT_FILE
from corpus.german import Analyser
from corpus.self_retrieval import heading_key
from corpus.static_terms import all_buckets, known_terms, terms
from corpus.training_texts import Pair, Paragraph, glossary_pairs, pairs, read_folder

log = logging.getLogger(__name__)

DIMENSION = 256
MIN_WORD_COUNT = 3
MIN_GRAM_COUNT = 10
"""Paragraphs a term must occur in for a vector of its own. Against 2 and 5 the model is a
third smaller and as good (0.687 against 0.663 MRR@10 alone on the golden questions)."""
GRAM_WEIGHT = 0.3
"""A gram's start beside a word's; without grams a typo is fatal (0.774 -> 0.706 MRR@10)."""
BUCKET_LENGTH = 2.0
"""Length of a bucket's start, in lengths of a rare word's: unknown words are rare words."""
MOST_REPEATS = 5
"""How often the pairs of a small folder are used at most beside those of the largest."""
BATCH = 512
EPOCHS = 2
"""A third moved nothing beyond noise."""
LEARNING_RATE = 2e-2
WARM_UP = 0.05
"""Share of the steps in which the learning rate rises; after that it falls to zero."""
TEMPERATURE = 0.05
MIN_QUESTION_TERMS = 2
MIN_PASSAGE_TERMS = 4
UNKNOWN = "[UNK]"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms with a vector, in order, and how many paragraphs each occurs in."""

    row: dict[str, int]
    count: NDArray[np.float32]
    """Shape (terms,)."""
    known: frozenset[str]
    """The terms that aren't buckets."""


def main() -> None:
    """Train from folders named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="German .md and .txt files")
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without", nargs="*", default=[], help="names of files to hold out")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(1)  # more would change the sums, and with them the model
    began = time.process_time()
    folders = [read_folder(folder, arguments.without) for folder in arguments.folders]
    if not any(folders):
        parser.error("In den Ordnern liegen keine .md- oder .txt-Dateien mit Text.")
    train(folders, arguments.out, arguments.seed)
    log.info("%s: %.0f CPU s", arguments.out, time.process_time() - began)


def train(folders: Sequence[list[Paragraph]], out: Path, seed: int) -> None:
    """Train a model and write its folder anew. Same texts and seed, same model."""
    texts = [p.text for folder in folders for p in folder]
    analyser = Analyser.learn([*texts, *(" ".join(p.way) for f in folders for p in f)])
    found = [terms(analyser, text) for text in texts]
    vocabulary = _vocabulary(found)
    log.info("%d paragraphs, %d terms", len(found), len(vocabulary.row))
    embedding = torch.nn.EmbeddingBag.from_pretrained(
        torch.from_numpy(_start(found, vocabulary, seed)), freeze=False
    )
    examples = _examples(folders, seed)
    bags = [
        (question, passage)
        for pair in examples
        if len(question := _rows(analyser, pair.question, vocabulary)) >= MIN_QUESTION_TERMS
        and len(passage := _rows(analyser, pair.passage, vocabulary)) >= MIN_PASSAGE_TERMS
    ]
    log.info("%d pairs", len(bags))
    _draw_together(embedding, bags, seed)
    _write(out, embedding, vocabulary, analyser)
    keys = learnt_headings(p for folder in folders for p in folder)
    (out / LEARNT_FILE).write_text("\n".join(keys) + "\n", encoding="utf-8")


def learnt_headings(found: Iterable[Paragraph]) -> list[str]:
    """Return the keys of all headings in the texts, in a fixed order."""
    return sorted({heading_key(heading) for paragraph in found for heading in paragraph.way})


def _vocabulary(found: Sequence[Sequence[str]]) -> Vocabulary:
    counts = Counter(term for text in found for term in text)
    kept = sorted(
        term
        for term, count in counts.items()
        if count >= (MIN_GRAM_COUNT if term.startswith("#") else MIN_WORD_COUNT)
    )
    ordered = [UNKNOWN, *kept, *all_buckets()]
    return Vocabulary(
        {term: row for row, term in enumerate(ordered)},
        np.array([max(1, counts[term]) for term in ordered], dtype=np.float32),
        frozenset(kept),
    )


def _start(
    found: Sequence[Sequence[str]], vocabulary: Vocabulary, seed: int
) -> NDArray[np.float32]:
    """Return the first vectors, shape (terms, DIMENSION): decomposed tf-idf, random buckets."""
    grams = np.array(["#" in term[:2] for term in vocabulary.row])
    weight = np.log(len(found) / vocabulary.count) * np.where(grams, GRAM_WEIGHT, 1.0)
    cells = [
        (at, vocabulary.row[t])
        for at, text in enumerate(found)
        for t in text
        if t in vocabulary.row
    ]
    rows, columns = (np.array(side) for side in zip(*cells, strict=True))
    matrix = sparse.csr_matrix(
        (weight[columns], (rows, columns)), (len(found), len(vocabulary.row)), dtype=np.float32
    )
    lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1)).A1
    matrix = sparse.diags(1 / np.maximum(lengths, 1e-9)) @ matrix
    _, _, components = randomized_svd(matrix, DIMENSION, n_iter=2, random_state=seed)
    start = (components.T * weight[:, None]).astype(np.float32)
    plain = np.array([term in vocabulary.known for term in vocabulary.row])
    start /= np.linalg.norm(start[plain], axis=1).mean()
    words = plain & ~grams
    rare = words & (vocabulary.count == vocabulary.count[words].min())
    length = BUCKET_LENGTH * np.linalg.norm(start[rare], axis=1).mean()
    chance = np.random.default_rng(seed).standard_normal(start.shape).astype(np.float32)
    chance *= length / np.linalg.norm(chance, axis=1, keepdims=True)
    start[~plain] = (chance * np.where(grams, GRAM_WEIGHT, 1.0)[:, None])[~plain]
    start[vocabulary.row[UNKNOWN]] = 0
    return np.asarray(start, dtype=np.float32)


def _examples(folders: Sequence[list[Paragraph]], seed: int) -> list[Pair]:
    """Return all pairs, those of small folders several times so that they aren't drowned."""
    made = [pairs(folder, seed) for folder in folders] + [glossary_pairs(load_glossary())]
    largest = max(map(len, made))
    return [
        pair
        for group in made
        if group
        for pair in group * min(MOST_REPEATS, max(1, largest // len(group)))
    ]


def _rows(analyser: Analyser, text: str, vocabulary: Vocabulary) -> list[int]:
    found = known_terms(terms(analyser, text), vocabulary.known)
    return [vocabulary.row[term] for term in found]


def _draw_together(
    embedding: torch.nn.EmbeddingBag, bags: list[tuple[list[int], list[int]]], seed: int
) -> None:
    """Train in place: each pair against the others of its batch, both ways round."""
    optimizer = torch.optim.Adam(embedding.parameters(), lr=LEARNING_RATE)
    steps = EPOCHS * (len(bags) // BATCH)
    for step, batch in enumerate(_batches(bags, seed)):
        rate = min(1.0, (step + 1) / (WARM_UP * steps)) * (1 - step / steps)
        optimizer.param_groups[0]["lr"] = LEARNING_RATE * rate
        questions = _means(embedding, [question for question, _ in batch])
        passages = _means(embedding, [passage for _, passage in batch])
        likeness = questions @ passages.T / TEMPERATURE
        right = torch.arange(len(batch))
        there = functional.cross_entropy(likeness, right)
        back = functional.cross_entropy(likeness.T, right)
        loss = (there + back) / 2
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if step % 20 == 0:
            log.info("step %d of %d: loss %.2f", step, steps, loss.item())


def _batches(
    bags: list[tuple[list[int], list[int]]], seed: int
) -> Iterator[list[tuple[list[int], list[int]]]]:
    chance = random.Random(seed)  # noqa: S311  # not for secrets
    for _ in range(EPOCHS):
        order = chance.sample(range(len(bags)), len(bags))
        for at in range(0, len(order) - BATCH + 1, BATCH):
            yield [bags[i] for i in order[at : at + BATCH]]


def _means(embedding: torch.nn.EmbeddingBag, bags: list[list[int]]) -> torch.Tensor:
    starts = np.cumsum([0, *(len(bag) for bag in bags[:-1])])
    rows = torch.tensor([row for bag in bags for row in bag])
    mean: torch.Tensor = embedding(rows, torch.from_numpy(starts))
    return functional.normalize(mean, dim=1)


def _write(
    out: Path, embedding: torch.nn.EmbeddingBag, vocabulary: Vocabulary, analyser: Analyser
) -> None:
    """Write a sentence-transformers folder, half precision, with the analysis it rests on."""
    tokenizer = Tokenizer(WordLevel(vocabulary.row, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    weights = embedding.weight.detach().clone()
    weights[vocabulary.row[UNKNOWN]] = 0
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights.half())], device="cpu"
    )
    readme = out / "README.md"
    recipe = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    shutil.rmtree(out, ignore_errors=True)
    model.save(str(out), create_model_card=False)
    analyser.save(out / ANALYSER_FILE)
    if recipe:
        readme.write_text(recipe, encoding="utf-8")


if __name__ == "__main__":
    main()
