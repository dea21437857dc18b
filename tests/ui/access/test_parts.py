"""The parts that access is made of: records, passwords, users, tokens, delay, sessions, roles."""

import json
import os
import stat
import threading
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnknownItemError
from tests.ui.access.people import GOOD
from ui.access import delay, sessions
from ui.access.delay import Delay
from ui.access.passwords import Password, keep, matches, require_good
from ui.access.person import Person
from ui.access.records import AccessError
from ui.access.roles import Role
from ui.access.sessions import Sessions
from ui.access.tokens import Tokens
from ui.access.users import Users

OTHER = "Regen malt grüne Treppen"
RITA = Person("Rita", Role.READER, "passwort:Rita")


class Clock:
    """A clock that stands still until it is set."""

    now = 0.0

    def __call__(self):
        return self.now


# Roles


def test_roles_are_ordered():
    """Each may do what the one before may."""
    assert Role.READER < Role.EDITOR < Role.MAINTAINER
    assert max(Role) is Role.MAINTAINER
    assert Role.EDITOR >= Role.EDITOR


# Passwords


def test_a_password_is_kept_so_that_nobody_can_read_it():
    """Twice kept, it looks different; only itself matches."""
    one, other = keep(GOOD), keep(GOOD)

    assert one.hash != other.hash and one.salt != other.salt
    assert matches(GOOD, one)
    assert not matches(GOOD + " ", one)
    assert not matches("", one)


def test_nobodys_password_is_none():
    """Not even the empty one, nor one of zeros."""
    assert not any(matches(given, None) for given in ("", GOOD, "\0" * 32))


def test_parameters_are_those_that_were_kept():
    """A password kept with other costs still matches after ours have changed."""
    import hashlib

    salt = b"s" * 16
    hashed = hashlib.scrypt(GOOD.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
    old = Password(salt=salt.hex(), hash=hashed.hex(), cost=2**14, block=8, parallel=1)

    assert matches(GOOD, old)
    assert not matches(OTHER, old)


def test_an_accent_typed_otherwise_is_the_same_accent():
    """ü as one sign or as u with dots."""
    assert matches(OTHER.replace("ü", "u\u0308"), keep(OTHER))


def test_the_work_is_the_same_for_names_that_do_not_exist(tmp_path, monkeypatch):
    """One derivation of the same cost, known or not."""
    import hashlib

    users, costs, real = Users(tmp_path), [], hashlib.scrypt
    users.add("Rita", Role.READER, GOOD)

    def counted(secret, **parameters):
        costs.append({k: v for k, v in parameters.items() if k != "salt"})
        return real(secret, **parameters)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    users.check("Rita", "falsch")
    users.check("Niemand", "falsch")

    assert len(costs) == 2
    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    "password", [GOOD, OTHER, "Stadtteilzentrum-Nordost-7", "korrekt pferd 9%&x"]
)
def test_good_passwords_are_taken(password):
    """Several words, or long enough and varied."""
    assert require_good(password, "Rita") is None  # else it raises


@pytest.mark.parametrize(
    "password",
    [
        *("kurz", "elfzeichen1", "x" * 300, "Passwort1234!", "sozialraum2026", "111111111111"),
        *("abcabcabcabc", "RITAistdiebeste", "Rita", "qwertzuiop123", "1234567890123"),
    ],
)
def test_what_is_easily_guessed_is_refused(password):
    """Short, common with figures, repeated, or the name."""
    with pytest.raises(AccessError):
        require_good(password, "Rita")


@given(st.text(max_size=400), st.text(max_size=64))
def test_any_text_is_judged(password, name):
    """A verdict, never another error."""
    try:
        require_good(password, name)
    except AccessError as fault:
        assert password not in str(fault) or len(password) < 12


# Users and records


def test_people_are_kept_for_the_owner_alone(tmp_path):
    """File and folder are closed to others whatever the process allows, and hold no password."""
    before = os.umask(0)
    try:
        Users(tmp_path).add("Rita", Role.READER, GOOD)
    finally:
        os.umask(before)
    path = tmp_path / "access" / "users.json"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert GOOD not in path.read_text("utf-8")


def test_changes_are_seen_by_others_at_once(tmp_path):
    """Two processes, here two objects, over one file."""
    one, other = Users(tmp_path), Users(tmp_path)
    one.add("Rita", Role.READER, GOOD)
    assert other.find("rita").role is Role.READER
    stamp = other.find("rita").stamp

    one.set_role("RITA", Role.EDITOR)
    assert other.find("Rita").role is Role.EDITOR
    assert other.find("Rita").stamp != stamp
    one.remove("Rita")
    assert other.list() == ()


def test_people_added_at_once_are_all_there(tmp_path):
    """The lock holds between writers."""
    names = [f"person-{n}" for n in range(4)]
    threads = [threading.Thread(target=Tokens(tmp_path).add, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(token.name for token in Tokens(tmp_path).list()) == names


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "../x", "-rf", "a\n", "x" * 65, "<b>", "a\u202eb"]
)
def test_names_can_be_typed_and_shown(tmp_path, name):
    """What can't isn't a name, of people or programs."""
    with pytest.raises(AccessError):
        Users(tmp_path).add(name, Role.READER, GOOD)
    with pytest.raises(AccessError):
        Tokens(tmp_path).add(name)


def test_who_is_not_there_can_not_be_changed(tmp_path):
    """The message names the command that shows who is."""
    users = Users(tmp_path)
    for change in (users.remove, lambda n: users.set_role(n, Role.EDITOR)):
        with pytest.raises(UnknownItemError, match="users list"):
            change("Rita")
    users.add("Rita", Role.READER, GOOD)
    with pytest.raises(AccessError, match="gibt es schon"):
        users.add("RITA", Role.MAINTAINER, OTHER)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[0].update(role="boss"),
        lambda data: data[0].update(extra=1),
        lambda data: data[0].pop("stamp"),
        lambda data: data[0]["password"].update(cost=2),
        lambda data: data[0]["password"].update(hash=""),
        lambda data: data[0].update(name="a b"),
        lambda data: data.append(None),
    ],
)
def test_what_was_not_written_by_us_is_refused(tmp_path, damage):
    """Nothing is left out and nothing guessed at: nobody has access until it is repaired."""
    users = Users(tmp_path)
    users.add("Rita", Role.READER, GOOD)
    path = tmp_path / "access" / "users.json"
    data = json.loads(path.read_text("utf-8"))
    damage(data)
    path.write_text(json.dumps(data), "utf-8")

    for reader in (users, Users(tmp_path)):
        with pytest.raises(AccessError, match=r"users\.json"):
            reader.find("Rita")


# Tokens


def test_a_token_opens_for_its_role(tmp_path):
    """As a bearer, whatever the case of the word; and until it is removed."""
    tokens = Tokens(tmp_path)
    secret = tokens.add("abfrage", Role.EDITOR, date(2026, 11, 23))
    tokens.add("andere")

    assert tokens.role_of(f"Bearer {secret}") is Role.EDITOR
    assert Tokens(tmp_path).role_of(f"bearer  {secret}") is Role.EDITOR
    assert secret not in (tmp_path / "access" / "tokens.json").read_text("utf-8")
    Tokens(tmp_path).remove("abfrage")
    assert tokens.role_of(f"Bearer {secret}") is None


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic eDp5", "Bearer a b"])
def test_anything_else_opens_nothing(tmp_path, header):
    """No header, another scheme, no token."""
    tokens = Tokens(tmp_path)
    assert tokens.role_of(header) is None
    secret = tokens.add("abfrage")
    assert tokens.role_of(header) is None
    for wrong in (secret, f"Bearer {secret}x", f"Bearer {secret[:-1]}", f"Bearer {secret.upper()}"):
        assert tokens.role_of(wrong) is None


@given(st.text(max_size=300))
def test_no_header_breaks_the_check(tmp_path_factory, header):
    """Any text is no token."""
    assert Tokens(tmp_path_factory.getbasetemp() / "none").role_of(header) is None


# Delay


def test_waiting_doubles_up_to_its_limit():
    """30 s, 60 s, …, a quarter of an hour; after a day everything is forgotten."""
    clock = Clock()
    waits = Delay(clock)
    for _ in range(delay.FREE_BY_NAME):
        assert waits.attempt("rita", "a") == 0

    seen = []
    for _ in range(8):
        wait = waits.attempt("rita", "b")
        seen.append(wait)
        clock.now += wait - 1
        assert waits.attempt("rita", "b") == pytest.approx(1)
        clock.now += 1
        assert waits.attempt("rita", "b") == 0
    assert seen == [30, 60, 120, 240, 480, 900, 900, 900]
    clock.now += delay.FORGOTTEN_S + 1
    assert [waits.attempt("rita", "b") for _ in range(delay.FREE_BY_NAME)] == [0] * 5


def test_one_address_can_not_try_many_names():
    """Nor start anew with an account of its own in between."""
    waits = Delay(Clock())
    for number in range(delay.FREE_BY_ADDRESS - 1):
        assert waits.attempt(f"person-{number}", "a") == 0
        assert waits.attempt("eigenes", "a") == 0
        waits.passed("eigenes", "a")

    assert waits.attempt("die letzte", "a") == 0
    assert waits.attempt("noch jemand", "a") > 0
    assert waits.attempt("noch jemand", "b") == 0


def test_tries_at_once_are_as_many():
    """Each counts before it is known how it ends."""
    waits = Delay(Clock())

    assert [waits.attempt("rita", str(n)) > 0 for n in range(7)] == [False] * 5 + [True] * 2


def test_memory_is_bounded(monkeypatch):
    """However many names are tried."""
    monkeypatch.setattr(delay, "MAX_KEPT", 10)
    waits = Delay(Clock())
    for number in range(100):
        waits.attempt(f"person-{number}", f"a{number}")

    assert len(waits._names._failures) == len(waits._addresses._failures) == 10


# Sessions


def test_sessions_end_by_themselves():
    """When unused for long, and at the latest after a day's work."""
    clock = Clock()
    kept = Sessions(lambda person: "s", clock)
    idle, busy = kept.begin(RITA, "s"), kept.begin(RITA, "s")
    while clock.now < sessions.IDLE_S:
        clock.now += 600
        assert kept.person(busy) == RITA
    clock.now += 1
    assert kept.person(idle) is None
    while clock.now < sessions.LONGEST_S - 600:
        clock.now += 600
        assert kept.person(busy) == RITA
    clock.now = sessions.LONGEST_S + 1
    assert kept.person(busy) is None


def test_a_session_is_kept_as_a_hash():
    """What leaks from memory opens nothing; ids are long and never the same."""
    kept = Sessions(lambda person: "s")
    ids = {kept.begin(RITA, "s") for _ in range(50)}

    assert len(ids) == 50
    assert all(len(id) >= 43 for id in ids)
    assert not ids & set(kept._sessions)
    assert kept.person("") is None
    assert kept.person(next(iter(kept._sessions))) is None


def test_a_tab_belongs_to_who_named_it_first(monkeypatch):
    """Whoever has the same name in another way is somebody else."""
    kept = Sessions(lambda person: "s")
    other = Person("Rita", Role.MAINTAINER, "haus:rita")

    assert kept.owns(RITA, "tab")
    assert kept.owns(RITA, "tab")
    assert not kept.owns(other, "tab")
    monkeypatch.setattr(sessions, "MAX_TABS", 3)
    for number in range(10):
        assert kept.owns(other, f"tab{number}")
    assert len(kept._tabs) == 3
