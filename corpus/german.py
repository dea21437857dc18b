"""German words -> analysed tokens, one way for passages and queries.

An analyser knows the words of one collection: from them it lemmatises, splits compounds,
settles spellings and mends typos. Lemmas are looked up when it learns and saved with it, so
that analysing never loads the dictionary (measured: 0.9 CPU s and 105 MB at the first word).
"""

import json
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

import Stemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from corpus.compounds import Splitter
from corpus.errors import GenerationError
from corpus.german_tokens import RawToken, raw_tokens
from corpus.stopwords import STOP_WORDS

ANALYSER_VERSION = "1"
"""Change it with anything that changes what a text is analysed to; indexes are then rebuilt."""

Kind = Literal["word", "stop", "number", "date", "section"]

GRAM_SIZES = (4, 5)
"""Characters. 4, 5, 4-5 and 3-5 lay within 0.005 MRR@10; 4-5 was best by a hair."""
CACHED_WORDS = 1 << 17
MIN_LEFT_OF_LINK = 4
"""Letters before a linking s that is optional ("Quartier(s)management")."""
TYPO_LENGTHS = ((9, 2), (5, 1))
"""From this many letters, so many edits; shorter words are left alone. Two edits from eight
letters mended 0.3 % more of 2,500 slips, and harmed 0.1 % more of 4,000 foreign words."""


class Token(NamedTuple):
    """A word of a text and what it is searched as. Offsets are those of the text as given."""

    start: int
    end: int
    kind: Kind
    stem: str
    """The word searched for; of a stop word its surface."""
    also: tuple[str, ...] = ()
    """Further words it stands for: pieces of "Vor-Ort-Büro", month and year of a date."""
    parts: tuple[str, ...] = ()
    """Stems of compound parts; they weigh half."""
    folded: tuple[str, ...] = ()
    """Surfaces without umlauts, of which the grams are cut."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a text is searched as, in order and with repetitions."""

    words: tuple[str, ...]
    parts: tuple[str, ...]
    grams: tuple[str, ...]


class _Word(NamedTuple):
    stem: str
    parts: tuple[str, ...]
    folded: str


class Analyser:
    """German analysis by the vocabulary of a collection. Immutable; safe to share by threads."""

    def __init__(
        self,
        vocabulary: Mapping[str, int] | None = None,
        displays: Mapping[str, str] | None = None,
        lemmas: Mapping[str, str] | None = None,
        spellings: Mapping[str, str] | None = None,
        stems: Mapping[str, int] | None = None,
        texts: int = 0,
    ) -> None:
        """Take what ``learn`` found out; without it, words are only stemmed."""
        self._vocabulary = dict(vocabulary or {})
        self._displays = dict(displays or {})
        self._lemmas = dict(lemmas or {})
        self._spellings = dict(spellings or {})
        self._stems = dict(stems or {})
        self.texts = texts
        """Number of texts learnt from."""
        self._by_fold = _by_fold(self._vocabulary)
        self._by_start = _by_start(self._by_fold)
        self._splitter = Splitter(_form_frequencies(self._vocabulary, self._lemmas))
        self._word = lru_cache(CACHED_WORDS)(self._analyse_word)

    # -- learning --------------------------------------------------------------------------

    @classmethod
    def learn(cls, texts: Iterable[str]) -> "Analyser":
        """Learn from the passages of a collection, each one text. Deterministic."""
        kept = list(texts)
        vocabulary, displays = _surfaces(kept)
        lemmas = _lemmas(vocabulary, displays)
        spellings = cls(vocabulary, displays, lemmas)._link_spellings()
        draft = cls(vocabulary, displays, lemmas, spellings)
        return cls(vocabulary, displays, lemmas, spellings, draft._count_stems(kept), len(kept))

    def _link_spellings(self) -> dict[str, str]:
        """Return the commonest spelling of each stem that occurs with and without linking s."""
        counts: Counter[str] = Counter()
        for word, frequency in self._vocabulary.items():
            counts[_stem(self._base(word))] += frequency
        common = {stem: self._common_spelling(stem, counts) for stem in counts}
        return {stem: spelling for stem, spelling in common.items() if spelling != stem}

    def _count_stems(self, texts: Iterable[str]) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for text in texts:
            found = self.tokens(text)
            counts.update({s for t in found if t.kind != "stop" for s in (*_words(t), *t.parts)})
        return dict(counts)

    def save(self, path: Path) -> None:
        """Write all that was learnt to a JSON file."""
        content = {
            "version": ANALYSER_VERSION,
            "texts": self.texts,
            "vocabulary": self._vocabulary,
            "displays": self._displays,
            "lemmas": self._lemmas,
            "spellings": self._spellings,
            "stems": self._stems,
        }
        compact = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        path.write_text(compact, encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Analyser":
        """Read what ``save`` wrote. Raises GenerationError when it is damaged or outdated."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            version = content.pop("version")
            if version == ANALYSER_VERSION:
                return cls(**content)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
            raise GenerationError(
                f"Die Sprachanalyse {path} ist nicht lesbar ({fault}). Bitte lesen Sie die "
                "Unterlagen mit „sozialraum ingest“ neu ein."
            ) from fault
        raise GenerationError(
            f"Die Sprachanalyse {path} stammt von einer anderen Programmfassung ({version} statt "
            f"{ANALYSER_VERSION}). Bitte lesen Sie die Unterlagen mit „sozialraum ingest“ neu ein.",
            code="ERR_OUTDATED",
        )

    # -- analysing -------------------------------------------------------------------------

    def analyse(self, text: str) -> Analysis:
        """Return what the text is searched as, stop words dropped."""
        kept = [token for token in self.tokens(text) if token.kind != "stop"]
        return Analysis(
            words=tuple(word for token in kept for word in _words(token)),
            parts=tuple(part for token in kept for part in token.parts),
            grams=tuple(g for token in kept for form in token.folded for g in grams(form)),
        )

    def tokens(self, text: str) -> tuple[Token, ...]:
        """Return all tokens in order, stop words included. They don't overlap."""
        raw = list(raw_tokens(text))
        return tuple(self._token(raw, at) for at in range(len(raw)))

    def _token(self, raw: list[RawToken], at: int) -> Token:
        start, end, kind, forms, open_end, open_start = raw[at]
        if kind != "word":
            stem, *also = (self._exact(form) for form in forms)
            return Token(start, end, kind, stem, tuple(also), (), forms[:1])
        if len(forms) > 1:
            return Token(start, end, "word", *self._joined(forms))
        surface = forms[0]
        if surface in STOP_WORDS or (len(surface) == 1 and not surface.isdigit()):
            return Token(start, end, "stop", surface)
        whole = self._completed(raw, at) if open_end or open_start else ""
        if whole:
            word, own = self._word(whole), self._word(surface).stem
            parts = tuple(part for part in word.parts if part != own)
            return Token(start, end, "word", word.stem, (own,), parts, (word.folded,))
        word = self._word(surface)
        return Token(start, end, "word", word.stem, (), word.parts, (word.folded,))

    def _joined(
        self, forms: tuple[str, ...]
    ) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Analyse "Corona-Pandemie": the word without hyphens, its pieces, their parts."""
        whole = self._word("".join(forms))
        pieces = [self._word(form) for form in forms if form not in STOP_WORDS and len(form) > 1]
        also = tuple(piece.stem for piece in pieces)
        own = {whole.stem, *also}
        parts = [*whole.parts, *(part for piece in pieces for part in piece.parts)]
        return (
            whole.stem,
            also,
            tuple(dict.fromkeys(part for part in parts if part not in own)),
            tuple(piece.folded for piece in pieces) or (whole.folded,),
        )

    def _completed(self, raw: list[RawToken], at: int) -> str:
        """Write out a word that shares a part with its neighbour, or return nothing.

        "Stadt- und Quartiersentwicklung" has a Stadtentwicklung in it,
        "Quartiersentwicklung und -management" a Quartiersmanagement.
        """
        token = raw[at]
        if token.open_end:
            after = (t for t in raw[at + 1 : at + 1 + _ELLIPSIS_REACH] if not t.open_end)
            full = next((t for t in after if _is_compound(t)), None)
            head = self._splitter.head(self._base(full.forms[-1])) if full else ""
            return token.forms[0] + head if head else ""
        if token.open_start:
            before = (t for t in reversed(raw[max(0, at - _ELLIPSIS_REACH) : at]))
            full = next((t for t in before if _is_compound(t) and not t.open_start), None)
            front = self._splitter.front(self._base(full.forms[-1])) if full else ""
            return front + token.forms[0] if front else ""
        return ""

    def _exact(self, form: str) -> str:
        """Leave numbers and references alone; a date's month is a word like any other."""
        return self._word(form).stem if form.isalpha() else form

    def _analyse_word(self, surface: str) -> _Word:
        known = self._known_form(surface)
        base = self._base(known)
        stem = self._spelt(_stem(base))
        own = {stem}
        parts = (self._spelt(_stem(self._base(part))) for part in self._splitter.split(base))
        return _Word(
            stem, tuple(part for part in dict.fromkeys(parts) if part not in own), fold(surface)
        )

    def _known_form(self, surface: str) -> str:
        """Return the collection's form of a word typed without umlauts ("Staedtebau")."""
        if surface in self._vocabulary or surface in self._lemmas:
            return surface
        return self._by_fold.get(fold(surface), surface)

    def _base(self, surface: str) -> str:
        return self._lemmas.get(surface, surface)

    def _spelt(self, stem: str) -> str:
        """Return the collection's spelling of a stem, be it with or without linking s."""
        if stem in self._stems or stem in self._spellings:
            return self._spellings.get(stem, stem)
        common = self._common_spelling(stem, self._stems)
        return self._spellings.get(common, common)

    def _common_spelling(self, stem: str, stems: Mapping[str, int]) -> str:
        """Return the commonest among the stem and its forms with a linking s more or less."""
        forms = {stem} | {form for form in self._linked_otherwise(stem) if form in stems}
        return min(forms, key=lambda form: (-stems.get(form, 0), form))

    def _linked_otherwise(self, stem: str) -> Iterator[str]:
        for at in range(MIN_LEFT_OF_LINK, len(stem) - MIN_LEFT_OF_LINK + 1):
            if stem[:at] in self._by_fold:
                yield stem[:at] + stem[at + 1 :] if stem[at] == "s" else f"{stem[:at]}s{stem[at:]}"

    # -- vocabulary ------------------------------------------------------------------------

    @property
    def vocabulary(self) -> Mapping[str, int]:
        """Words of the collection, lower case, and how many texts each occurs in."""
        return MappingProxyType(self._vocabulary)

    def document_frequency(self, stem: str) -> int:
        """Return how many texts have this stem, as a word or as a compound's part."""
        return self._stems.get(stem, 0)

    def frequency(self, word: str) -> int:
        """Return how many texts have this very word, whatever its capitals and umlauts."""
        return self._vocabulary.get(self._known_form(word.lower()), 0)

    def written(self, word: str) -> str | None:
        """Return a word as the collection writes it ("isek" -> ISEK), or None."""
        known = self._known_form("".join(form for t in raw_tokens(word) for form in t.forms))
        return self._displays.get(known, known) if known in self._vocabulary else None

    def near(self, word: str) -> tuple[str, ...]:
        """Return the words of the collection that may have been meant, likeliest first.

        They begin alike and are as close as ``TYPO_LENGTHS`` allows by edit distance (swaps of
        neighbours count once); the commonest of the closest comes first. Unknown short forms
        in capitals have none, they are rarely slips.
        """
        folded = fold("".join(form for token in raw_tokens(word) for form in token.forms))
        allowed = next((edits for length, edits in TYPO_LENGTHS if len(folded) >= length), 0)
        if not allowed or (word.isupper() and len(word) < TYPO_LENGTHS[0][0]):
            return ()
        lengths = range(len(folded) - allowed, len(folded) + allowed + 1)
        alike = [form for n in lengths for form in self._by_start.get((folded[0], n), ())]
        found = process.extract(
            folded, alike, scorer=OSA.distance, score_cutoff=allowed, limit=None
        )
        ranked = sorted(
            (distance, -self._vocabulary[self._by_fold[form]], self._by_fold[form])
            for form, distance, _ in found
        )
        return tuple(self._displays.get(word, word) for _, _, word in ranked)


_ELLIPSIS_REACH = 6
"""Tokens within which the full compound follows: "Jugend-, Sozial-, Bildungs- und Sportplanung"."""


def _is_compound(token: RawToken) -> bool:
    return token.kind == "word" and not token.open_end and len(token.forms[-1]) >= 8


def _words(token: Token) -> tuple[str, ...]:
    return (token.stem, *token.also)


_FOLD = str.maketrans({"ß": "ss", "æ": "a", "œ": "o", "ø": "o"})
_TYPED_UMLAUT = re.compile(r"([ao])e|(?<![aeqou])ue")


def fold(word: str) -> str:
    """Return a lower-case word without umlauts and accents: ä, ae and a are the same.

    "ue" after a vowel or q is no umlaut ("neue", "Frauen", "Quelle").
    """
    bare = unicodedata.normalize("NFD", word.translate(_FOLD))
    letters = "".join(char for char in bare if not unicodedata.combining(char))
    return _TYPED_UMLAUT.sub(lambda match: match[1] or "u", letters)


def grams(folded: str) -> Iterator[str]:
    """Yield the character 4-5-grams of a word; one too short for any comes whole."""
    if len(folded) < GRAM_SIZES[0]:
        yield folded
    for size in GRAM_SIZES:
        for at in range(len(folded) - size + 1):
            yield folded[at : at + size]


_stemmer = Stemmer.Stemmer("german")
_stemmer_lock = threading.Lock()
_FEMININE = re.compile(r"(?<=...)(eg|og|eur|or|ist|ent|ant|at|ert|arzt)inn?$")


def _stem(word: str) -> str:
    """Return the Snowball stem, feminine forms on the base form ("Kollegin" -> kolleg)."""
    with _stemmer_lock:  # a Stemmer isn't made for several threads
        stem = str(_stemmer.stemWord(word))
    return _FEMININE.sub(r"\1", stem)


def _by_fold(vocabulary: Mapping[str, int]) -> dict[str, str]:
    """Return the commonest word for each folded form."""
    found: dict[str, str] = {}
    for word in sorted(vocabulary):
        key = fold(word)
        if key not in found or vocabulary[word] > vocabulary[found[key]]:
            found[key] = word
    return found


def _by_start(words: Iterable[str]) -> dict[tuple[str, int], list[str]]:
    """Return the words by first letter and length, so that few are compared with a slip.

    Hardly a slip is in the first letter.
    """
    found: dict[tuple[str, int], list[str]] = {}
    for word in words:
        found.setdefault((word[:1], len(word)), []).append(word)
    return found


def _form_frequencies(vocabulary: Mapping[str, int], lemmas: Mapping[str, str]) -> dict[str, int]:
    """Return the texts per form for the splitter: surfaces and base forms, no stop words."""
    counts: Counter[str] = Counter()
    for word, frequency in vocabulary.items():
        if word in STOP_WORDS:
            continue
        for form in {word, lemmas.get(word, word)}:
            counts[form] += frequency
    return counts


# -- learning from texts -------------------------------------------------------------------

_SENTENCE_END = ".!?:•"
_OPENING = ' "„“(['


def _surfaces(texts: Iterable[str]) -> tuple[dict[str, int], dict[str, str]]:
    """Count the texts per word, and note how each is written where that isn't lower case."""
    counts: Counter[str] = Counter()
    written: Counter[tuple[str, str]] = Counter()
    for text in texts:
        found: set[str] = set()
        for token in raw_tokens(text):
            if token.kind != "word" or token.open_end or token.open_start:
                continue
            found.update(form for form in token.forms if not form.isdigit() and len(form) > 1)
            if len(token.forms) == 1:
                surface = unicodedata.normalize("NFC", text[token.start : token.end])
                before = text[max(0, token.start - 3) : token.start].strip(_OPENING)
                # Capitals at the start of a sentence say little; they count when all else fails.
                starts = not before or before[-1] in _SENTENCE_END
                written[token.forms[0], surface] += 1 if starts else 100
        counts.update(found)
    displays: dict[str, str] = {}
    for (form, surface), _ in sorted(written.items(), key=lambda item: (item[1], item[0])):
        if surface.lower() == form:  # not "Bewohner:innen"
            displays[form] = surface
    return dict(counts), {f: s for f, s in displays.items() if f != s and f in counts}


def _lemmas(vocabulary: Mapping[str, int], displays: Mapping[str, str]) -> dict[str, str]:
    """Return the lower-case base form of each word that has another one.

    Besides the collection's words it covers every inflected form in the dictionary whose base
    form the collection has and whose stem alone wouldn't lead there ("ging" -> gehen), so that
    a question needs no dictionary.
    """
    # A factory of our own: the dictionary goes with it, the package's own one stays for good.
    factory = DefaultDictionaryFactory()
    strategy = DefaultStrategy(greedy=True, dictionary_factory=factory)
    lemmas: dict[str, str] = {}
    for word in vocabulary:
        lemma = strategy.get_lemma(displays.get(word, word), "de")
        if lemma and lemma.lower() != word and word not in STOP_WORDS:
            lemmas[word] = lemma.lower()
    bases = ({lemmas.get(word, word) for word in vocabulary}) - STOP_WORDS
    for form, lemma in factory.get_dictionary("de").items():
        word, base = form.lower(), lemma.lower()
        new = base in bases and word not in vocabulary and word not in STOP_WORDS
        if new and _stem(word) != _stem(base):
            lemmas.setdefault(word, base)
    return lemmas
