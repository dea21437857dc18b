"""Logging in through the provider that the house runs itself (OpenID Connect).

The code flow with PKCE, state and nonce is authlib's. Called is only the host of the configured
issuer, whatever its own description says; and roles come from a claim of the signed ID token,
never from a second source.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import anyio
from authlib.integrations.base_client.errors import MismatchingStateError, OAuthError
from authlib.integrations.starlette_client import OAuth
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import SozialraumError
from ui.access.person import Person
from ui.access.records import AccessError
from ui.access.roles import Role
from ui.markup import readable

EVERYBODY = "*"
"""Stands in the mapping for whoever the provider knows, in whatever group."""
TIMEOUT_S = 10
CHECK_S = 5
"""For ``sozialraum doctor``, behind which somebody waits."""
LEEWAY_S = 60
"""By how much two clocks may differ."""
MAX_NAME_CHARS = 64
MAX_ISSUER_CHARS = 200
"""Shown of what a provider calls itself."""
_DESCRIPTION = "/.well-known/openid-configuration"
# Signatures that only the provider can make; none that our own secret could make as well.
_SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

_log = logging.getLogger(__name__)


class HouseError(AccessError):
    """Logging in through the house has failed; the message is for the person who tried."""

    code = "ERR_OIDC"


@dataclass(frozen=True, slots=True)
class Provider:
    """What the person running the installation has configured."""

    issuer: str
    client_id: str
    client_secret: str
    roles: Mapping[str, Role]
    """Group -> role; ``*`` is everybody, as reader."""
    claim: str = "groups"
    """The claim of the ID token that names the groups; a dot leads into an object."""
    scope: str = "openid profile"


def read_roles(written: str) -> dict[str, Role]:
    """Read „Redaktion=editor, *=reader“. Raises AccessError, naming what is wrong.

    ``*`` may be reader alone: a slip must not make everybody an editor.
    """
    roles: dict[str, Role] = {}
    for entry in filter(None, (part.strip() for part in written.split(","))):
        group, _, role = (part.strip() for part in entry.rpartition("="))
        known = {r.value: r for r in Role}.get(role)
        if not group or known is None or group in roles:
            raise AccessError(
                f"In SOZIALRAUM_OIDC_ROLES ist „{entry}“ nicht zu verstehen. Die Form ist "
                "GRUPPE=ROLLE, jede Gruppe einmal, durch Komma getrennt; Rollen sind reader, "
                "editor und maintainer."
            )
        roles[group] = known
    if roles.get(EVERYBODY, Role.READER) is not Role.READER:
        raise AccessError(
            "In SOZIALRAUM_OIDC_ROLES darf „*“, also jede Person, nur reader sein. Bitte nennen "
            "Sie für andere Rollen die Gruppe."
        )
    if not roles:
        raise AccessError(
            "SOZIALRAUM_OIDC_ROLES ist leer: Niemand hätte Zugang. Bitte nennen Sie, welche Gruppe "
            "was darf, zum Beispiel „Sozialraum-Redaktion=editor, *=reader“."
        )
    return roles


def require_issuer(issuer: str) -> None:
    """Raise AccessError unless an issuer is an https address; http on this machine will do."""
    parts = urlsplit(issuer)
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or local) or parts.query:
        raise AccessError(
            f"SOZIALRAUM_OIDC_ISSUER ist „{issuer}“. Nötig ist die Adresse des Anmeldedienstes, "
            "mit https am Anfang, wie er sie selbst als „issuer“ nennt."
        )


def role_for(provider: Provider, claims: Mapping[str, Any]) -> Role | None:
    """Return the highest role of a person's groups; None: no access."""
    named: Any = claims
    for part in provider.claim.split("."):
        named = named.get(part) if isinstance(named, Mapping) else None
    groups = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    found = [provider.roles[g] for g in groups if isinstance(g, str) and g in provider.roles]
    if EVERYBODY in provider.roles:
        found.append(provider.roles[EVERYBODY])
    return max(found, default=None)


def name_for(claims: Mapping[str, Any]) -> str:
    """Return what to call a person: what they log in with, else what else the token tells."""
    for claim in ("preferred_username", "name", "email", "sub"):
        value = claims.get(claim)
        if isinstance(value, str) and (name := re.sub(r"\s+", " ", value).strip()):
            return name[:MAX_NAME_CHARS]
    return "–"


class House:
    """The way to the provider and back."""

    def __init__(self, provider: Provider) -> None:
        """Nothing is called before somebody wants to log in."""
        self._provider = provider
        oauth = OAuth()
        self._client: Any = oauth.register(
            "haus",
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            server_metadata_url=provider.issuer.rstrip("/") + _DESCRIPTION,
            client_kwargs={
                "scope": provider.scope,
                "code_challenge_method": "S256",
                "timeout": TIMEOUT_S,
            },
        )

    async def leave_for(self, request: Request, back: str) -> Response:
        """Return the redirect to the provider, which sends people to ``back``. Raises HouseError.

        ``request.session`` holds state, nonce and verifier until then.
        """
        try:
            await self._describe()
            redirect: Response = await self._client.authorize_redirect(request, back)
        except SozialraumError:
            raise
        except Exception as error:
            raise _explained(error) from None
        return redirect

    async def return_from(self, request: Request) -> Person:
        """Return who the provider says has come back. Raises HouseError."""
        options = {
            "iss": {"essential": True, "value": self._provider.issuer},
            "aud": {"essential": True, "value": self._provider.client_id},
        }
        try:
            await self._describe()
            token = await self._client.authorize_access_token(
                request, claims_options=options, leeway=LEEWAY_S
            )
            claims = token["userinfo"]
        except SozialraumError:
            raise
        except Exception as error:
            raise _explained(error) from None
        role = role_for(self._provider, claims)
        if role is None:
            raise HouseError(
                f"Sie sind im Haus als „{name_for(claims)}“ bekannt, haben hier aber noch keinen "
                "Zugang. Bitte wenden Sie sich an die Person, die diese Anwendung betreibt."
            )
        return Person(name_for(claims), role, str(claims["sub"]))

    async def check(self) -> None:
        """See that the provider answers and is the one configured, for whoever runs this.

        Raises HouseError, naming the remedy; of what the provider sends it shows its name alone.
        """
        shown = _without_login(self._provider.issuer)
        try:
            with anyio.fail_after(CHECK_S):
                misfit = self._misfit(await self._client.load_server_metadata())
        except Exception as error:
            status = getattr(getattr(error, "response", None), "status_code", None)
            raise HouseError(
                f"Der Anmeldedienst {shown} gibt keine Auskunft "
                f"({f'Status {status}' if status else type(error).__name__}). Bitte prüfen Sie "
                "SOZIALRAUM_OIDC_ISSUER, ob der Dienst läuft und ob dieser Rechner ihn erreicht: "
                f"{shown.rstrip('/')}{_DESCRIPTION}"
            ) from None
        if misfit:
            raise HouseError(f"Der Anmeldedienst {shown} passt nicht: {misfit}")

    async def _describe(self) -> None:
        """Load how the provider describes itself, and refuse what doesn't fit to it."""
        known = await self._client.load_server_metadata()
        if misfit := self._misfit(known):
            self._client.server_metadata.pop("_loaded_at", None)  # asked anew next time
            _log.error("provider's description doesn't fit SOZIALRAUM_OIDC_ISSUER: %s", misfit)
            raise HouseError(
                "Die Anmeldung über das Haus ist falsch eingerichtet: Der Anmeldedienst nennt sich "
                "anders, als hier eingestellt ist (SOZIALRAUM_OIDC_ISSUER). Bitte wenden Sie sich "
                "an die Person, die diese Anwendung betreibt."
            )
        known["id_token_signing_alg_values_supported"] = _usable(known)

    def _misfit(self, known: Mapping[str, Any]) -> str:
        """Say why a description can't be that of the configured provider; empty where it can."""
        if known.get("issuer") != self._provider.issuer:
            said = " ".join(readable(str(known.get("issuer"))).split())
            name = _without_login(said[:MAX_ISSUER_CHARS])
            return (
                f"Er nennt sich „{name}“. Bitte setzen Sie SOZIALRAUM_OIDC_ISSUER genau so, wenn "
                "das der Dienst Ihres Hauses ist."
            )
        own = urlsplit(self._provider.issuer)
        for endpoint in ("token_endpoint", "jwks_uri"):
            place = urlsplit(str(known.get(endpoint)))
            if (place.scheme, place.netloc) != (own.scheme, own.netloc):
                return (
                    f"Seine Adresse „{endpoint}“ fehlt oder liegt auf einem anderen Rechner; "
                    "aufgerufen wird nur der eingestellte. Bitte sprechen Sie mit der Person, die "
                    "den Dienst betreibt."
                )
        if not _usable(known):
            return (
                "Er bietet keine Signatur an, die nur er erzeugen kann, etwa RS256. Bitte sprechen "
                "Sie mit der Person, die den Dienst betreibt."
            )
        return ""


def _usable(known: Mapping[str, Any]) -> list[str]:
    """Return the signatures offered that are good enough."""
    offered = known.get("id_token_signing_alg_values_supported") or ["RS256"]
    return [name for name in offered if name in _SIGNATURES]


def _without_login(address: str) -> str:
    """Return an address without the name and password that it may hold."""
    return re.sub(r"//[^/@]*@", "//", address)


def _explained(error: Exception) -> HouseError:
    """Say what has gone wrong without what the provider has said: that may hold anything."""
    _log.error("login through the provider failed: %s", type(error).__name__)
    if isinstance(error, MismatchingStateError):
        return HouseError(
            "Diese Anmeldung wurde nicht hier begonnen oder ist abgelaufen. Bitte melden Sie sich "
            "noch einmal an."
        )
    if isinstance(error, OAuthError) and error.error == "access_denied":
        return HouseError("Sie haben die Anmeldung abgebrochen, oder sie wurde Ihnen verweigert.")
    if isinstance(error, OAuthError):
        return HouseError(
            "Der Anmeldedienst hat die Anmeldung nicht angenommen; vielleicht hat sie zu lange "
            "gedauert. Bitte melden Sie sich noch einmal an."
        )
    if type(error).__module__.partition(".")[0].startswith(("httpx", "json")):
        return HouseError(
            "Der Anmeldedienst Ihres Hauses antwortet nicht. Bitte versuchen Sie es später noch "
            "einmal, oder wenden Sie sich an die Person, die diese Anwendung betreibt."
        )
    return HouseError(
        "Die Bestätigung des Anmeldedienstes ist ungültig. Bitte melden Sie sich noch einmal an."
    )
