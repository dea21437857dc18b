"""Numbers in all their notations are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.generate.quantities import missing, quantities


def carried(stated, source):
    """Tell whether every number of a sentence is in its source."""
    return not missing(quantities(stated), quantities(source))


@pytest.mark.parametrize(
    ("stated", "source"),
    [
        ("am 31. Dezember 2025", "am 31.12.2025"),
        ("am 31.12.2025", "2025-12-31"),
        ("im Dezember 2025", "am 31. Dezember 2025"),
        ("im Jahr 2025", "am 31. Dezember 2025"),
        ("1.000 Plätze", "tausend Plätze"),
        ("150 Mio. €", "150.000.000 Euro"),
        ("2,1 Millionen Euro", "2,1 Mio. €"),
        ("die Hälfte", "50 %"),
        ("zwei Drittel", "zwei Drittel der Kosten"),
        ("60 Prozent", "rund 60 %"),
        ("25 Gebiete", "fünfundzwanzig Gebiete"),
        ("die 3. Werkstatt", "die dritte Werkstatt"),
        ("§§ 136 bis 191", "die §§ 136–191 BauGB"),
        ("Artikel 104b", "Art. 104b GG"),
        ("ein zweijähriger Prozess", "ein Prozess von zwei Jahren"),
        ("179 Gebiete", "in 179 von 222 Gebieten"),
        ("in erster Linie", "vor allem"),
        ("beide Gruppen", "zwei Gruppen"),
        ("um 14:30 Uhr", "ab 14.30 Uhr"),
    ],
)
def test_the_same_number_in_other_notation_is_carried(stated, source):
    """Digits and words, dates, amounts, shares, paragraphs."""
    assert carried(stated, source)


@pytest.mark.parametrize(
    ("stated", "source"),
    [
        ("am 30. Dezember 2025", "am 31.12.2025"),
        ("am 31. Dezember 2025", "im Dezember 2025"),
        ("10.000 Plätze", "1.000 Plätze"),
        ("150 Mrd. €", "150 Mio. €"),
        ("50 €", "50 %"),
        ("die Hälfte", "ein Drittel"),
        ("sieben Gebiete", "sechs Gebiete"),
        ("zwei Monate", "zwei Jahre"),
        ("§ 171d", "§ 171e BauGB"),
        ("§ 4", "Abs. 4"),
        ("drei Fallstudien", "die Werkstatt 3 und fünf Fallstudien"),
        ("ein fünfjähriger Prozess", "ein zweijähriger Prozess"),
        ("um 15:30 Uhr", "um 14:30 Uhr"),
    ],
)
def test_another_number_is_missing(stated, source):
    """A changed digit, unit, kind or thing that is counted."""
    assert not carried(stated, source)


@given(st.integers(0, 9_999_999))
def test_a_number_carries_itself_with_and_without_thousands(number):
    """1.234.567 equals 1234567."""
    grouped = f"{number:,}".replace(",", ".")

    assert carried(f"Es waren {grouped} Euro.", f"{number} Euro")


@given(st.text(max_size=200))
def test_any_text_is_read_and_carries_itself(text):
    """No text breaks the reading, and nothing is missing from itself."""
    assert carried(text, text)
