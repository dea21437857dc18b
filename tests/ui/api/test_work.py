"""Questions at a time, in line, and dropped."""

import asyncio
import threading

import pytest

from assistant.types import Progress
from tests.ui.answers import make_answer
from ui.api.faults import BusyError
from ui.api.work import GoneError, Places, answers, last_of, unless_gone

WAIT_S = 10


class Work:
    """A question whose steps a test lets through one by one."""

    def __init__(self):
        self.begun = threading.Event()
        self.may_go_on = threading.Event()
        self.closed = threading.Event()

    def steps(self):
        """Yield a step without an answer until told to end."""
        try:
            self.begun.set()
            while not self.may_go_on.wait(0.01):
                yield Progress("write")
            yield Progress("done", make_answer("Fertig."))
        finally:
            self.closed.set()


class Caller:
    """A request whose caller hangs up when told so."""

    def __init__(self):
        self.hung_up = asyncio.Event()

    async def receive(self):
        """Return what the server hears of the caller."""
        await self.hung_up.wait()
        return {"type": "http.disconnect"}


async def until(event):
    """Wait for an event of a thread."""
    assert await asyncio.to_thread(event.wait, WAIT_S)


def test_the_last_answer_counts():
    """Steps without an answer are passed over."""

    async def run():
        work = Work()
        work.may_go_on.set()
        return await last_of(answers(Places(1), work.steps))

    assert asyncio.run(run()).segments[0].text == "Fertig."


def test_who_hangs_up_stops_the_work():
    """And the place is free again."""

    async def run():
        caller, work, places = Caller(), Work(), Places(1, waiting=0)
        steps = answers(places, work.steps)
        task = asyncio.create_task(unless_gone(caller, lambda: last_of(steps)))
        await until(work.begun)
        caller.hung_up.set()
        with pytest.raises(GoneError):
            await task
        assert work.closed.is_set()
        async with places.taken():
            return True

    assert asyncio.run(run())


def test_who_waits_in_line_may_leave_it():
    """Their question is never asked."""

    async def run():
        caller, work, places = Caller(), Work(), Places(1, waiting=1)
        async with places.taken():
            steps = answers(places, work.steps)
            task = asyncio.create_task(unless_gone(caller, lambda: last_of(steps)))
            await asyncio.sleep(0)
            caller.hung_up.set()
            with pytest.raises(GoneError):
                await task
        assert not work.begun.is_set()

    asyncio.run(run())


def test_errors_come_through_as_they_are():
    """Not wrapped into a group."""

    async def fail():
        raise KeyError("x")

    async def run():
        await unless_gone(Caller(), fail)

    with pytest.raises(KeyError):
        asyncio.run(run())


def test_only_so_many_are_at_work_and_in_line():
    """The next one is told to come back; as places fall free, those in line move up."""

    async def run():
        places, gate, inside = Places(2, waiting=3), asyncio.Event(), []

        async def hold():
            async with places.taken():
                inside.append(1)
                await gate.wait()

        tasks = [asyncio.create_task(hold()) for _ in range(5)]
        await asyncio.sleep(0.01)
        assert len(inside) == 2
        with pytest.raises(BusyError, match="noch einmal"):
            async with places.taken():
                pass
        gate.set()
        await asyncio.gather(*tasks)
        assert len(inside) == 5
        async with places.taken():
            pass

    asyncio.run(run())
