"""Dates as people write them."""

import pytest

from corpus.dates import german_date


@pytest.mark.parametrize(
    ("iso", "german"),
    [
        ("2017-09-05", "5. September 2017"),
        ("2017-11", "November 2017"),
        ("2017", "2017"),
        ("2017-13", ""),
        ("", ""),
        ("gestern", ""),
    ],
)
def test_dates_are_german(iso, german):
    """Year, month and day are written out; what is no date stays away."""
    assert german_date(iso) == german
