"""Replies are read leniently, whole or in pieces, and never guessed at."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.generate.claims import MAX_CLAIMS, MAX_REPLY_CHARS, Claim, Collector, collect
from tests.assistant.generate.cases import claim, claims

CODES = ("ABC234", "DEF679")
ONE = Claim("Ein Satz.", "ABC234", "ein Zitat aus dem Text")
ITEM = claim(ONE.text, ONE.code, ONE.quote)


@pytest.mark.parametrize(
    "reply",
    [
        claims(ITEM),
        json.dumps([ITEM]),
        json.dumps(ITEM),
        f"Gern!\n```json\n{claims(ITEM)}\n```\nIch hoffe, das hilft.",
        claims(ITEM)[:-12],
        claims(ITEM).replace('"}]', '",}],'),
        claims({**ITEM, "code": "[ABC234]"}),
        "<think>{noch unklar}</think>" + claims(ITEM),
    ],
)
def test_claims_are_found_in_any_wrapping(reply):
    """Fences, talk around, bare lists, a missing end, a comma too many."""
    assert collect(reply, CODES) == (ONE,)


def test_plain_sentences_with_codes_are_claims_without_quotes():
    """For small models; a code that wasn't given is no code."""
    reply = "- Ein Satz [ABC234].\n2. Noch einer. (DEF679)\nErfunden [ZZZ999]."

    assert collect(reply, CODES) == (
        Claim("Ein Satz.", "ABC234", ""),
        Claim("Noch einer.", "DEF679", ""),
    )


def test_an_empty_list_is_understood_as_no_answer():
    """The reason isn't for the reader; nothing is asked again."""
    collector = Collector(CODES)

    assert not [*collector.feed(claims(reason="Nichts gefunden")), *collector.close()]
    assert (collector.understood, collector.declined) == (True, True)


@pytest.mark.parametrize(
    "reply", ["", "Ich weiß es nicht.", '{"text": 1, "code": "x"}', "{{{}", "[1]"]
)
def test_what_has_no_claim_yields_none(reply):
    """And isn't taken for understood."""
    collector = Collector(CODES)

    assert not [*collector.feed(reply), *collector.close()]
    assert not collector.understood


def test_endless_replies_end():
    """A model that repeats itself is stopped."""
    assert len(collect(claims(*[ITEM] * 1000), CODES)) == MAX_CLAIMS
    collector = Collector(CODES)
    assert not [*collector.feed("x" * (MAX_REPLY_CHARS + 1)), *collector.feed(claims(ITEM))]
    assert collector.full


@given(st.text(max_size=300), st.lists(st.integers(1, 9), max_size=40))
def test_pieces_make_no_difference(noise, sizes):
    """However a reply is cut, the same claims come out, each as soon as it is complete."""
    reply = noise.replace('"', "").replace("{", "") + claims(ITEM, ITEM) + noise
    collector, found, at = Collector(CODES), [], 0
    for size in sizes:
        found += collector.feed(reply[at : at + size])
        at += size
    found += [*collector.feed(reply[at:]), *collector.close()]

    assert tuple(found) == collect(reply, CODES)
    assert found[:2] == [ONE, ONE]
