"""From settings to who may come in. What is unclear or contradictory stops the start."""

from urllib.parse import urlsplit

from ui.access.house import House, Provider, read_roles, require_issuer
from ui.access.login import Login
from ui.access.records import AccessError
from ui.access.users import Users
from ui.settings import Settings

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1", "[::1]")


def needs_login(settings: Settings) -> bool:
    """Tell whether people have to log in.

    Only an application that nobody else can reach asks nobody who they are: on loopback, not
    called by another name from outside.
    """
    alone = settings.host in LOOPBACK_HOSTS and not settings.public_url
    return settings.login == "on" or bool(settings.oidc_issuer) or not alone


def login_for(settings: Settings) -> Login | None:
    """Return the login, None where there is none. Raises AccessError for what doesn't fit."""
    outside = public_url(settings)
    house = _house(settings)
    if not needs_login(settings):
        return None
    secure = outside.startswith("https://")
    return Login(Users(settings.data), House(house) if house else None, secure=secure)


def public_url(settings: Settings) -> str:
    """Return how the application is called from outside, without a slash at the end, or empty."""
    given = settings.public_url.strip()
    if not given:
        return ""
    parts = urlsplit(given)
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in ("http", "https") or not parts.hostname or more:
        raise AccessError(
            f"SOZIALRAUM_PUBLIC_URL ist „{given}“. Nötig ist die Adresse, unter der die Anwendung "
            "aufgerufen wird, ohne Pfad: zum Beispiel „https://assistent.stadt.example“."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _house(settings: Settings) -> Provider | None:
    secret = settings.oidc_client_secret.get_secret_value()
    if not settings.oidc_issuer:
        if settings.oidc_client_id or secret or settings.oidc_roles:
            raise AccessError(
                "Für die Anmeldung über das Haus fehlt SOZIALRAUM_OIDC_ISSUER, die Adresse des "
                "Anmeldedienstes."
            )
        return None
    require_issuer(settings.oidc_issuer)
    if not settings.oidc_client_id or not secret:
        raise AccessError(
            "Für die Anmeldung über das Haus sind auch SOZIALRAUM_OIDC_CLIENT_ID und "
            "SOZIALRAUM_OIDC_CLIENT_SECRET nötig, wie sie der Anmeldedienst vergeben hat."
        )
    if settings.host not in LOOPBACK_HOSTS and not settings.public_url:
        raise AccessError(
            "Für die Anmeldung über das Haus ist auch SOZIALRAUM_PUBLIC_URL nötig: Dorthin schickt "
            "der Anmeldedienst die Menschen zurück."
        )
    return Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        secret,
        read_roles(settings.oidc_roles),
        settings.oidc_claim,
        settings.oidc_scope,
    )
