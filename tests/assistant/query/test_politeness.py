"""Greeting, thanks and polite frames are no part of what is searched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.query.politeness import without_politeness

BARE = "Wann war die Werkstatt in Bochum?"


@pytest.mark.parametrize(
    "typed",
    [
        "Können Sie mir bitte sagen, wann war die Werkstatt in Bochum?",
        "Koennten Sie uns vielleicht kurz erklären: Wann war die Werkstatt in Bochum?",
        "Ich hätte gern gewusst, wann war die Werkstatt in Bochum?",
        "Guten Tag, ich würde gerne wissen, wann war die Werkstatt in Bochum?",
        "Hallo! Weiß jemand von Ihnen, wann war die Werkstatt in Bochum?",
        "Kann mir jemand sagen, wann war die Werkstatt in Bochum? Vielen Dank im Voraus!",
        "Mich interessiert, wann war die Werkstatt in Bochum? Danke.",
        "Ich habe eine Frage: Wann war die Werkstatt in Bochum? Mit freundlichen Grüßen A. B.",
        "Bitte sagen Sie mir, wann war die Werkstatt in Bochum?",
        BARE,
    ],
)
def test_frames_fall_away(typed):
    """However politely it is asked, the question is the same."""
    assert without_politeness(typed) == BARE


@pytest.mark.parametrize(
    "typed",
    [
        "Wie sagen wir den Bewohnern, was kommt?",
        "Was kann die Stadt gegen Leerstand tun?",
        "Welche Fragen klärt das Jugendamt?",
        "Können Sie helfen, wenn ein Haus leer steht?",
        "Dankmarshausen",
        "Danke!",
        "Hallo?",
    ],
)
def test_questions_keep_their_words(typed):
    """Words of a frame stay where they are the matter, and something always stays."""
    kept = without_politeness(typed)

    assert kept == typed or typed.endswith(kept[1:])
    assert kept


@given(st.text(max_size=60))
def test_nothing_is_lost_altogether(typed):
    """A question with letters keeps some; asked twice nothing more falls away."""
    bare = without_politeness(typed)

    assert any(c.isalnum() for c in bare) >= any(c.isalnum() for c in typed)
    assert without_politeness(bare) == bare
