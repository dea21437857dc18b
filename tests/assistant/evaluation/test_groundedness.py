"""A segment is carried by its source word for word, or, when written, by four checks."""

import pytest

from assistant.evaluation.groundedness import anchors, cues, is_verbatim, judge
from assistant.types import Segment

SOURCE = (
    "Der Verfügungsfonds wurde am 31. Dezember 2025 mit 1.000 Euro für vier Projekte in der "
    "Stadt Bochum eingerichtet. Über die Mittel entscheidet ein Beirat. Eigentümerinnen müssen "
    "die Hälfte der Kosten tragen."
)


def test_verbatim_means_word_for_word():
    """Typography may differ, a word may not."""
    right = Segment("Über die Mittel entscheidet ein Beirat.", ("z1",), "verbatim")
    wrong = Segment("Über die Mittel entscheidet der Beirat.", ("z1",), "verbatim")

    assert is_verbatim(right, ["x", f"Vorab.\n{SOURCE}"])
    assert not is_verbatim(wrong, [SOURCE])
    assert not is_verbatim(right, [])
    assert not is_verbatim(Segment("", (), "verbatim"), [SOURCE])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("am 31.12.2025", "am 31. Dezember 2025"),
        ("am 1.2.2025", "am 1. Februar 2025"),
        ("1.000 Euro", "1000 Euro"),
        ("vier Projekte", "4 Projekte"),
    ],
)
def test_anchors_have_one_notation(one, other):
    """Dates and numbers are equal however they are written."""
    assert anchors(one) == anchors(other) != frozenset()


@pytest.mark.parametrize(
    ("text", "support"),
    [
        ("Ein Beirat entscheidet über die Mittel.", "full"),
        ("Der Fonds wurde am 31.12.2025 mit 1000 Euro eingerichtet.", "full"),
        ("Der Fonds wurde am 31.12.2024 mit 1000 Euro eingerichtet.", "none"),
        ("Der Fonds wurde für fünf Projekte eingerichtet.", "none"),
        ("Der Fonds wurde in der Stadt Dortmund eingerichtet.", "none"),
        ("Im Gesetz heißt es „ein Rat entscheidet“ über die Mittel.", "none"),
        ("Ein Beirat entscheidet nicht über die Mittel.", "partial"),
        ("Eigentümerinnen können die Hälfte der Kosten tragen.", "partial"),
        ("Der Mond zieht langsam über alle Dächer hinweg.", "none"),
        ("Ein Beirat entscheidet über die Mittel und benennt Vertreterinnen.", "partial"),
    ],
)
def test_written_text_is_graded(text, support):
    """Right statements are carried; a swapped number, place, negation or duty is not."""
    assert judge(text, [SOURCE]).support == support


def test_reasons_are_named():
    """What is missing in the source stands in the judgement, in German."""
    assert judge("Der Fonds wurde mit 2000 Euro eingerichtet.", [SOURCE]).reasons[0] == (
        "nicht im Beleg: 2000"
    )
    assert judge("Irgendetwas.", []).reasons == ("ohne Beleg",)


def test_cues_tell_negation_from_duty():
    """Negation, limit, exception, permission and duty are told apart."""
    assert cues("Das ist nicht erlaubt.") != cues("Das ist erlaubt.")
    assert cues("Nur Vereine dürfen das.") == cues("Lediglich Träger können das.")
    assert cues("Sie muss zahlen.") == cues("Sie soll zahlen.")
