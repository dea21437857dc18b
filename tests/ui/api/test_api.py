"""What /api answers over the starter collection, and whom."""

import pytest
from starlette.testclient import TestClient

from tests.ui.api.conftest import AT_WORK, BASE, Known, application, client_of
from tests.ui.fake_service import FakeService
from tests.ui.web.test_routes import assert_guarded, routes_of
from ui.access.records import AccessError
from ui.access.tokens import Tokens
from ui.api.models import (
    AnswerModel,
    DocumentsModel,
    DocumentWithSections,
    HealthModel,
    HitsModel,
    Problem,
)
from ui.api.routes import Interfaces
from ui.contract import answer_object, hit_object
from ui.web.routes import create_app

QUESTION = "Welche fünf Prinzipien hat die Sozialraumorientierung?"
CALLS = [
    ("POST", "/api/ask"),
    ("POST", "/api/search"),
    ("GET", "/api/documents"),
    ("GET", "/api/documents/glossar"),
    ("GET", "/api/health"),
    ("GET", "/api/openapi.json"),
    ("GET", "/v1/models"),
    ("GET", "/v1/models/sozialraum-assistent"),
    ("POST", "/v1/chat/completions"),
]


def test_an_answer_is_the_command_lines(client, commands):
    """The same object that ``ask --json`` prints, but for the time it took."""
    given = client.post("/api/ask", json={"question": QUESTION}).json()
    printed = commands.json("ask", QUESTION)

    assert {**given, "timings_ms": 0} == {**printed, "timings_ms": 0}
    assert given["status"] == "answered"


def test_history_scope_and_plain_language_count(client, service):
    """What goes along with the question reaches the assistant."""
    asked = {
        "question": "Und wer entscheidet darüber?",
        "history": [{"role": "user", "text": "Was ist ein Verfügungsfonds?"}],
        "document": "glossar",
        "plain": True,
    }
    answer = client.post("/api/ask", json=asked).json()

    assert "Verfügungsfonds" in answer["query"]
    assert answer["scope"]["document"] == "glossar"
    assert answer["plain"] is True


def test_a_refusal_is_an_answer(client):
    """Status 200, with the reason."""
    response = client.post("/api/ask", json={"question": "Was war in der elften Werkstatt?"})

    assert response.status_code == 200
    assert response.json()["refusal"]["reason"] == "false_premise"


def test_hits_are_the_command_lines(client, commands):
    """The same that ``search --json`` prints."""
    given = client.post("/api/search", json={"query": "Verfügungsfonds", "k": 3}).json()

    assert given == commands.json("search", "Verfügungsfonds", "-k", 3)
    assert len(given["hits"]) == 3


def test_documents_are_the_command_lines(client, commands):
    """All but where they lay on the server."""
    given = client.get("/api/documents").json()["documents"]
    printed = commands.json("documents", "list")
    one = client.get("/api/documents/glossar").json()

    assert given == [{**entry, "source": ""} for entry in printed]
    assert one == {**commands.json("documents", "show", "glossar"), "source": ""}


@pytest.mark.parametrize(
    ("model", "method", "path", "body"),
    [
        (AnswerModel, "POST", "/api/ask", {"question": QUESTION}),
        (AnswerModel, "POST", "/api/ask", {"question": "Was bedeutet IHK?", "plain": True}),
        (AnswerModel, "POST", "/api/ask", {"question": "Wie backe ich Brot?"}),
        (HitsModel, "POST", "/api/search", {"query": "Stadt"}),
        (DocumentsModel, "GET", "/api/documents", None),
        (DocumentWithSections, "GET", "/api/documents/glossar", None),
        (HealthModel, "GET", "/api/health", None),
        (Problem, "POST", "/api/ask", {}),
    ],
)
def test_what_is_described_is_what_is_given(client, model, method, path, body):
    """The description has exactly the keys of the real thing, on every level."""
    given = client.request(method, path, json=body).json()

    assert model.model_validate(given).model_dump(mode="json") == given


def test_health_tells_when_it_is_not_up_yet(service):
    """503 until questions are answered; nothing is loaded for telling so."""
    with client_of(application(service, ready=lambda: False)) as client:
        response = client.get("/api/health")

    assert response.status_code == 503
    assert HealthModel.model_validate(response.json()).status == "startet"


def test_openapi_describes_every_address(client):
    """In German, with tokens, examples, and a schema for each answer; nothing is left dangling."""
    response = client.get("/api/openapi.json")
    described = response.json()
    operations = [
        (method.upper(), path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]

    names = {(method, path.replace("{id}", "glossar")) for method, path, _ in operations}
    names = {(method, path.replace("{model}", "sozialraum-assistent")) for method, path in names}
    assert names == {call for call in CALLS if call[1] != "/api/openapi.json"}
    assert described["security"] == [{"Zugangsschluessel": []}]
    for _, path, operation in operations:
        good = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert (
            good["$ref"].partition("#/components/schemas/")[2]
            in (described["components"]["schemas"])
        ), path
        assert "422" not in operation["responses"]
        assert {"401", "503"} <= set(operation["responses"])
        assert operation["summary"].endswith(".")
    assert "Sozialraumorientierung?" in response.text
    assert "Successful" not in response.text
    assert "Validation Error" not in response.text


# Who may


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("header", [None, "", "gut", "Bearer", "Bearer falsch", "Basic Z3V0"])
def test_nobody_without_a_token(service, method, path, header):
    """401 in either form, on loopback too, and before the body is looked at."""
    headers = {} if header is None else {"authorization": header}
    with TestClient(application(service), base_url=BASE) as client:
        response = client.request(method, path, content=b"{", headers=headers)

    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    said = response.json()
    message = said["error"]["message"] if path.startswith("/v1") else said["message"]
    assert "Zugangsschlüssel" in message
    assert_guarded(response)


def test_a_real_token_opens_and_a_removed_one_no_longer(service, tmp_path):
    """A change of the tokens holds at once."""
    tokens = Tokens(tmp_path)
    secret = tokens.add("probe")
    headers = {"authorization": f"Bearer {secret}"}
    with client_of(application(service, tokens=tokens)) as client:
        before = client.get("/api/health", headers=headers).status_code
        tokens.remove("probe")
        after = client.get("/api/health", headers=headers).status_code

    assert (before, after) == (200, 401)


def test_unreadable_tokens_let_nobody_in(service):
    """And a stranger doesn't learn where they lie."""

    class Broken(Known):
        def role_of(self, header):
            raise AccessError("Die Datei /srv/geheim ist beschädigt.")

    with client_of(application(service, tokens=Broken())) as client:
        response = client.get("/api/health")

    assert response.status_code == 503
    assert response.json()["code"] == "ERR_ACCESS"
    assert "geheim" not in response.text


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_switched_off_there_is_nothing(method, path):
    """Without the setting the addresses don't exist."""
    with TestClient(create_app(FakeService(), lambda: True), base_url=BASE) as client:
        response = client.request(method, path, json={}, headers={"authorization": "Bearer gut"})

    assert response.status_code == 404


def test_switched_on_only_these_addresses_come_in_addition(service):
    """Beside the pages, the listed calls and no other; all of them pass guard and gate."""
    interfaces = Interfaces(service, Known(), AT_WORK)
    apps = [create_app(FakeService(), lambda: True, interfaces=i) for i in (None, interfaces)]
    without, with_them = (set(routes_of(app.routes)) for app in apps)
    added = {name.replace("{id}", "glossar") for name in with_them - without}

    assert {name.replace("{model}", "sozialraum-assistent") for name in added} == {
        f"{method} {path}" for method, path in CALLS
    }
    assert without <= with_them
    with client_of(apps[1]) as client:
        for method, path in CALLS:
            body = {"question": QUESTION} if path == "/api/ask" else None
            status = client.request(method, path, json=body).status_code
            assert status == (200 if method == "GET" or body else 400), path


def test_pages_of_strangers_may_not_call(client):
    """No other origin is answered, and none is told that it may be."""
    headers = {"origin": "https://evil.example"}
    asked = client.post("/api/ask", json={"question": QUESTION}, headers=headers)
    before = client.options(
        "/api/ask", headers={**headers, "access-control-request-method": "POST"}
    )

    assert (asked.status_code, before.status_code) == (403, 405)
    assert asked.json()["code"] == "ERR_REQUEST"
    for response in (asked, before):
        assert not [name for name in response.headers if name.startswith("access-control")]


# What goes wrong


@pytest.mark.parametrize(
    ("path", "body", "field", "words"),
    [
        ("/api/ask", {}, "question", "fehlt"),
        ("/api/ask", {"question": 7}, "question", "Text"),
        ("/api/ask", {"question": ""}, "question", "leer"),
        ("/api/ask", {"question": "?!"}, "question", "Worten"),
        ("/api/ask", {"question": "x" * 4001}, "question", "4000"),
        ("/api/ask", {"question": "x", "frage": "geheim"}, "", "Schreibweise"),
        ("/api/ask", {"question": "x", "history": "geheim"}, "history", "Liste"),
        ("/api/ask", {"question": "x", "history": [{}] * 51}, "history", "50"),
        (
            "/api/ask",
            {"question": "x", "history": [{"role": "geheim", "text": ""}]},
            "history[0].role",
            "user oder assistant",
        ),
        (
            "/api/ask",
            {"question": "x", "history": [{"role": "user", "text": "x" * 20_001}]},
            "history[0].text",
            "20000",
        ),
        ("/api/ask", {"question": "x", "workshop": "geheim"}, "workshop", "ganze Zahl"),
        ("/api/ask", {"question": "x", "workshop": 0}, "workshop", "mindestens 1"),
        ("/api/ask", {"question": "x", "plain": "geheim"}, "plain", "true oder false"),
        ("/api/search", {"query": ""}, "query", "leer"),
        ("/api/search", {"query": "x", "k": 101}, "k", "höchstens 100"),
        ("/api/search", {"query": "x", "k": True}, "k", "ganze Zahl"),
        ("/api/search", {"query": "x", "k": 2.5}, "k", "ganze Zahl"),
    ],
)
def test_a_wrong_field_is_named_with_its_remedy(client, path, body, field, words):
    """In German, and what was sent isn't repeated."""
    response = client.post(path, json=body)

    assert response.status_code == 400
    said = Problem.model_validate(response.json())
    assert (said.field, words in said.message) == (field, True), said
    assert "geheim" not in response.text


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 50_000, b'{"question": ' + b"9" * 6000 + b"}"],
)
def test_what_is_no_json_is_told_so(client, content):
    """However odd it is."""
    headers = {"content-type": "application/json"}
    response = client.post("/api/ask", content=content, headers=headers)

    assert response.status_code == 400
    assert "JSON" in response.json()["message"] or response.json()["field"] == "question"


def test_half_a_character_is_refused(client):
    """It couldn't be written into the answer."""
    headers = {"content-type": "application/json"}
    content = b'{"question": "Was ist \\ud83d ein Fonds?"}'
    response = client.post("/api/ask", content=content, headers=headers)

    assert (response.status_code, response.json()["field"]) == (400, "question")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/ask", 405),
        ("GET", "/api/fehlt", 404),
        ("GET", "/v1/fehlt", 404),
        ("GET", "/api/documents/fehlt", 404),
        ("GET", "/v1/models/fehlt", 404),
        ("POST", "/api/openapi.json", 405),
    ],
)
def test_wrong_addresses_are_told_in_json(client, method, path, status):
    """A program never gets a page."""
    response = client.request(method, path, content=b"")
    said = response.json()

    assert response.status_code == status
    assert (said["error"] if path.startswith("/v1") else said)["message"].endswith(".")
    assert_guarded(response)


def test_a_body_that_is_too_large_is_told_in_json(client):
    """In both forms."""
    for path in ("/api/ask", "/v1/chat/completions"):
        response = client.post(path, content=b"x" * 300_000)
        assert response.status_code == 413
        assert "zu groß" in response.text
        assert response.json()


def test_unknown_scopes_are_told(client):
    """A document or workshop that isn't there."""
    for limit in ({"document": "fehlt"}, {"workshop": 77}):
        response = client.post("/api/ask", json={"question": "Wo war das?", **limit})
        assert (response.status_code, response.json()["code"]) == (404, "ERR_UNKNOWN")


def test_an_unexpected_error_says_nothing_of_itself(service, monkeypatch, caplog):
    """German, guarded, and the log has kind and place alone."""

    def fail(*_, **__):
        raise RuntimeError("Aktenzeichen 4711")

    monkeypatch.setattr(service, "found", fail)
    with client_of(application(service)) as client:
        response = client.post("/api/search", json={"query": "Stadt"})

    assert (response.status_code, response.json()["code"]) == (500, "ERR_SOZIALRAUM")
    assert "4711" not in response.text + caplog.text
    assert "RuntimeError" in caplog.text
    assert_guarded(response)


def test_helpers_of_the_contract_are_used(client, service):
    """The objects are those of ``ui.contract``, to the key."""
    answer = service.ask(QUESTION)
    hit, document = service.found("Stadt", 1)[0]

    assert list(client.post("/api/ask", json={"question": QUESTION}).json()) == list(
        answer_object(answer)
    )
    hits = client.post("/api/search", json={"query": "Stadt", "k": 1}).json()["hits"]
    assert list(hits[0]) == list(hit_object(hit, document))
