"""The address at which people change their own password."""

import logging
from dataclasses import replace
from functools import partial

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ui.access import password_page
from ui.access.forms import Checking, address_of, put_session, read_form
from ui.access.login import Entered, Login, Refused
from ui.access.password_page import NOTHING, Wrong
from ui.access.person import ALONE, Person, by_password, person_in
from ui.access.records import AccessError

PATH = "/passwort"

_log = logging.getLogger(__name__)


def add_password_routes(app: FastAPI, login: Login, checking: Checking) -> None:
    """Add the page; ``checking`` is shared with logging in."""
    desk = _Desk(login, checking)
    app.add_api_route(PATH, desk.show, methods=["GET"])
    app.add_api_route(PATH, desk.change, methods=["POST"])


class _Desk:
    """Changing a password by form. The gate lets in only who is logged in."""

    def __init__(self, login: Login, checking: Checking) -> None:
        self._login, self._checking = login, checking

    async def show(self, request: Request, geaendert: str = "") -> Response:
        """Show the form, or that it was filled in well."""
        person = person_in(request.scope) or ALONE
        if not by_password(person):
            return HTMLResponse(password_page.elsewhere())
        return HTMLResponse(password_page.changed()) if geaendert else self._form(request, person)

    async def change(self, request: Request) -> Response:
        """Change the password, if the one until now is right and the new one acceptable."""
        person = person_in(request.scope) or ALONE
        if not by_password(person):
            return HTMLResponse(password_page.elsewhere(), 403)
        sent, session = await read_form(request), self._login.session_of(request.scope)
        if not self._login.is_our_form(session, sent.get("formular", "")):
            return self._form(request, person, Wrong(whole=password_page.STALE), 403)
        typed = (sent.get("current", ""), sent.get("new", ""), sent.get("again", ""))
        result = await self._checking.run(
            partial(self._changed, person.name, typed, address_of(request), session)
        )
        if isinstance(result, Wrong):
            return self._form(request, person, result, 503 if result.whole else 422)
        if isinstance(result, Refused):
            wrong = password_page.too_early(result.wait_s)
            page = self._form(request, person, wrong, 429)
            page.headers["retry-after"] = str(int(result.wait_s) + 1)
            return page
        # The page that says so can be loaded again without sending the form again.
        response = RedirectResponse(f"{PATH}?geaendert=ja", 303)
        put_session(response, self._login, result)
        return response

    def _changed(
        self, name: str, typed: tuple[str, str, str], address: str, session: str
    ) -> Entered | Refused | Wrong:
        """Do so; takes two passwords' time of a core. All that is wrong is told at once."""
        current, new, _ = typed
        wrong = password_page.wrong_with(*typed, name)
        # What nobody has typed is no try at guessing.
        if wrong.current:
            return wrong
        confirmed = self._login.confirm(name, current, address)
        if isinstance(confirmed, Refused):
            is_early = confirmed.wait_s > 0
            return confirmed if is_early else replace(wrong, current=password_page.WRONG_CURRENT)
        if wrong != NOTHING:
            return wrong
        try:
            return self._login.change_password(confirmed, new, session)
        except AccessError as fault:
            # The message names a file or a person, and never a password.
            _log.error("a new password wasn't saved: %s", fault)
            return Wrong(whole=password_page.UNSAVED)

    def _form(
        self, request: Request, person: Person, wrong: Wrong = NOTHING, status: int = 200
    ) -> Response:
        token = self._login.form_token(self._login.session_of(request.scope))
        return HTMLResponse(password_page.form(token, person.name, wrong), status)
