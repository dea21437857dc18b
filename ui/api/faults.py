"""What a program is told when something is wrong: German, with the remedy, in its own form."""

import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic_core import PydanticCustomError
from starlette.responses import JSONResponse

from corpus.errors import QuestionError, SozialraumError, UnknownItemError

RETRY_S = 2
"""An extractive answer takes a fraction of it; OpenAI's client tries twice more by itself."""
OWN_WORDS = "german"
"""Type of the validation errors whose message is already what the caller shall read."""

_REASONS = {
    "missing": "es fehlt. Bitte geben Sie es an.",
    "string_type": "erwartet wird ein Text in Anführungszeichen.",
    "string_unicode": "der Text enthält ungültige Zeichen. Bitte senden Sie UTF-8.",
    "string_too_short": "es ist zu kurz; mindestens {min_length} Zeichen.",
    "string_too_long": "es ist zu lang; höchstens {max_length} Zeichen.",
    "int_type": "erwartet wird eine ganze Zahl ohne Anführungszeichen.",
    "greater_than_equal": "die Zahl ist zu klein; mindestens {ge}.",
    "less_than_equal": "die Zahl ist zu groß; höchstens {le}.",
    "bool_type": "erwartet wird true oder false.",
    "literal_error": "erlaubt ist nur: {expected}.",
    "list_type": "erwartet wird eine Liste.",
    "too_short": "die Liste ist zu kurz; mindestens {min_length}.",
    "too_long": "die Liste ist zu lang; höchstens {max_length} Einträge.",
    "dict_type": "erwartet wird ein JSON-Objekt.",
    "model_attributes_type": "erwartet wird ein JSON-Objekt.",
    "model_type": "erwartet wird ein JSON-Objekt.",
}
_OTHER_REASON = "der Wert ist nicht erlaubt. Die Beschreibung steht unter /api/openapi.json."
_NO_JSON = (
    "Die Anfrage ist kein gültiges JSON. Bitte senden Sie ein JSON-Objekt in UTF-8 mit dem Kopf "
    "„Content-Type: application/json“."
)
# OpenAI's names for what its clients tell apart; all else keeps our own.
_OPENAI_CODES = {"ERR_TOKEN": "invalid_api_key", "ERR_BUSY": "rate_limit_exceeded"}

_OPENAI = "/v1/"
# The field in which each address takes what is asked.
_QUESTIONS = {
    "/api/ask": "question",
    "/api/search": "query",
    "/v1/chat/completions": "messages",
}

_log = logging.getLogger(__name__)


class RequestError(SozialraumError):
    """A request that can't be processed as it is. ``field`` names what is wrong, if anything."""

    code = "ERR_REQUEST"

    def __init__(self, message: str, *, field: str = "", status: int = 400) -> None:
        super().__init__(message)
        self.field = field
        self.status = status


class TokenError(SozialraumError):
    """No token, or one that isn't known."""

    code = "ERR_TOKEN"


class BusyError(SozialraumError):
    """As many questions are waiting as may."""

    code = "ERR_BUSY"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is said of an error."""

    status: int
    """Of HTTP."""
    code: str
    message: str
    """German, with the remedy."""
    field: str = ""
    """The part of the request it is about, as in "history[0].role"; empty if none."""
    headers: Mapping[str, str] | None = None

    def problem(self) -> JSONResponse:
        """Return it in the form of /api."""
        said = {"code": self.code, "message": self.message, "field": self.field}
        return JSONResponse(said, self.status, self.headers)

    def openai_object(self) -> dict[str, Any]:
        """Return it in the form of /v1."""
        kind = "server_error" if self.status >= 500 else "invalid_request_error"
        kind = "rate_limit_error" if self.status == 429 else kind
        code = _OPENAI_CODES.get(self.code, self.code)
        said = {"message": self.message, "type": kind, "param": self.field or None, "code": code}
        return {"error": said}

    def openai(self) -> JSONResponse:
        """Answer with it in the form of /v1."""
        return JSONResponse(self.openai_object(), self.status, self.headers)

    def response(self, path: str) -> JSONResponse:
        """Answer with it in the form of the interface that ``path`` belongs to."""
        return self.openai() if path.startswith(_OPENAI) else self.problem()


def belongs_to_interfaces(path: str) -> bool:
    """Tell whether whoever calls this address is a program, which expects JSON."""
    return path.startswith(("/api/", _OPENAI))


def for_program(path: str, message: str, status: int) -> JSONResponse:
    """Answer a program whose request the guard doesn't let pass."""
    return Fault(status, RequestError.code, message).response(path)


def fault_of(error: Exception, path: str = "") -> Fault:
    """Return what is said of any error that a request to ``path`` led to.

    One that nobody raised on purpose is logged, unnamed.
    """
    match error:
        case RequestError():
            return Fault(error.status, error.code, str(error), error.field)
        case RequestValidationError():
            return _invalid(error.errors()[0])
        case QuestionError():
            return Fault(400, error.code, str(error), _QUESTIONS.get(path, ""))
        case UnknownItemError():
            return Fault(404, error.code, str(error))
        case TokenError():
            challenge = {"www-authenticate": 'Bearer realm="Sozialraum-Assistent"'}
            return Fault(401, error.code, str(error), headers=challenge)
        case BusyError():
            return Fault(429, error.code, str(error), headers={"retry-after": str(RETRY_S)})
        case SozialraumError():
            return Fault(503, error.code, str(error))
    return _unexpected(error)


def refused(message: str) -> PydanticCustomError:
    """Return the error for a validator to raise; ``message`` is what the caller reads."""
    # Braces would be taken for places to fill in.
    return PydanticCustomError(OWN_WORDS, "{said}", {"said": message})


def _invalid(error: Mapping[str, Any]) -> Fault:
    """Say which part of a request is wrong and what is right, without repeating its content."""
    kind, limits = str(error["type"]), error.get("ctx", {})
    if kind == "json_invalid":
        return Fault(400, RequestError.code, _NO_JSON)
    if kind == "extra_forbidden":
        named = _named(error["loc"][:-1])
        where = f"Im Feld „{named}“" if named else "In der Anfrage"
        message = f"{where} steht ein Feld, das es nicht gibt. Bitte prüfen Sie die Schreibweise."
        return Fault(400, RequestError.code, message, named)
    named = _named(error["loc"])
    if kind == OWN_WORDS:
        return Fault(400, RequestError.code, str(limits["said"]), named)
    if not named:
        return Fault(400, RequestError.code, _NO_JSON)
    reason = _REASONS.get(kind, _OTHER_REASON).format_map(_German(limits))
    return Fault(400, RequestError.code, f"Das Feld „{named}“: {reason}", named)


class _German(dict[str, Any]):
    """The limits of a validation error, as they stand in a German sentence."""

    def __missing__(self, key: str) -> str:
        return "–"

    def __getitem__(self, key: str) -> str:
        return str(super().__getitem__(key)).replace("'", "").replace(" or ", " oder ")


def _named(place: Sequence[object]) -> str:
    """Return the path to a field, as in "history[0].role"; empty for the request itself."""
    name = ""
    for part in place[1:]:
        name += f"[{part}]" if isinstance(part, int) else f".{part}"
    return name.removeprefix(".")


def _unexpected(error: Exception) -> Fault:
    if getattr(error, "status_code", 500) < 500:
        # The framework couldn't read the body at all: too deep, too large a number, no UTF-8.
        return Fault(400, RequestError.code, _NO_JSON)
    frames = traceback.extract_tb(error.__traceback__)
    # Kind and place alone: the text of an error may hold what a person asked.
    place = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "?"
    _log.error("unexpected %s in %s", type(error).__name__, place)
    return Fault(
        500,
        SozialraumError.code,
        "Es ist ein unerwarteter Fehler aufgetreten. Bitte versuchen Sie es noch einmal; bleibt "
        "es dabei, hilft „sozialraum doctor“ auf dem Server beim Suchen.",
    )
