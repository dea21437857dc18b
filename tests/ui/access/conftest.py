"""What all tests of access share."""

import pytest

from ui.access import passwords


@pytest.fixture(scope="package", autouse=True)
def cheap_passwords():
    """Passwords cost little here: what they cost in truth is looked at by the tests of serve."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", 2**14)
        patch.setattr(passwords, "PARALLEL", 1)
        yield
