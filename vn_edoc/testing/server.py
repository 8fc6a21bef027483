"""The services of the throwaway PKI: one pure function that answers, and a loopback HTTP server around it.

======  ==================  =============================================
POST    ``/tsa[/NAME]``     RFC 3161 query, answered by ``tsa`` or NAME
POST    ``/ocsp``           OCSP request (RFC 6960 appendix A.1)
GET     ``/ocsp/BASE64``    the same by GET
GET     ``/crl/NAME.crl``   CRL of the issuer NAME, DER
GET     ``/crt/NAME.cer``   certificate NAME, DER
======  ==================  =============================================
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from asn1crypto import ocsp, tsp

from vn_edoc.errors import UsageError
from vn_edoc.testing.pki import ThrowawayPki
from vn_edoc.testing.tokens import timestamp_reply

__all__ = ["Answer", "Fault", "PkiServer", "answer"]

_BODY_BYTES = 64 * 1024
_SOCKET_SECONDS = 10.0
_WORKERS = 16

Fault = Literal["error", "garbage", "empty", "hang", "redirect", "endless"]
"""How a path can be made to misbehave: HTTP 500, nonsense, no body, no answer, a redirect to a private address, a body
without end (16 MiB a second until the reader goes)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service says."""

    status: int
    """HTTP status."""
    media_type: str
    """Content-Type."""
    body: bytes
    """Body."""


_NOT_FOUND = Answer(404, "text/plain", b"not found")
_MALFORMED = Answer(400, "text/plain", b"malformed request")


def answer(pki: ThrowawayPki, method: str, target: str, body: bytes = b"", at: datetime | None = None) -> Answer:
    """What the services of ``pki`` answer to a request for ``target`` (path or address) at the moment ``at``.

    It needs no network, so that a fetcher in a test can call it. Never raises for the content of a request.
    """
    path = unquote(urlsplit(target).path)
    room, _, rest = path.lstrip("/").partition("/")
    if method == "POST" and room == "tsa":
        return _timestamp(pki, rest or "tsa", body, at)
    if method == "POST" and path == "/ocsp":
        return _status(pki, body, at)
    if method == "GET" and room == "ocsp":
        try:
            return _status(pki, base64.b64decode(rest, validate=True), at)
        except binascii.Error:
            return _MALFORMED
    name, _, kind = rest.rpartition(".")
    if method == "GET" and name in pki.names():
        if room == "crl" and kind == "crl" and pki.profile(name).ca:
            return Answer(200, "application/pkix-crl", pki.crl(name, at))
        if room == "crt" and kind == "cer":
            return Answer(200, "application/pkix-cert", pki[name].der)
    return _NOT_FOUND


def _timestamp(pki: ThrowawayPki, tsa: str, body: bytes, at: datetime | None) -> Answer:
    if tsa not in pki.names():
        return _NOT_FOUND
    try:
        query = tsp.TimeStampReq.load(body, strict=True)
        imprint = query["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        digest, nonce, certificates = imprint["hashed_message"].native, query["nonce"].native, query["cert_req"].native
        if hashlib.new(algorithm, usedforsecurity=False).digest_size != len(digest):
            raise ValueError("digest of the wrong length")
    except (ValueError, TypeError, KeyError):
        return Answer(200, "application/timestamp-reply", timestamp_reply(None))
    token = pki.timestamp(digest, at, algorithm=algorithm, tsa=tsa, nonce=nonce, certificates=bool(certificates))
    return Answer(200, "application/timestamp-reply", timestamp_reply(token))


def _status(pki: ThrowawayPki, body: bytes, at: datetime | None) -> Answer:
    try:
        request = ocsp.OCSPRequest.load(body, strict=True)
        wanted = request["tbs_request"]["request_list"][0]["req_cert"]
        serial, algorithm = wanted["serial_number"].native, wanted["hash_algorithm"]["algorithm"].native
        nonce = request.nonce_value.native if request.nonce_value is not None else None
    except (ValueError, TypeError, KeyError, IndexError):
        return Answer(
            200, "application/ocsp-response", ocsp.OCSPResponse({"response_status": "malformed_request"}).dump()
        )
    name = pki.holder(serial)
    if name is None:
        return Answer(200, "application/ocsp-response", ocsp.OCSPResponse({"response_status": "unauthorized"}).dump())
    response = pki.ocsp(name, at, nonce=nonce, algorithm=algorithm)
    return Answer(200, "application/ocsp-response", response)


class PkiServer:
    """A loopback HTTP server with a throwaway PKI whose certificates point to it; use it as a context manager.

    ``PkiServer(seed=b"…", now=…)`` makes the PKI itself (the options are those of :class:`ThrowawayPki`). It listens on
    127.0.0.1 only, on a free port, answers at most 16 requests at a time, and stops after ``lifetime`` seconds
    even if nobody stops it.
    """

    def __init__(self, *, lifetime: float = 1800.0, **options: Any) -> None:
        if "base_url" in options:
            raise UsageError("the server sets base_url itself", "máy chủ tự đặt base_url", field="base_url")
        self.counts: Counter[str] = Counter()
        """Requests by path."""
        self.faults: dict[str, Fault] = {}
        """Paths that misbehave, and how."""
        self._http = _BoundedServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        """Address without a slash at the end."""
        self.pki = ThrowawayPki(base_url=self.url, **options)
        """The PKI that is served."""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._timer = threading.Timer(lifetime, self.stop)
        self._timer.daemon = True

    def start(self) -> PkiServer:
        """Begin to answer."""
        self._thread.start()
        self._timer.start()
        return self

    def stop(self) -> None:
        """End at once; a second call does nothing."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        self._timer.cancel()
        if self._thread.is_alive():
            self._http.shutdown()
        self._http.server_close()

    @property
    def stopped(self) -> threading.Event:
        """Set once the server has been told to stop."""
        return self._stopped

    def __enter__(self) -> PkiServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class _BoundedServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._workers = threading.BoundedSemaphore(_WORKERS)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._workers.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._workers.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up early is no news."""


def _handler(server: PkiServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _SOCKET_SECONDS

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            self._serve("GET", b"")

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > _BODY_BYTES:
                self.close_connection = True
                self._send(Answer(413, "text/plain", b"request too large"))
                return
            self._serve("POST", self.rfile.read(int(length)))

        def _serve(self, method: str, body: bytes) -> None:
            path = urlsplit(self.path).path
            server.counts[path] += 1
            fault = server.faults.get(path)
            if fault is None:
                self._send(answer(server.pki, method, self.path, body))
            else:
                _MISBEHAVIOUR[fault](self, server)

        def _send(self, reply: Answer) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.media_type)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

    return Handler


def _plain(status: int, body: bytes) -> Callable[[Any, PkiServer], None]:
    def misbehave(handler: Any, server: PkiServer) -> None:
        handler._send(Answer(status, "application/octet-stream", body))

    return misbehave


def _hang(handler: Any, server: PkiServer) -> None:
    server.stopped.wait(_SOCKET_SECONDS * 6)
    handler.close_connection = True


def _redirect(handler: Any, server: PkiServer) -> None:
    handler.send_response(302)
    handler.send_header("Location", "http://169.254.169.254/latest/meta-data/")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def _endless(handler: Any, server: PkiServer) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/octet-stream")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    while not server.stopped.wait(1 / 16):
        handler.wfile.write(bytes(1024 * 1024))


_MISBEHAVIOUR: dict[Fault, Callable[[Any, PkiServer], None]] = {
    "error": _plain(500, b"out of order"),
    "garbage": _plain(200, b"\x30\x80 this is no DER" * 8),
    "empty": _plain(200, b""),
    "hang": _hang,
    "redirect": _redirect,
    "endless": _endless,
}
