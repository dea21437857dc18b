"""The address that changes the language of a browser, and remembers that in its cookie."""

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response

from ui.access.login_routes import onward
from ui.language import COOKIE, Language

YEAR_S = 365 * 24 * 3600


def add_language_route(app: FastAPI, *, secure: bool) -> None:
    """Add the route; ``secure``: the pages are called by https, so the cookie is sent only so."""

    @app.get("/sprache/{language}")
    def change(language: Language, zurueck: str = "/") -> Response:
        response = RedirectResponse(onward(zurueck), 303)
        response.set_cookie(
            *(COOKIE, language, YEAR_S), secure=secure, httponly=True, samesite="lax"
        )
        return response
