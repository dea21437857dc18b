"""Settings: every one has default, unit and help; every mistake is named in German."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from corpus.errors import SozialraumError
from ui.settings import Settings, read_settings, table


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    """No setting from outside the test."""
    for name in list(os.environ):
        if name.upper().startswith("SOZIALRAUM_"):
            monkeypatch.delenv(name)


def refused(monkeypatch, **variables):
    """Return the message for an environment."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SozialraumError) as caught:
        read_settings()
    assert caught.value.code == "ERR_SETTINGS"
    return str(caught.value)


def test_defaults_keep_to_this_machine():
    """Without settings the program listens on loopback alone."""
    settings = read_settings()

    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert settings.data.name == "data"
    assert settings.collection.parts[-2:] == ("corpus", "documents")
    assert (settings.embedder, settings.threads, settings.max_question_chars) == (None, 1, 4000)


def test_settings_come_from_the_environment(monkeypatch, tmp_path):
    """Prefix and name in capitals."""
    monkeypatch.setenv("SOZIALRAUM_DATA", str(tmp_path))
    monkeypatch.setenv("SOZIALRAUM_PORT", "8080")

    assert (read_settings().data, read_settings().port) == (tmp_path, 8080)


def test_the_name_of_a_fetched_model_stands_for_its_folder(monkeypatch, tmp_path):
    """A folder stays what it is, and so does what is neither: loading will name it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOZIALRAUM_DATA", str(tmp_path / "data"))
    fetched = tmp_path / "data" / "models" / "anbieter" / "modell"
    for given, expected in (("anbieter/modell", fetched), (str(tmp_path), tmp_path)):
        fetched.mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv("SOZIALRAUM_EMBEDDER", given)
        assert read_settings().embedder == expected
    monkeypatch.setenv("SOZIALRAUM_EMBEDDER", "anbieter/anderes")
    assert read_settings().embedder == Path("anbieter/anderes")


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    """Scripts often set a variable to nothing."""
    monkeypatch.setenv("SOZIALRAUM_PORT", "")

    assert read_settings().port == 7860


def test_settings_do_not_change():
    """They are read once."""
    with pytest.raises(ValidationError):
        read_settings().port = 1


def test_an_unknown_variable_is_refused_with_the_likely_one(monkeypatch):
    """A mistyped name is never silently ignored."""
    message = refused(monkeypatch, SOZIALRAUM_PROT="8080")

    assert message == (
        "Die Einstellung SOZIALRAUM_PROT gibt es nicht. Meinten Sie SOZIALRAUM_PORT?"
    )


def test_an_unknown_variable_that_resembles_nothing_gets_the_list(monkeypatch):
    """All known names are the remedy."""
    message = refused(monkeypatch, SOZIALRAUM_XYZQ="1")

    assert all(entry.variable in message for entry in table())


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("SOZIALRAUM_PORT", "abc", "Das ist keine ganze Zahl"),
        ("SOZIALRAUM_PORT", "0", "Erlaubt ist mindestens 1"),
        ("SOZIALRAUM_PORT", "70000", "Erlaubt ist höchstens 65535"),
        ("SOZIALRAUM_THREADS", "zwei", "Das ist keine ganze Zahl"),
        ("SOZIALRAUM_THREADS", "9" * 5000, "Die Zahl ist zu groß"),
        ("SOZIALRAUM_MAX_QUESTION_CHARS", "5", "Erlaubt ist mindestens 100"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(monkeypatch, variable, value, reason):
    """Key, value, reason, what it is for, and the default."""
    message = refused(monkeypatch, **{variable: value})
    entry = next(entry for entry in table() if entry.variable == variable)

    for part in (variable, value[:70], reason, entry.help, f"Vorgabe: {entry.default}."):
        assert part in message
    assert len(message) < 400


def test_all_mistakes_are_named_at_once(monkeypatch):
    """Nobody has to start twice to learn of the second mistake."""
    message = refused(monkeypatch, SOZIALRAUM_PORT="x", SOZIALRAUM_HOTS="y")

    assert "SOZIALRAUM_PORT" in message.splitlines()[1]
    assert "SOZIALRAUM_HOTS" in message.splitlines()[0]


def test_every_setting_is_documented():
    """The table has a line with default, unit and German help for each field."""
    assert len(table()) == len(Settings.model_fields)
    for entry in table():
        assert entry.default and entry.unit
        assert entry.help.endswith(".")


def test_the_digest_tells_settings_apart_and_knows_no_place(monkeypatch, tmp_path):
    """Another folder or port answers the same; another limit doesn't."""
    digest = read_settings().digest
    monkeypatch.setenv("SOZIALRAUM_DATA", str(tmp_path))
    monkeypatch.setenv("SOZIALRAUM_PORT", "8080")
    assert read_settings().digest == digest

    monkeypatch.setenv("SOZIALRAUM_MAX_QUESTION_CHARS", "500")
    assert read_settings().digest != digest


def test_rating_can_be_switched_off(monkeypatch):
    """On unless said otherwise; other words are refused."""
    assert read_settings().feedback == "on"
    monkeypatch.setenv("SOZIALRAUM_FEEDBACK", "off")
    assert read_settings().feedback == "off"
    assert "on oder off" in refused(monkeypatch, SOZIALRAUM_FEEDBACK="vielleicht")
