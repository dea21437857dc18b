"""Fetching from addresses: what is fetched, what is refused, and which link of a page is meant.

All servers stand on this machine; no test asks anything outside it.
"""

import datetime
import gzip
import io
import re
import socket
import ssl
import struct
import threading
import time
import tracemalloc
import zipfile
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from corpus.errors import FileRefusedError
from ingest.fetch import MAX_REDIRECTS, fetch, next_hop
from ingest.web.addresses import is_public, parsed, route, shown
from ingest.web.connection import Answer, Limits
from ingest.web.content import name_of, suffix_of_content
from ingest.web.landing import chosen
from ingest.web.page import MAX_LINKS, read_page, text_of

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\nkurz\n%%EOF\n"
HTML = "<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"
SENTENCE = "Die Werkstatt sprach über das Quartier und die Arbeit der Ämter miteinander. "
QUICK = Limits(connect_s=2, read_s=0.3, total_s=1)


# --- servers ------------------------------------------------------------------------------


class Pages:
    """What a server answers: by path the status, the headers and the body."""

    def __init__(self):
        self.answers = {}
        self.asked = []
        self.port = 0

    def put(self, path, body=b"", status=200, **headers):
        """Answer a path; underscores in header names stand for hyphens."""
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, named, content)
        return self.at(path)

    def redirect(self, path, target, status=302):
        return self.put(path, status=status, Location=target)

    def at(self, path, host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serving(pages, tls=None):
    """Serve pages on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            pages.asked.append((self.path, dict(self.headers)))
            status, headers, body = pages.answers.get(self.path, (404, {}, b"fehlt"))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None
    pages.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield pages
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def pages():
    """A server on this machine."""
    with serving(Pages()) as running:
        yield running


@contextmanager
def raw_server(talk):
    """Accept one connection, read the request's head, and let ``talk`` answer as it likes."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)

    def run():
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            with suppress(OSError):  # the other side had enough
                talk(connection)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/heft.pdf"
    finally:
        thread.join()
        listener.close()


def here(address, **options):
    """Fetch from this machine, as an internal host."""
    return fetch(address, internal_hosts=frozenset({"127.0.0.1"}), **options)


def refused(address, code, **options):
    """Return the message with which an address on this machine is refused."""
    with pytest.raises(FileRefusedError) as fault:
        here(address, **options)
    assert fault.value.code == code, str(fault.value)
    return str(fault.value)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """The tests' own machine may have a proxy; it isn't asked."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def names(monkeypatch):
    """Names that resolve as the test says; all others don't exist. Numbers stay what they are."""
    known = {}
    real = socket.getaddrinfo

    def resolve(host, port, *args, **kwargs):
        if host in known:
            answer = known[host]
            ips = answer.pop(0) if isinstance(answer[0], list) else answer
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]
        if re.search(r"[g-wyz]", str(host)):
            raise socket.gaierror(socket.EAI_NONAME, "unbekannt")
        return real(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known


# --- addresses ----------------------------------------------------------------------------

INWARD = [
    *("http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/"),
    *("http://0x7f.0.0.1/", "http://017700000001/", "http://127.0.1.1:8080/", "http://0.0.0.0/"),
    *("http://0/", "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/"),
    *("http://[::ffff:8.8.8.8]/", "http://[0:0:0:0:0:ffff:7f00:1]/", "http://[::127.0.0.1]/"),
    *("http://10.0.0.1/", "http://172.16.5.4/", "http://192.168.178.1/", "http://100.64.0.1/"),
    *("http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "http://[fd00:ec2::254]/"),
    *("http://168.63.129.16/", "http://100.100.100.200/", "http://192.0.0.192/"),
    *("http://224.0.0.1/", "http://[ff02::1]/", "http://255.255.255.255/", "http://240.0.0.1/"),
    *("http://[2002:7f00:1::]/", "http://[2002:808:808::]/", "http://[64:ff9b::7f00:1]/"),
    *("http://[64:ff9b::808:808]/", "http://[64:ff9b:1::1]/", "http://[2001:0:4136::1]/"),
    *("http://192.88.99.1/", "http://198.18.0.1/", "http://203.0.113.7/", "http://[2001:db8::1]/"),
    *("http://[fec0::1]/", "http://[3fff::1]/", "http://127\u30020\u30020\u30021/"),
    *("http://localhost/", "http://LOCALHOST./", "https://localhost:443/"),
]


@pytest.mark.parametrize("address", INWARD)
def test_own_network_is_refused(address, monkeypatch):
    """However it is written, an address of the own network is refused before any connection."""
    monkeypatch.setattr(socket, "create_connection", None)

    with pytest.raises(FileRefusedError) as fault:
        fetch(address)
    assert fault.value.code == "ERR_URL_ADDRESS"


@pytest.mark.parametrize("ip", ["8.8.8.8", "193.99.144.85", "2a02:2e0:3fe:1001::1", "2620:fe::fe"])
def test_public_addresses_pass(ip):
    """Addresses of the world's websites may be fetched."""
    assert is_public(ip)


MALFORMED = [
    *("file:///etc/passwd", "ftp://stadt.example/a.pdf", "javascript:alert(1)", "www.stadt.de/a"),
    *("data:text/html,a", "//stadt.example/a", "http:///a.pdf", "https://", "", "http://[::1"),
    *(
        "http://exa mple.de/",
        "http://ex%61mple.de/",
        "http://stadt.de:99999/",
        "http://stadt.de:0/",
    ),
    *("http://a\nb.de/", "http://stadt.de\\@10.0.0.1/", "http://0177.0.0.1/", "http://-.-/?\\"),
    *("http://\uff11\uff12\uff17.0.0.1/", "http://\u24dbocalhost/", "http://[fe80::1%25eth0]/"),
    *(f"http://{'a' * 64}.de/", f"http://stadt.de/{'a' * 3000}"),
]


@pytest.mark.parametrize("address", MALFORMED)
def test_only_addresses_of_the_web(address):
    """What isn't a plain address of the web is refused, and the remedy says how to write one."""
    with pytest.raises(FileRefusedError) as fault:
        fetch(address)

    assert fault.value.code == "ERR_URL_SCHEME"
    assert "https://" in str(fault.value)


@pytest.mark.parametrize(
    "address", ["http://amt:geheim@stadt.example/a.pdf", "https://amt@stadt.example/"]
)
def test_credentials_are_refused_and_not_repeated(address):
    """An address with a password is refused; the message doesn't hold it."""
    with pytest.raises(FileRefusedError) as fault:
        fetch(address)

    assert fault.value.code == "ERR_URL_ADDRESS"
    assert "geheim" not in str(fault.value) and "amt@" not in str(fault.value)


def test_international_names_are_resolved_in_their_plain_form(names):
    """A name with umlauts is the same as its punycode, and its address is checked as well."""
    names["xn--mller-kva.example"] = ["10.0.0.9"]

    for address in ("http://müller.example/", "http://xn--mller-kva.example/"):
        with pytest.raises(FileRefusedError) as fault:
            fetch(address)
        assert fault.value.code == "ERR_URL_ADDRESS"


def test_one_inward_address_among_public_ones_is_enough(names):
    """A name that resolves to a public and an inward address is refused."""
    names["stadt.example"] = ["193.99.144.85", "127.0.0.1"]

    with pytest.raises(FileRefusedError) as fault:
        route(parsed("http://stadt.example/"), frozenset())
    assert fault.value.code == "ERR_URL_ADDRESS"


@pytest.mark.parametrize(
    ("hosts", "allowed"),
    [
        ({"127.0.0.1"}, True),
        ({"127.0.0.1:PORT"}, True),
        ({"127.0.0.1:1"}, False),
        ({"localhost"}, False),
        (set(), False),
    ],
)
def test_internal_hosts_are_allowed_by_name_or_port(pages, hosts, allowed):
    """A host of the own network may be asked when it, or it with this port, is named."""
    address = pages.put("/heft.pdf", PDF)
    named = frozenset(host.replace("PORT", str(pages.port)) for host in hosts)

    if allowed:
        assert fetch(address, internal_hosts=named).content == PDF
    else:
        with pytest.raises(FileRefusedError) as fault:
            fetch(address, internal_hosts=named)
        assert fault.value.code == "ERR_URL_ADDRESS"
        assert not pages.asked


def test_connection_goes_to_the_checked_address(pages, names):
    """A name that resolves differently a second time changes nothing; it isn't asked again."""
    pages.put("/heft.pdf", PDF)
    names["stadt.example"] = [["127.0.0.1"], ["203.0.113.9"]]
    address = pages.at("/heft.pdf", "stadt.example")

    fetched = fetch(address, internal_hosts=frozenset({"stadt.example"}))

    assert fetched.content == PDF
    assert names["stadt.example"] == [["203.0.113.9"]]
    assert pages.asked[0][1]["Host"] == f"stadt.example:{pages.port}"


def test_next_address_of_a_host_is_tried(pages, names):
    """Where the first address of a host takes no connection, the next one is used."""
    pages.put("/heft.pdf", PDF)
    names["stadt.example"] = ["127.0.0.2", "127.0.0.1"]  # the server listens on the second only

    fetched = fetch(
        pages.at("/heft.pdf", "stadt.example"), internal_hosts=frozenset({"stadt.example"})
    )
    assert fetched.content == PDF


def test_request_gives_nothing_away(pages):
    """The request names the program, and holds no cookie, referrer or credentials."""
    pages.put("/a", status=302, Location="/b", Set_Cookie="kennung=7")
    pages.put("/b", PDF)
    here(pages.at("/a#seite=3"))

    assert [path for path, _ in pages.asked] == ["/a", "/b"]
    headers = pages.asked[1][1]
    assert headers["User-Agent"].startswith("Sozialraum-Assistent/")
    assert not {"Cookie", "Referer", "Authorization"} & set(headers)


def test_messages_hold_short_addresses_without_controls():
    """An address in a message is bounded and holds no signs that steer a terminal."""
    assert shown("http://a.de/\x1b[31m" + "x" * 5000) == "http://a.de/[31m" + "x" * 184 + "…"


# --- proxies ------------------------------------------------------------------------------


def test_proxy_of_the_environment_is_honoured(pages, names, monkeypatch):
    """Behind a proxy a public name that only the proxy can resolve is fetched through it."""
    pages.put("http://stadt.example/heft.pdf", PDF)
    monkeypatch.setenv("http_proxy", f"127.0.0.1:{pages.port}")

    fetched = fetch("http://stadt.example/heft.pdf")

    assert fetched.content == PDF
    assert pages.asked[0][1]["Host"] == "stadt.example"


@pytest.mark.parametrize(
    "address",
    ["http://intranet/", "http://akte.rathaus.local/", "http://10.0.0.1/", "http://2130706433/"],
)
def test_proxy_is_no_way_into_the_own_network(pages, names, monkeypatch, address):
    """What can be seen to lie in the own network isn't asked of the proxy either."""
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{pages.port}")

    with pytest.raises(FileRefusedError) as fault:
        fetch(address)
    assert fault.value.code == "ERR_URL_ADDRESS"
    assert not pages.asked


def test_internal_hosts_and_exceptions_go_past_the_proxy(pages, names, monkeypatch):
    """An internal host is asked directly; so is what no_proxy names."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "stadt.example")
    names["stadt.example"] = ["193.99.144.85"]

    assert here(pages.put("/heft.pdf", PDF)).content == PDF
    assert route(parsed("http://stadt.example/"), frozenset()).proxy == ""


@pytest.mark.parametrize(
    ("scheme", "address"),
    [("http", "https://stadt.example/a.pdf"), ("socks5", "http://stadt.example/a.pdf")],
)
def test_proxy_that_does_not_help_is_named(pages, names, monkeypatch, scheme, address):
    """A proxy that refuses, or of a kind we can't use, is named as the reason."""
    monkeypatch.setenv("http_proxy", f"{scheme}://127.0.0.1:{pages.port}")
    monkeypatch.setenv("https_proxy", f"{scheme}://127.0.0.1:{pages.port}")

    with pytest.raises(FileRefusedError, match="Proxy") as fault:
        fetch(address)
    assert fault.value.code == "ERR_URL_UNREACHABLE"


# --- redirects ----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(pages, status):
    """A moved document is fetched from where it lies now; that address is cited."""
    pages.put("/neu/heft.pdf", PDF)
    fetched = here(pages.redirect("/alt", "neu/heft.pdf#seite=2", status))

    assert fetched.content == PDF
    assert fetched.address == pages.at("/alt")
    assert fetched.final == pages.at("/neu/heft.pdf")
    assert fetched.landing == ""


@pytest.mark.parametrize(("hops", "works"), [(MAX_REDIRECTS, True), (MAX_REDIRECTS + 1, False)])
def test_redirects_are_counted(pages, hops, works):
    """Five redirects are followed, a sixth isn't."""
    for hop in range(hops):
        pages.redirect(f"/{hop}", f"/{hop + 1}")
    pages.put(f"/{hops}", PDF)

    if works:
        assert here(pages.at("/0")).content == PDF
    else:
        assert "mehr als 5-mal" in refused(pages.at("/0"), "ERR_URL_REDIRECT")


def test_redirect_loops_are_named(pages):
    """Two pages that redirect to each other are a circle."""
    pages.redirect("/b", "/a")
    assert "im Kreis" in refused(pages.redirect("/a", "/b"), "ERR_URL_REDIRECT")


@pytest.mark.parametrize(
    "target",
    [
        *("http://169.254.169.254/latest/", "http://localhost:22/", "http://[::1]/", "//10.0.0.1/"),
        *("file:///etc/passwd", "ftp://stadt.example/", "javascript:1", "http://amt:pw@127.0.0.1/"),
    ],
)
def test_redirect_to_a_forbidden_address(pages, target):
    """A redirect into the own network, or out of the web, is refused and named."""
    message = refused(pages.redirect("/a", target), "ERR_URL_REDIRECT")

    assert "darf nicht abgerufen werden" in message
    assert "pw" not in message


def test_public_address_never_leads_to_an_internal_host(names, monkeypatch):
    """That an internal host may be asked holds for the person, not for pages of the web."""
    names["stadt.example"] = ["193.99.144.85"]
    asked = []

    def answer(url, *_):
        asked.append(str(url))
        return httpx_answer(url, 302, {"location": "http://127.0.0.1/akte.pdf"})

    monkeypatch.setattr("ingest.fetch.request", answer)
    refused("http://stadt.example/", "ERR_URL_REDIRECT")

    assert asked == ["http://stadt.example/"]


def httpx_answer(url, status, headers, body=b""):
    """An answer without a server, where none on this machine could give it."""
    return Answer(url, status, headers, body)


def test_no_redirect_from_encrypted_to_open():
    """From https no redirect leads to http."""
    start = httpx.URL("https://stadt.example/")
    with pytest.raises(FileRefusedError, match="unverschlüsselten") as fault:
        next_hop(start, "http://stadt.example/heft.pdf", start)

    assert fault.value.code == "ERR_URL_REDIRECT"
    assert next_hop(start, "/heft.pdf", start) == httpx.URL("https://stadt.example/heft.pdf")


# --- faults on the way --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "said"),
    [
        *((401, "Anmeldung"), (403, "gesperrt"), (404, "veraltet"), (410, "entfernt")),
        *((429, "zu oft"), (500, "später"), (503, "später"), (418, "nicht mit einem Dokument")),
        *((204, "nicht mit einem Dokument"), (206, "nicht mit einem"), (304, "nicht mit einem")),
    ],
)
def test_status_is_explained(pages, status, said):
    """A status other than success is refused with what it means and what to do."""
    message = refused(
        pages.put("/a", b"" if status in (204, 304) else PDF, status), "ERR_URL_STATUS"
    )

    assert said in message and str(status) in message and "Browser" in message


def test_nobody_listens():
    """A server that isn't there is told apart from one that is silent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    message = refused(f"http://127.0.0.1:{port}/", "ERR_URL_UNREACHABLE")
    assert "nimmt keine Verbindung an" in message


def test_unknown_name(names):
    """A name nobody knows is named."""
    message = refused("https://gibt-es-nicht.example/a.pdf", "ERR_URL_UNREACHABLE")
    assert "gibt-es-nicht.example“ kennt niemand" in message


def test_silent_server():
    """A server that says nothing is given up."""
    with raw_server(lambda connection: connection.recv(1)) as address:
        assert "schweigt" in refused(address, "ERR_URL_UNREACHABLE", limits=QUICK)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n%PDF-1.7"])
def test_slow_server(head):
    """A server that sends a byte now and then, in the head or the body, is given up in time."""

    sent = []

    def drip(connection):
        connection.sendall(head or b"HTTP/1.1 200 OK\r\nX-Lang: ")
        for _ in range(500):
            connection.sendall(b"a")
            sent.append(1)
            time.sleep(0.02)

    with raw_server(drip) as address:
        message = refused(address, "ERR_URL_UNREACHABLE", limits=QUICK)
    assert "Nach 1 Sekunden" in message
    assert len(sent) < 400  # nobody waited for the end


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + PDF,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n%PDF-1.7\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(PDF)[:-9],
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + PDF,
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"",
    ],
    # The compressed bytes hold the time; workers that collect in different seconds must agree.
    ids=["short", "unfinished", "cut", "not compressed", "another protocol", "nothing"],
)
def test_half_a_document_is_refused(answer):
    """What breaks off before its end is never taken for the document."""
    with raw_server(lambda connection: connection.sendall(answer)) as address:
        assert "brach ab" in refused(address, "ERR_URL_UNREACHABLE")


def test_size_is_announced_and_counted(pages):
    """Too large is what announces it, and what turns out to be."""
    small = Limits(max_bytes=1000)
    announced = pages.put("/a.pdf", PDF, Content_Length="1001")
    assert "größer" in refused(announced, "ERR_URL_TOO_LARGE", limits=small)

    body = PDF + b"x" * 2000
    silent = b"HTTP/1.1 200 OK\r\n\r\n" + body
    with raw_server(lambda connection: connection.sendall(silent)) as address:
        refused(address, "ERR_URL_TOO_LARGE", limits=small)


def test_lying_length_ends_the_document_there(pages):
    """Bytes beyond the announced length are no part of the document."""
    address = pages.put("/a.pdf", PDF + b"mehr", Content_Length=str(len(PDF)))
    assert here(address).content == PDF


@pytest.mark.parametrize("parts", [1, 3])
def test_packed_answers_are_unpacked(pages, parts):
    """gzip, also of several parts, is undone."""
    third = len(PDF) // parts + 1
    packed = b"".join(gzip.compress(PDF[i : i + third]) for i in range(0, len(PDF), third))

    assert here(pages.put("/a.pdf", packed, Content_Encoding="gzip")).content == PDF


def test_packed_bomb_is_refused_while_unpacking(pages):
    """A small answer that unpacks to a thousand times its size is stopped at the limit."""
    bomb = gzip.compress(b"%PDF-1.7" + bytes(64 * 2**20))
    assert len(bomb) < 2**17
    address = pages.put("/a.pdf", bomb, Content_Encoding="gzip")

    tracemalloc.start()
    refused(address, "ERR_URL_TOO_LARGE", limits=Limits(max_bytes=2**20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 2**20


def test_unknown_packing_is_refused(pages):
    """Packings that weren't asked for aren't opened."""
    for packing in ("br", "zstd", "gzip, gzip"):
        refused(pages.put("/a.pdf", PDF, Content_Encoding=packing), "ERR_URL_TYPE")


def test_progress_counts_bytes(pages):
    """Progress ends with all bytes, and knows how many there will be."""
    seen = []
    body = PDF + b"x" * 300_000
    here(pages.put("/a.pdf", body), progress=lambda done, total: seen.append((done, total)))

    assert seen[-1] == (len(body), len(body))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


# --- encryption ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for stadt.example and its key, valid and its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stadt.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("stadt.example")]), False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "stadt.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def encrypted(certificate, names):
    """A server for https with that certificate, known by a right and a wrong name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    seen = []
    context.sni_callback = lambda _, name, __: seen.append(name)
    names["stadt.example"] = names["falsch.example"] = ["127.0.0.1"]
    with serving(Pages(), tls=context) as running:
        running.put("/heft.pdf", PDF)
        running.names = seen
        yield running


def over_tls(server, host):
    address = f"https://{host}:{server.port}/heft.pdf"
    return fetch(address, internal_hosts=frozenset({host}))


def test_certificate_is_checked_against_the_name(encrypted, certificate, monkeypatch):
    """Pinned to an IP, the connection still asks for, and checks, the host's name."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    assert over_tls(encrypted, "stadt.example").content == PDF
    assert encrypted.names == ["stadt.example"]
    with pytest.raises(FileRefusedError, match="Zertifikat") as fault:
        over_tls(encrypted, "falsch.example")
    assert fault.value.code == "ERR_URL_UNREACHABLE"


def test_unknown_certificate_is_refused(encrypted):
    """A certificate nobody vouches for is named as the reason."""
    with pytest.raises(FileRefusedError, match="Zertifikat des Servers ist nicht gültig"):
        over_tls(encrypted, "stadt.example")
    assert not encrypted.asked


def test_open_server_behind_an_encrypted_address(pages):
    """A server that doesn't speak TLS is told apart from one that isn't there."""
    message = refused(f"https://127.0.0.1:{pages.port}/", "ERR_URL_UNREACHABLE")
    assert "verschlüsselte Verbindung" in message


def test_missing_list_of_certificates_is_named(pages, monkeypatch):
    """A setting that points to no list of certificates is named, with its remedy."""
    monkeypatch.setenv("SSL_CERT_FILE", "/gibt/es/nicht.pem")
    assert "SSL_CERT_FILE" in refused(f"https://127.0.0.1:{pages.port}/", "ERR_URL_UNREACHABLE")


# --- formats and names --------------------------------------------------------------------


def packed(*names, first=b""):
    """An archive with entries of these names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
ODF = "application/vnd.oasis.opendocument."
TYPES = "[Content_Types].xml"
MAIL = b"From: a@stadt.example\r\nTo: b@stadt.example\r\nSubject: Protokoll\r\n\r\nGuten Tag\r\n"
FORMATS = [
    (PDF, "text/html", "/a.html", ".pdf"),
    (b"\r\n\xef\xbb\xbf" + PDF, "text/plain", "/a", ".pdf"),
    (packed(TYPES, "word/document.xml"), "application/zip", "/a.zip", ".docx"),
    (packed(TYPES, "ppt/presentation.xml"), "", "/a", ".pptx"),
    (packed(TYPES, "xl/workbook.xml"), "application/pdf", "/a.pdf", ".xlsx"),
    (packed("content.xml", first=ODF.encode() + b"text"), "", "/a.docx", ".odt"),
    (packed("content.xml", first=ODF.encode() + b"spreadsheet"), "", "/a", ".ods"),
    (packed("OEBPS/a.xhtml", first=b"application/epub+zip"), "", "/a", ".epub"),
    (packed("bericht.docx", "2018/heft.pdf"), "application/pdf", "/a.docx", ".zip"),
    (packed("anlage/word/document.xml"), "", "/a", ".zip"),
    (packed(), "", "/a", ".zip"),
    (b"PK\x03\x04abgeschnitten", "", "/a.docx", ".zip"),
    (packed("a")[:-22] + b"PK\x05\x06" + b"\xff" * 18, "", "/a", ".zip"),
    (OLE, "application/pdf", "/a.pdf", ".doc"),
    (OLE, "", "/a.ppt", ".ppt"),
    (b"{\\rtf1 Text}", "application/msword", "/a.doc", ".rtf"),
    (b"\xef\xbb\xbf \n<!doctype HTML><p>a", "text/plain", "/a.txt", ".html"),
    (b"<?xml version='1.0'?><!-- a --><html xmlns='x'>", "application/xhtml+xml", "/", ".html"),
    (b"<p>Teil einer Seite", "text/html; charset=utf-8", "/a.php", ".html"),
    ("<html>".encode("utf-16"), "", "/a", ".html"),
    (b"<html> %PDF-1.7 wird hier nur genannt", "", "/a", ".html"),
    (b"<?xml version='1.0'?><rss/>", "application/rss+xml", "/feed", ""),
    (b"<svg xmlns='x'/>", "image/svg+xml", "/a.svg", ""),
    (b"# Werkstatt\n", "text/markdown", "/a", ".md"),
    (b"# Werkstatt\n", "text/plain", "/raw/a.md", ".md"),
    ("Bürger".encode("cp1252"), "text/plain", "/a", ".txt"),
    (b"Text", "application/octet-stream", "/a.txt", ".txt"),
    (b"Text", "", "/a", ".txt"),
    (MAIL, "text/plain", "/a", ".eml"),
    (b"Date: heute\nText", "text/plain", "/a", ".txt"),
    (b'{"a": 1}', "application/json", "/a", ""),
    (b"body { color: red }", "text/css", "/a.css", ""),
    (b"\xff\xd8\xff\xe0" + bytes(100), "image/jpeg", "/a.jpg", ""),
    (b"\x7fELF" + bytes(100), "text/plain", "/a.txt", ""),
    (bytes(100), "application/pdf", "/a.pdf", ""),
]


@pytest.mark.parametrize(("content", "media_type", "path", "suffix"), FORMATS)
def test_format_is_decided_by_content(content, media_type, path, suffix):
    """The bytes decide; what the server says settles only what they leave open."""
    assert suffix_of_content(content, media_type, path) == suffix


def test_directory_of_an_archive_cannot_send_us_astray():
    """Sizes and offsets that lie lead to an archive, never to a fault or a long search."""
    content = bytearray(packed(TYPES, "word/document.xml"))
    end = content.rfind(b"PK\x05\x06")
    for size, start in ((2**32 - 1, 0), (2**32 - 1, 2**32 - 1), (0, 5), (46, len(content) - 30)):
        struct.pack_into("<II", content, end + 12, size, start)
        assert suffix_of_content(bytes(content), "", "/a.docx") == ".zip"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (OLE, "speichern Sie sie als .docx"),
        (packed(TYPES, "xl/workbook.xml"), "als PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "Fassung als PDF"),
    ],
)
def test_foreign_formats_are_refused_with_a_remedy(pages, content, said):
    """What can't be read in is refused, and the remedy fits the format."""
    assert said in refused(pages.put("/a.pdf", content), "ERR_URL_TYPE")


def test_empty_answer_is_refused(pages):
    """Nothing is not a document."""
    refused(pages.put("/a.pdf", b""), "ERR_FILE_EMPTY")


NAMES = [
    ('attachment; filename="Bericht 2018.pdf"', "/x", "Bericht 2018.pdf"),
    (
        "attachment; filename*=UTF-8''Sozialr%C3%A4ume%20st%C3%A4rken.pdf",
        "/x",
        "Sozialräume stärken.pdf",
    ),
    ("inline; filename=\"ersatz.pdf\"; filename*=iso-8859-1'de'Stra%DFe.pdf", "/x", "Straße.pdf"),
    ("attachment; filename*=utf-9''%ff; filename=\"heft.pdf\"", "/x", "heft.pdf"),
    ("attachment; filename=Stadt%20Essen.pdf", "/x", "Stadt Essen.pdf"),
    ('attachment; filename="a \\"b\\".pdf"', "/x", "a _b_.pdf"),
    ('attachment; filename="../../etc/passwd"', "/x", "passwd.pdf"),
    ('attachment; filename="C:\\\\temp\\\\heft.pdf"', "/x", "heft.pdf"),
    ('attachment; filename="con.pdf"', "/x", "_con.pdf"),
    ('attachment; filename="heft\u202efdp.exe"', "/x", "heftfdp.exe.pdf"),
    ("attachment", "/dateien/%C3%9Cbersicht_M%C3%BCnster.pdf", "Übersicht_Münster.pdf"),
    ("", "/dateien/u%CC%88bersicht.pdf", "übersicht.pdf"),
    ("", "/dateien/alt%FC.pdf", "alt\ufffd.pdf"),
    ("", "/heft.docx", "heft.pdf"),
    ("", "/heft.pdf;jsessionid=A1", "heft.pdf"),
    ("", "/Stand_v1.2", "Stand_v1.2.pdf"),
    ("", "/download.php", "Bericht zur Werkstatt.pdf"),
    ("", "/", "Bericht zur Werkstatt.pdf"),
    ("", "/get/17/", "Bericht zur Werkstatt.pdf"),
    ("", f"/{'a' * 400}.pdf", f"{'a' * 120}.pdf"),
]


@pytest.mark.parametrize(("disposition", "path", "name"), NAMES)
def test_name_with_the_suffix_of_its_format(disposition, path, name):
    """The name comes from the header, the address or the title, and is safe to show."""
    made = name_of(disposition, path, "Bericht zur Werkstatt", "stadt.example", ".pdf")
    assert made == name


def test_name_of_last_resort():
    """Without any name the host gives one."""
    assert name_of("", "/", "", "stadt.example", ".html") == "stadt.example.html"


def test_umlauts_all_the_way(pages):
    """Umlauts in the address are asked for in UTF-8, those in the answer's header are kept."""
    name = "Sozialräume in Köln.pdf".encode().decode("latin-1")
    pages.put(
        "/Stra%C3%9Fe/a%20b?jahr=M%C3%A4rz",
        PDF,
        Content_Disposition=f'attachment; filename="{name}"',
    )

    fetched = here(pages.at("/Straße/a b?jahr=März"))
    assert fetched.name == "Sozialräume in Köln.pdf"


# --- landing pages ------------------------------------------------------------------------

SITE = "https://staedtenetz.example"
NAVIGATION = (
    '<header><h1>Städtenetz</h1><a href="/logo.pdf">Logo</a></header>'
    '<nav><ul><li><a href="/downloads">Downloads</a></li>'
    '<li><a href="/satzung.pdf">Satzung herunterladen</a></li></ul></nav>'
)
FOOTER = (
    '<footer><a href="/impressum">Impressum</a> <a href="/datenschutz.pdf">Datenschutz (PDF)</a>'
    ' <a href="/bericht.pdf">Jahresbericht herunterladen (PDF)</a></footer>'
)


def site(main, title="Werkstattreihe abgeschlossen", lead=30):
    """A page in its frame; ``lead`` sentences' worth of words stand before the main part."""
    text = f"<p>{SENTENCE * (lead // 11)}</p>" if lead else ""
    body = f"{NAVIGATION}<main><h1>{title}</h1>{text}{main}</main>{FOOTER}"
    return HTML.format(title=f"{title} – Städtenetz", body=body)


SEED = site(
    "<p>Zehn Werkstätten in neun Städten, zwei Jahre: Was sie ergaben, steht jetzt in einem "
    "Band.</p><p>Die Dokumentation fasst jede Werkstatt zusammen und ordnet sie ein. Zu jeder "
    'gibt es auch <a href="/werkstaetten">eine eigene</a>.</p>'
    '<p><a href="/fileadmin/band.pdf">Download der Publikation hier</a></p>'
    '<p>Fragen beantwortet die <a href="mailto:buero@staedtenetz.example">Geschäftsstelle</a>.</p>'
    '<h2>Weitere Nachrichten</h2><ul><li><a href="/einladung.pdf">Einladung zur Tagung</a></li>'
    '<li><a href="/news/2">Neues Heft</a></li></ul>',
    "Abschlussdokumentation der Werkstattreihe",
    lead=200,
)
LONG = 600
BAND = f"{SITE}/band.pdf"
ITSELF = "itself"
SEVERAL = "several"

LANDINGS = {
    "seed": (SEED, f"{SITE}/fileadmin/band.pdf"),
    "seed, only „hier“ linked": (
        site('<p>Download der Publikation <a href="band.pdf">hier</a>.</p>'),
        BAND,
    ),
    "seed, a long text": (
        site('<p><a href="band.pdf">Download der Publikation hier</a></p>', lead=LONG),
        BAND,
    ),
    "publication to be downloaded": (
        site('<a class="btn" href="/band.pdf">Publikation herunterladen</a>'),
        BAND,
    ),
    "documentation with its size": (
        site('<p><a href="/band.pdf">Dokumentation (PDF, 3 MB)</a></p>'),
        BAND,
    ),
    "the only document of a short page": (site('<p><a href="band.pdf">Werkstatt 3</a></p>'), BAND),
    "download attribute, no suffix": (
        site('<p>Die Broschüre: <a download href="/media/77">Laden</a></p>'),
        f"{SITE}/media/77",
    ),
    "a program delivers it": (
        site('<p><a href="/?eID=dump&amp;f=9">Bericht herunterladen (PDF)</a></p>'),
        f"{SITE}/?eID=dump&f=9",
    ),
    "stated for libraries": (
        HTML.format(
            title="Band 7",
            body='<meta name="citation_pdf_url" content="/band.pdf"><p>Kurz.</p>'
            '<a href="a.pdf">Bericht (PDF)</a> <a href="b.pdf">Bericht (PDF)</a>',
        ),
        BAND,
    ),
    "stated as the page's other form": (
        HTML.format(
            title="Band",
            body=f'<link rel="alternate" type="application/pdf" href="band.pdf"><p>{SENTENCE}</p>',
        ),
        BAND,
    ),
    "beside the official papers": (
        site(
            '<ul><li><a href="band.pdf">Abschlussbericht als PDF</a></li>'
            '<li><a href="antrag.pdf">Antragsformular als PDF</a></li>'
            '<li><a href="satzung.pdf">Satzung als PDF</a></li>'
            '<li><a href="bf.pdf">Erklärung zur Barrierefreiheit (PDF)</a></li></ul>'
        ),
        BAND,
    ),
    "beside other languages": (
        site(
            '<ul><li><a href="band.pdf">Broschüre herunterladen</a></li>'
            '<li><a href="band_en.pdf" hreflang="en">Download the report</a></li>'
            '<li><a href="band_ls.pdf">Broschüre in Leichter Sprache herunterladen</a></li>'
            '<li><a href="kurz.pdf">Kurzfassung der Broschüre herunterladen</a></li></ul>'
        ),
        BAND,
    ),
    "in two formats": (
        site('<p>Bericht: <a href="band.docx">Word</a> oder <a href="band.pdf">PDF</a></p>'),
        BAND,
    ),
    "by picture and by text": (
        site(
            '<a href="band.pdf"><img src="t.jpg" alt="Titelbild der Broschüre"></a>'
            '<p><a href="band.pdf">Zur Broschüre</a></p>'
        ),
        BAND,
    ),
    "title names it among its series": (
        site(
            '<ul><li><a href="w2.pdf">Dokumentation Generationen im Quartier</a></li>'
            '<li><a href="band.pdf">Dokumentation Sicherheit und Prävention</a></li></ul>',
            "Werkstatt Sicherheit und Prävention",
        ),
        BAND,
    ),
    "box of downloads at the side": (
        site(
            f"<p>{SENTENCE}</p><aside><h2>Download</h2>"
            '<a href="band.pdf">Dokumentation (PDF)</a></aside>'
        ),
        BAND,
    ),
    "beside another in the margin": (
        site(
            '<p><a href="band.pdf">Dokumentation (PDF)</a></p>'
            '<aside><a href="b.pdf">Dokumentation des Vorjahrs (PDF)</a></aside>'
        ),
        BAND,
    ),
    "beside one marked as foreign": (
        site(
            '<p><a href="band.pdf">Broschüre (PDF)</a> '
            '<a href="b.pdf" hreflang="nl">Download brochure (PDF)</a></p>'
        ),
        BAND,
    ),
    "with a base address": (
        site('<base href="https://media.example/d/"><a href="band.pdf">Bericht (PDF)</a>'),
        "https://media.example/d/band.pdf",
    ),
    "tags nobody closed": (
        HTML.format(
            title="Heft",
            body="<DIV CLASS=text><P>Heft<LI><A HREF=/band.pdf>Heft herunterladen<LI>Ende",
        ),
        BAND,
    ),
    "a page about the statute": (
        site('<p><a href="band.pdf">Satzung herunterladen (PDF)</a></p>', "Satzung des Fonds"),
        BAND,
    ),
    "with a session in the address": (
        site('<a href="band.pdf;jsessionid=1?blob=file">Band 3</a>', lead=0),
        f"{BAND};jsessionid=1?blob=file",
    ),
    "named in the row of a table": (
        site(
            '<table><tr><td>Abschlussdokumentation<td><a href="band.pdf">PDF</a></tr>'
            '<tr><td>Anlage 1: Teilnehmende<td><a href="b.pdf">PDF</a></tr></table>',
            lead=200,
        ),
        BAND,
    ),
    "named by its file": (
        site('<p><a href="/2019_Abschlussdoku.pdf">2019_Abschlussdoku.pdf</a></p>', lead=250),
        f"{SITE}/2019_Abschlussdoku.pdf",
    ),
    "frame in old tags": (
        HTML.format(
            title="Fachtag",
            body='<div id="header"><a href="plan.pdf">Stadtplan (PDF)</a></div>'
            f'<p>{SENTENCE}</p><a href="e.pdf">Einladung und Programm (PDF)</a>',
        ),
        ITSELF,
    ),
    "a report in passing": (
        site(
            '<p>Weitere Informationen enthält der <a href="a.pdf">Bericht</a> des Landes.</p>',
            lead=300,
        ),
        ITSELF,
    ),
    "a bare list of files": (
        "<h1>Index of /</h1><pre><a href=w1.pdf>w1.pdf</a> <a href=w2.pdf>w2.pdf</a></pre>",
        SEVERAL,
    ),
    "mainly text, further links": (
        site(
            '<h2>Weiterführende Links</h2><ul><li><a href="a.pdf">Bericht des Landes (PDF)</a>'
            '</li><li><a href="b.pdf">Leitfaden herunterladen</a></li></ul>',
            lead=LONG,
        ),
        ITSELF,
    ),
    "short, further links": (
        site('<h3>Weiterführende Links</h3><p><a href="a.pdf">Bericht (PDF)</a></p>'),
        ITSELF,
    ),
    "short, further links in bold": (
        site('<p><b>Siehe auch</b></p><p><a href="a.pdf">Bericht (PDF)</a></p>'),
        ITSELF,
    ),
    "mainly text, a link in passing": (
        site('<p>Im Jahr zuvor erschien <a href="a.pdf">eine Studie</a>.</p>', lead=LONG),
        ITSELF,
    ),
    "mainly text, two reports": (
        site(
            '<p><a href="a.pdf">Bericht A herunterladen (PDF)</a></p>'
            '<p><a href="b.pdf">Bericht B herunterladen (PDF)</a></p>',
            lead=LONG,
        ),
        ITSELF,
    ),
    "no document at all": (
        site('<p><a href="/news">Mehr</a> <a href="#oben">nach oben</a></p>'),
        ITSELF,
    ),
    "documents only in the frame": (site("<p>Kurz.</p>", lead=0), ITSELF),
    "frame without tags of its own": (
        HTML.format(
            title="Kurz",
            body='<div class="main-nav"><a href="a.pdf">Bericht (PDF)</a>'
            f'</div><div class="nav-open"><p>{SENTENCE}</p></div>',
        ),
        ITSELF,
    ),
    "only forms": (
        site('<p><a href="a.pdf">Anmeldeformular (PDF)</a> <a href="b.pdf">Flyer</a></p>'),
        ITSELF,
    ),
    "a list of downloads elsewhere": (
        site('<p><a href="/downloads">Zu den Downloads</a></p>'),
        ITSELF,
    ),
    "commented out": (
        site(
            '<!-- <a href="band.pdf">Download der Publikation</a> -->'
            "<script>\"<a href='band.pdf'>Download der Publikation</a>\"</script>"
        ),
        ITSELF,
    ),
    "addresses outside the web": (
        site(
            "<a href=\"javascript:load('a.pdf')\">Bericht herunterladen</a> "
            '<a href="file:///a.pdf">Bericht herunterladen</a> '
            '<a href="http://[::1">Bericht herunterladen</a>'
        ),
        ITSELF,
    ),
    "all workshops alike": (
        site(
            "".join(
                f'<li><a href="w{n}.pdf">Dokumentation Werkstatt {n} (PDF)</a></li>'
                for n in range(1, 11)
            ),
            "Unsere Reihe",
        ),
        SEVERAL,
    ),
    "two parts": (
        site('<p>Download: <a href="t1.pdf">Band 1</a> | <a href="t2.pdf">Band 2</a></p>'),
        SEVERAL,
    ),
}


@pytest.mark.parametrize(("source", "expected"), LANDINGS.values(), ids=LANDINGS.keys())
def test_which_link_is_meant(source, expected):
    """A page's link is followed where it clearly leads to the publication, else not."""
    choice = chosen(read_page(source), f"{SITE}/news")

    if expected == SEVERAL:
        assert not choice.address and len(choice.candidates) > 1
    else:
        assert (choice.address or ITSELF) == expected
        assert not choice.candidates


def test_landing_page_is_followed_to_its_publication(pages):
    """The document behind the page's link comes in; its address is cited, the page kept."""
    pages.put("/news", SEED, Content_Type="text/html; charset=utf-8")
    pages.redirect("/fileadmin/band.pdf", "/neu/band_final.pdf")
    pages.put("/neu/band_final.pdf", PDF, Content_Type="text/html")

    fetched = here(pages.at("/news"))

    assert fetched.content == PDF
    assert fetched.address == fetched.landing == pages.at("/news")
    assert fetched.final == pages.at("/neu/band_final.pdf")
    assert fetched.name == "band_final.pdf"


def test_document_without_a_name_gets_that_of_its_page(pages):
    """A program's answer is called after the page that led to it."""
    link = '<p><a href="/get.php?f=9">Bericht herunterladen</a></p>'
    pages.put("/get.php?f=9", PDF)

    assert here(pages.put("/a", site(link, "Bericht 2018"))).name == "Bericht 2018.pdf"


def test_page_without_documents_is_the_document(pages):
    """A page of text comes in as it is, byte for byte, called after its title."""
    source = site("<p>Nur Text.</p>", "Ankommen im Quartier").encode("cp1252")
    fetched = here(pages.put("/", source, Content_Type="text/html; charset=windows-1252"))

    assert fetched.content == source
    assert (fetched.name, fetched.landing) == ("Ankommen im Quartier.html", "")


def test_several_publications_are_listed(pages):
    """Where several are equally good, up to eight are named with their addresses."""
    message = refused(pages.put("/a", LANDINGS["all workshops alike"][0]), "ERR_URL_NO_LINK")

    assert message.count(".pdf)") == 8
    assert f"„Dokumentation Werkstatt 1 (PDF)“ ({pages.at('/w1.pdf')})" in message
    assert "und 2 weitere" in message


@pytest.mark.parametrize(
    ("target", "answer", "code"),
    [
        ("/band.pdf", {"status": 404}, "ERR_URL_STATUS"),
        ("/band.pdf", {"body": HTML}, "ERR_URL_TYPE"),
        ("http://10.0.0.1/band.pdf", {}, "ERR_URL_ADDRESS"),
        ("http://169.254.169.254/band.pdf", {}, "ERR_URL_ADDRESS"),
    ],
)
def test_link_that_leads_nowhere(pages, target, answer, code):
    """A link's fault names the link and its page; the page isn't read in instead."""
    pages.put("/band.pdf", **answer)
    source = site(f'<a href="{target}">Download der Publikation hier</a>')

    message = refused(pages.put("/news", source), code)
    assert "band.pdf" in message and pages.at("/news") in message


def test_title_comes_from_the_main_part():
    """The title is the main part's first heading, not the site's name in the frame."""
    page = read_page(site("", "Ankommen im <em>Quartier</em>"))
    assert page.title == "Ankommen im Quartier"
    assert read_page("<title>Ankommen – Stadt</title><p>a").title == "Ankommen"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-15", "windows-1252"])
def test_encoding_of_a_page(encoding):
    """Umlauts are read in the encoding the server or the page states."""
    source = f'<meta charset="{encoding}"><p>Broschüre'.encode(encoding)

    assert "Broschüre" in text_of(source, "text/html")
    assert "Broschüre" in text_of("<p>Broschüre".encode(encoding), f"text/html; charset={encoding}")
    assert "Bro" in text_of(b"Bro", "text/html; charset=gibt-es-nicht")


HOSTILE = [
    *("<a " * 300_000, "<!--" * 300_000, "<script>" * 200_000, "<div>" * 200_000, "<" * 10**6),
    *("</div>" * 200_000, "<a href='" * 150_000, '<a href="x.pdf" ' + "a=" * 400_000, "a " * 10**6),
    *("<a href=x.pdf>" * 100_000, "<p><a href=x.pdf>a</a>" * 50_000, "</script" + " " * 10**6),
    *("<a" + " " * 10**6, "<nav>" * 100_000 + "</p>" * 100_000, "&" * 10**6, "<!-" * 300_000),
]


@pytest.mark.parametrize("source", HOSTILE, ids=lambda source: source[:16])
def test_hostile_pages_come_to_an_end(source):
    """Pages made to be slow are read; taking quadratic time, each would need hours."""
    page = read_page(source)

    assert len(page.links) <= MAX_LINKS
    assert not chosen(page, f"{SITE}/news").candidates
