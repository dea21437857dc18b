"""A line before a few places."""

import threading
from contextlib import ExitStack, closing

from tests.ui.conversations import ANYWHERE, asking
from tests.ui.fake_service import FakeService
from ui.web.answer import render
from ui.web.ask.turns import Turns


def test_those_who_came_first_go_first():
    """Two may go; the others know how many are before them, and move up."""
    turns = Turns(2)
    with ExitStack() as later:
        first = ExitStack()
        line = [first.enter_context(turns.taken()), later.enter_context(turns.taken())]
        line += [later.enter_context(turns.taken()) for _ in range(3)]
        assert [turn.ahead() for turn in line] == [0, 0, 1, 2, 3]

        first.close()
        assert [turn.ahead() for turn in line[1:]] == [0, 0, 1, 2]


def test_whoever_leaves_makes_room():
    """One that waits may leave; those behind it move up."""
    turns = Turns(1)
    with turns.taken(), ExitStack() as behind:
        with turns.taken() as leaving:
            last = behind.enter_context(turns.taken())
            assert (leaving.ahead(), last.ahead()) == (1, 2)
        assert last.ahead() == 1


def test_a_place_that_gets_free_is_taken_at_once():
    """Who waits in another thread is woken, and sees nobody before it."""
    turns = Turns(1)
    seen, waits = [], threading.Event()

    def wait(turn):
        while ahead := turn.ahead():
            seen.append(ahead)
            waits.set()

    with ExitStack() as held:
        with turns.taken():
            turn = held.enter_context(turns.taken())
            thread = threading.Thread(target=wait, args=(turn,))
            thread.start()
            assert waits.wait(30)
        thread.join(30)

    assert not thread.is_alive()
    assert {*seen} == {1}


def test_a_question_that_waits_says_so_and_is_answered_in_its_turn():
    """It names how many are before it; nothing is searched before it is its turn."""
    service, turns = FakeService(), Turns(1)
    with turns.taken():
        shown = asking(service, (), "Was ist ein Quartiersfonds?", ANYWHERE, 4000, turns)
        waiting = next(shown)
        assert "Ihre ist die nächste" in render.conversation(waiting)
        assert service.questions == []
    *_, last = shown

    assert last[-1].answer.status == "answered"


def test_a_question_that_is_left_while_it_waits_leaves_the_line():
    """Closing what is shown is enough; the next one moves up."""
    turns = Turns(1)
    with turns.taken(), turns.taken() as next_one:
        assert next_one.ahead() == 1
        with closing(asking(FakeService(), (), "Wann?", ANYWHERE, 4000, turns)) as left:
            assert next(left)[-1].ahead == 2
            with turns.taken() as last:
                assert last.ahead() == 3
    with turns.taken() as alone:
        assert alone.ahead() == 0


def test_an_error_leaves_no_place_taken():
    """What fails gives its place back."""
    service, turns = FakeService(), Turns(1)
    for _ in range(3):
        *_, last = asking(service, (), "Absturz", ANYWHERE, 4000, turns)
        assert last[-1].error
    with turns.taken() as alone:
        assert alone.ahead() == 0
