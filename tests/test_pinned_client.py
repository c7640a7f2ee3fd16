"""A connection goes to a pinned address, shows the certificate of the name asked for, and uses no proxy."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from graph.allow_list import AllowList
from graph.pinned_client import EndpointRefused, PinnedClient, RemoteFailed

NAME = "endpoint.example"


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = self.headers["Host"].encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for one name, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture(scope="module")
def port(certificate: Path) -> Iterator[int]:
    """The port of a server that speaks TLS."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hello)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # a client that turns away is no fault here
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the certificate, and name a proxy that nobody runs."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    for variable in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:1")


@contextmanager
def client_of(*entries: str) -> Iterator[PinnedClient]:
    """A client for whom every name leads to this machine."""
    allowed = AllowList.of([*entries, "127.0.0.0/8"])
    made = PinnedClient(allowed, bytes_at_most=1000, seconds=5, lookup=lambda *_: ["127.0.0.1"])
    yield made
    made.close()


@pytest.mark.usefixtures("trusted")
def test_the_certificate_is_that_of_the_name_and_no_proxy_is_used(port: int) -> None:
    with client_of(f"{NAME}:{port}") as client:
        reply = client.asked("GET", f"https://{NAME}:{port}/x", {})
    assert (reply.media_type, reply.body) == ("text/plain", f"{NAME}:{port}".encode())


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_name_is_not_taken(port: int) -> None:
    with client_of(f"other.example:{port}") as client, pytest.raises(RemoteFailed, match="unreachable"):
        client.asked("GET", f"https://other.example:{port}/", {})


def test_a_certificate_that_nobody_vouches_for_is_not_taken(port: int) -> None:
    with client_of(f"{NAME}:{port}") as client, pytest.raises(RemoteFailed, match="unreachable"):
        client.asked("GET", f"https://{NAME}:{port}/", {})


def test_what_is_not_listed_is_not_asked(port: int) -> None:
    with client_of(f"{NAME}:{port}") as client:
        for endpoint in (f"http://{NAME}:{port}/", f"https://{NAME}/", "?x", "urn:x"):
            with pytest.raises(EndpointRefused):
                client.asked("GET", endpoint, {})


def test_a_name_that_cannot_be_resolved_is_tried_again_later() -> None:
    answers = iter(([OSError("no name server")], ["127.0.0.1"]))

    def lookup(_host: str, _port: int) -> list[str]:
        (found,) = next(answers)
        if isinstance(found, OSError):
            raise found
        return [found]

    client = PinnedClient(AllowList.of([NAME]), bytes_at_most=1000, seconds=5, lookup=lookup)
    with pytest.raises(RemoteFailed, match="unreachable"):
        client.asked("GET", f"https://{NAME}/", {})
    with pytest.raises(EndpointRefused):
        client.asked("GET", f"https://{NAME}/", {})
    client.close()
