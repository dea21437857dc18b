"""Statements and quotes are recognised by their words, whatever the typography."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.golden import Match
from assistant.evaluation.matching import contains, holds, matches, normal, overlap
from tests.assistant.evaluation.values import SENTENCES


def make_match(*alternatives, **fields):
    """Return a match of alternatives, each a tuple of terms."""
    return Match(all_of=[{"any_of": terms} for terms in alternatives], **fields)


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("Quar\u00adtier", "Quartier"),
        ("Sozial-\nraum", "Sozialraum"),
        ("Stadt-\nund Land", "Stadt- und Land"),
        ("„Soziale Stadt“", '"Soziale Stadt"'),
        ("2014–2020", "2014-2020"),
        ("o\u0308ffentlich", "öffentlich"),
        ("95\u00a0Mio.\t€\n", "95 Mio. €"),
    ],
)
def test_typography_does_not_decide(given_text, expected):
    """Hyphens, quotes, dashes, spaces and composed characters have one form."""
    assert normal(given_text) == expected


@pytest.mark.parametrize(
    ("text", "term", "found"),
    [
        ("Probleme im Quartier", "problem", True),
        ("Grundprobleme", "Problem", False),
        ("75 Kommunen", "75", True),
        ("175 Kommunen", "75", False),
        ("75,5 Mio.", "75", False),
        ("1.275 Euro", "275", False),
        ("im Jahr 2013.", "2013", True),
        ("§ 13 SGB", "§ 13", True),
        ("§ 130 SGB", "§ 13", False),
        ("c++ (a", "(a", True),
    ],
)
def test_terms_begin_words_and_numbers_are_whole(text, term, found):
    """A word may go on, a number may not."""
    assert contains(text, term) is found


def test_all_alternatives_and_no_guard():
    """One term of each alternative is enough; a guard anywhere spoils it."""
    match = make_match(("vier Wochen", "28 Tage"), ("Frist",), none_of=("keine Frist",))

    assert matches(["Die Frist: 28 Tage."], match)
    assert not matches(["28 Tage."], match)
    assert not matches(["Die Frist: 28 Tage.", "Sonst keine Frist."], match)


def test_without_window_the_whole_answer_counts():
    """Alternatives may stand in different segments."""
    assert matches(
        ["Die Frist ist kurz.", "Sie dauert vier Wochen."], make_match(("vier",), ("Frist",))
    )


def test_window_holds_within_one_segment():
    """With a window, alternatives have to stand near each other in one segment."""
    match = make_match(("vier Wochen",), ("Frist",), window=5)

    assert matches(["Die Frist beträgt vier Wochen."], match)
    assert matches(["Vier Wochen beträgt die Frist."], match)
    assert not matches(["Die Frist läuft.", "Sie beträgt vier Wochen."], match)
    assert not matches(["Die Frist beginnt am Tag danach und beträgt vier Wochen."], match)


def test_window_counts_from_the_nearest_occurrences():
    """A first mention far away doesn't hide a second one close by."""
    match = make_match(("Frist",), ("Wochen",), window=3)

    assert matches(["Die Frist ist bekannt, denn sie steht im Bescheid: Frist vier Wochen."], match)


def test_quote_is_found_in_a_longer_text():
    """A quote stands in the text around it; half of it is enough, a third isn't."""
    words = SENTENCES[0].split()

    assert holds(" ".join(SENTENCES), SENTENCES[0], share=1.0)
    assert holds(" ".join(words[5:]), SENTENCES[0])
    assert not holds(" ".join(words[7:]), SENTENCES[0])
    assert not holds("", SENTENCES[0])
    assert not holds(SENTENCES[0], "…")


def test_scattered_words_are_no_quote():
    """The same words in another order don't hold the quote."""
    assert not holds(" ".join(reversed(SENTENCES[0].split())), SENTENCES[0])


@given(
    st.lists(st.sampled_from("abcd"), max_size=12),
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=8),
    st.sampled_from([0.3, 0.5, 1.0]),
)
def test_holding_agrees_with_the_longest_row(text, quote, share):
    """The quick test and the longest common row of difflib never disagree."""
    text, quote = " ".join(text), " ".join(quote)

    assert holds(text, quote, share) == (overlap(text, quote) >= share - 1e-9)
