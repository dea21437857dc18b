"""Questions of programs: so many at a time, so many in line, and none that nobody waits for."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import anyio
from anyio import CancelScope
from anyio.to_thread import run_sync
from starlette.requests import Request

from assistant.types import Answer, Progress
from ui.api.faults import RETRY_S, BusyError

WAITING = 20
"""Requests in line behind those at work. Not to be confused with the page's own line."""

T = TypeVar("T")
Stream = Generator[Progress, None, None]


class GoneError(Exception):
    """Who asked has hung up."""


class Places:
    """Where requests work, ``at_work`` at a time; a few more wait, the others come back later."""

    def __init__(self, at_work: int, waiting: int = WAITING) -> None:
        self._free = asyncio.Semaphore(at_work)
        self._most = at_work + waiting
        self._inside = 0

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Hold a place, waiting for one if need be. Raises BusyError when too many wait."""
        if self._inside >= self._most:
            raise BusyError(
                "Zurzeit werden zu viele Fragen gestellt. Bitte versuchen Sie es in "
                f"{RETRY_S} Sekunden noch einmal."
            )
        self._inside += 1
        try:
            async with self._free:
                yield
        finally:
            self._inside -= 1


async def answers(places: Places, ask: Callable[[], Stream]) -> AsyncGenerator[Answer, None]:
    """Yield ever longer answers, the last of which counts; each step is taken in a thread.

    Closing it ends the work after the step it is at, a quarter of a second where a model writes.
    Raises what ``ask`` raises, and BusyError.
    """
    async with places.taken():
        stream = ask()
        try:
            while (step := await run_sync(next, stream, None)) is not None:
                if step.answer is not None:
                    yield step.answer
        finally:
            with CancelScope(shield=True):
                await run_sync(stream.close)


async def last_of(steps: AsyncGenerator[Answer, None]) -> Answer:
    """Return the answer that counts."""
    answer = await anext(steps)
    async for answer in steps:  # noqa: B007  # the last one is wanted
        pass
    return answer


async def unless_gone(request: Request, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Return the result of ``work``; cancel it and raise GoneError when the caller hangs up.

    The request's body must have been read.
    """
    result: list[T] = []
    errors: list[Exception] = []
    async with anyio.create_task_group() as group:

        async def listen() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            group.cancel_scope.cancel()

        group.start_soon(listen)
        try:
            result.append(await work())
        except Exception as error:  # raised below, so that no group wraps it
            errors.append(error)
        group.cancel_scope.cancel()
    if errors:
        raise errors[0]
    if not result:
        raise GoneError
    return result[0]
