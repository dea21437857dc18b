"""The addresses of logging in and out."""

import re
import secrets
from functools import partial
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.middleware.sessions import SessionMiddleware
from starlette.routing import Route, Router

from ui.access import login_page
from ui.access.forms import Checking, address_of, put_session, read_form
from ui.access.house import House, HouseError
from ui.access.login import Entered, Login
from ui.access.password_routes import add_password_routes
from ui.access.person import Person, by_house
from ui.access.records import AccessError

HOUSE_S = 600
"""Longest time that somebody may take at the provider."""
THERE, BACK = "/anmelden/haus", "/anmelden/haus/zurueck"

# A place of ours: one slash, and nothing in which a browser could see another host.
_ONWARD = re.compile(r"/(?:[A-Za-z0-9._~%=&?,;:+-][A-Za-z0-9._~%=&?,;:+/#-]{0,1000})?")


def onward(wanted: str | None) -> str:
    """Return where to go after logging in: an address of ours, else the first page."""
    return wanted if wanted and _ONWARD.fullmatch(wanted) else "/"


def to_login(path: str, query: str = "") -> Response:
    """Return the redirect to the login page that leads back here."""
    there = onward(f"{path}?{query}" if query else path)
    return RedirectResponse(f"/anmelden?weiter={quote(there, safe='')}", 303)


def add_login_routes(app: FastAPI, login: Login, public_url: str = "") -> None:
    """Add the pages. ``public_url`` is how the application is called from outside, or empty."""
    checking = Checking()
    desk = _Desk(login, checking)
    app.add_exception_handler(AccessError, _unavailable)
    app.add_api_route("/anmelden", desk.show, methods=["GET", "HEAD"])
    app.add_api_route("/anmelden", desk.enter, methods=["POST"])
    app.add_api_route("/abmelden", desk.ask, methods=["GET"])
    app.add_api_route("/abmelden", desk.leave, methods=["POST"])
    add_password_routes(app, login, checking)
    if login.house:
        way = _HouseWay(desk, login.house, public_url)
        routes = [Route(THERE, way.leave_for), Route(BACK, way.return_from)]
        # Holds state and nonce between leaving and returning, and nothing else.
        session = SessionMiddleware(
            Router(routes),
            secret_key=secrets.token_urlsafe(32),
            session_cookie=f"{login.cookie}-haus",
            max_age=HOUSE_S,
            same_site="lax",
            https_only=login.secure,
        )
        app.router.routes += [Route(THERE, session), Route(BACK, session)]


class _Desk:
    """Logging in and out by form."""

    def __init__(self, login: Login, checking: Checking) -> None:
        self._login = login
        self._holder = f"{login.cookie}-formular"
        self._checking = checking

    async def show(self, request: Request, weiter: str = "/", abgemeldet: str = "") -> Response:
        """Show the login page; whoever is logged in already goes on."""
        if self._login.caller(request.scope):
            return RedirectResponse(onward(weiter), 303)
        left = {"": "", "haus": login_page.LEFT_HOUSE}.get(abgemeldet, login_page.LEFT)
        return self.page(request, onward(weiter), notice=left)

    async def enter(self, request: Request) -> Response:
        """Log in by name and password."""
        form = await read_form(request)
        there, name = onward(form.get("weiter")), form.get("name", "")
        if not self._login.is_our_form(self._held(request), form.get("formular", "")):
            return self.page(request, there, name, problem=login_page.STALE, status=403)
        given = name, form.get("password", ""), address_of(request)
        earlier = self._login.session_of(request.scope)
        result = await self._checking.run(partial(self._login.attempt, *given, earlier))
        if isinstance(result, Entered):
            return self.admitted(result, there)
        if not result.wait_s:
            return self.page(request, there, name, problem=login_page.WRONG, status=401)
        page = self.page(
            *(request, there, name), problem=login_page.waiting(result.wait_s), status=429
        )
        page.headers["retry-after"] = str(int(result.wait_s) + 1)
        return page

    async def ask(self, request: Request) -> Response:
        """Show who is logged in, and a button to log out."""
        person = self._login.caller(request.scope)
        if person is None:
            return RedirectResponse("/anmelden", 303)
        token = self._login.form_token(self._login.session_of(request.scope))
        return HTMLResponse(login_page.logout(token, person))

    async def leave(self, request: Request) -> Response:
        """Log out."""
        session = self._login.session_of(request.scope)
        person = self._login.caller(request.scope)
        form = await read_form(request)
        if person and not self._login.is_our_form(session, form.get("formular", "")):
            return HTMLResponse(
                login_page.logout(self._login.form_token(session), person), status_code=403
            )
        self._login.sessions.end(session)
        how = "haus" if person and by_house(person) else "ja"
        response = RedirectResponse(f"/anmelden?abgemeldet={how}", 303)
        response.delete_cookie(
            self._login.cookie, secure=self._login.secure, httponly=True, samesite="lax"
        )
        return response

    def page(
        self, request: Request, there: str, name: str = "", *,
        problem: str = "", notice: str = "", status: int = 200,
    ) -> Response:  # fmt: skip
        """Return the login page, with a form for this browser."""
        holder = self._held(request) or secrets.token_urlsafe(24)
        markup = login_page.login(
            *(self._login.form_token(holder), there, name[:64]),
            problem=problem,
            notice=notice,
            passwords=bool(self._login.users.list()) or self._login.house is None,
            house=self._login.house is not None,
        )
        response = HTMLResponse(markup, status)
        response.set_cookie(
            *(self._holder, holder),
            secure=self._login.secure,
            httponly=True,
            samesite="strict",
        )
        return response

    def admitted(self, entered: Entered, there: str) -> Response:
        """Return the redirect into the application, with the session."""
        response = RedirectResponse(there, 303)
        put_session(response, self._login, entered)
        return response

    def admit(self, request: Request, person: Person, there: str) -> Response:
        """Let somebody in whom the house has vouched for."""
        earlier = self._login.session_of(request.scope)
        return self.admitted(self._login.admit(person, earlier), there)

    def _held(self, request: Request) -> str:
        return request.cookies.get(self._holder, "")


class _HouseWay:
    """Logging in through the house's provider."""

    def __init__(self, desk: _Desk, house: House, public_url: str) -> None:
        self._desk, self._house, self._public_url = desk, house, public_url

    async def leave_for(self, request: Request) -> Response:
        request.session.clear()
        request.session["weiter"] = onward(request.query_params.get("weiter"))
        # Without an address for outside the application is on loopback, under a name of that.
        base = self._public_url or f"{request.url.scheme}://{request.url.netloc}"
        try:
            return await self._house.leave_for(request, base + BACK)
        except HouseError as fault:
            return self._desk.page(request, "/", problem=str(fault), status=502)

    async def return_from(self, request: Request) -> Response:
        there = onward(request.session.get("weiter"))
        try:
            person = await self._house.return_from(request)
        except HouseError as fault:
            return self._desk.page(request, there, problem=str(fault), status=403)
        finally:
            request.session.clear()
        return self._desk.admit(request, person, there)


def _unavailable(request: Request, error: Exception) -> Response:
    """Answer that it can't be known who somebody is; what is broken where is nobody's business."""
    return HTMLResponse(login_page.unavailable(), 503)
