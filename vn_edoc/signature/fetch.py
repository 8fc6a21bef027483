"""The one place from which the network is reached, bounded: :class:`Fetcher`.

The addresses in a certificate come from a file that anybody may have made. So: only hosts on the allow-list, only http
and https on their usual ports, no private, loopback or link-local address (checked on the address that is connected
to), no redirect, a cap on size and time, and a cache. ``fetcher=None`` everywhere means no network at all.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from threading import Lock
from typing import Any, Protocol
from urllib.parse import urlsplit

from vn_edoc.errors import LimitExceeded, TransportError, UsageError
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.certificates import split_certificates
from vn_edoc.signature.evidence import Evidence

__all__ = ["OFFICIAL_HOSTS", "Fetcher", "HttpFetcher", "MemoryFetcher"]

OFFICIAL_HOSTS = (
    "ca.gov.vn",
    "pub.ca.gov.vn",
    "ocsp.ca.gov.vn",
    "tsa.ca.gov.vn",
    "rootca.gov.vn",
    "ocsp.vnpt-ca.vn",
    "ocsp-sha256.vnpt-ca.vn",
    "ocsp.viettel-ca.vn",
    "ocsp.bkavca.vn",
    "ocsp.newca.vn",
    "ocsp.safecert.com.vn",
    "ocsp.smartsign.com.vn",
    "ocsp.fis.com.vn",
    "ocsp.efyca.vn",
)
"""Hosts of Vietnamese certification authorities seen in certificates and documents; not verified as complete."""

_ALIASES = {"ocsp.ca.ptc": "ocsp.ca.gov.vn"}


class Fetcher(Protocol):
    """What verification and signing need of a network. Implementations are thread-safe and never raise for content."""

    def get(self, url: str) -> bytes:
        """Body of a GET; ``TransportError`` or ``LimitExceeded``."""
        ...

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        """Body of the answer to a POST; ``TransportError`` or ``LimitExceeded``."""
        ...

    def issuers(self, certificate: Any, *, limit: int) -> list[bytes]:
        """Issuer certificates by the AIA extension, level by level up to ``limit``; empty where none is reached."""
        ...

    def revocation(self, certificate: Any, issuer: Any, *, at: datetime) -> Evidence:
        """OCSP response and CRL for a certificate, as far as they can be had."""
        ...


class _Pki:
    """AIA, OCSP and CRL over ``get`` and ``post``."""

    def get(self, url: str) -> bytes:
        raise NotImplementedError

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        raise NotImplementedError

    def issuers(self, certificate: Any, *, limit: int) -> list[bytes]:
        """See :meth:`Fetcher.issuers`."""
        from vn_edoc.signature.certificates import parse_certificate

        found: list[bytes] = []
        current = certificate
        for _ in range(limit):
            batch: list[bytes] = []
            for url in _aia(current, "ca_issuers")[:2]:
                try:
                    batch = split_certificates(self.get(url))
                    break
                except (TransportError, LimitExceeded, ValueError):
                    continue
            matching = [d for d in batch if parse_certificate(d).subject.hashable == current.issuer.hashable]
            found += [d for d in batch if d not in found]
            if not matching or parse_certificate(matching[0]).issuer.hashable == current.issuer.hashable:
                break
            current = parse_certificate(matching[0])
        return found

    def revocation(self, certificate: Any, issuer: Any, *, at: datetime) -> Evidence:
        """See :meth:`Fetcher.revocation`. OCSP first; a CRL as well where OCSP gave nothing."""
        found = Evidence()
        for url in _aia(certificate, "ocsp")[:2]:
            try:
                answer = self.post(url, _ocsp_request(certificate, issuer), "application/ocsp-request")
                found = found | Evidence.of([answer])
                break
            except Exception as error:
                if not _expected(error):
                    raise
        if found:
            return found
        for url in _crl_urls(certificate)[:2]:
            try:
                return found | Evidence.of([self.get(url)])
            except Exception as error:
                if not _expected(error):
                    raise
        return found


def _expected(error: Exception) -> bool:
    from vn_edoc.errors import Unreadable

    return isinstance(error, TransportError | LimitExceeded | Unreadable)


def _aia(certificate: Any, method: str) -> list[str]:
    urls: list[str] = []
    try:
        access = certificate.authority_information_access_value
        urls += [
            str(entry["access_location"].native)
            for entry in access or ()
            if entry["access_method"].native == method and entry["access_location"].name.startswith("uniform")
        ]
    except (ValueError, TypeError, KeyError, AttributeError):
        return urls
    return urls


def _crl_urls(certificate: Any) -> list[str]:
    urls: list[str] = []
    try:
        for point in certificate.crl_distribution_points_value or ():
            name = point["distribution_point"]
            if name.name != "full_name":
                continue
            urls += [str(n.native) for n in name.chosen if n.name == "uniform_resource_identifier"]
    except (ValueError, TypeError, KeyError, AttributeError):
        return urls
    return urls


def _ocsp_request(certificate: Any, issuer: Any) -> bytes:
    from asn1crypto import algos, core, ocsp

    identifier = ocsp.CertId(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha1"}),
            "issuer_name_hash": core.OctetString(certificate.issuer.sha1),
            "issuer_key_hash": core.OctetString(issuer.public_key.sha1),
            "serial_number": certificate.serial_number,
        }
    )
    request = ocsp.TBSRequest({"request_list": ocsp.Requests([ocsp.Request({"req_cert": identifier})])})
    return bytes(ocsp.OCSPRequest({"tbs_request": request}).dump())


class HttpFetcher(_Pki):
    """The real network under the bounds given in the module's text."""

    def __init__(
        self,
        allow: Iterable[str] = OFFICIAL_HOSTS,
        *,
        limits: Limits = DEFAULT_LIMITS,
        cache_seconds: float = 3600.0,
        private_hosts: Iterable[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``allow``: host names that may be asked. ``private_hosts``: of those, the ones that may have a private
        address (an office's own OCSP or TSA server), optionally as ``host:port``."""
        self._allow = {h.casefold() for h in allow}
        self._private = {h.casefold() for h in private_hosts}
        self._limits = limits
        self._cache_seconds = cache_seconds
        self._clock = clock
        self._cache: dict[tuple[str, str, bytes], tuple[float, bytes]] = {}
        self._lock = Lock()

    def get(self, url: str) -> bytes:
        """See :meth:`Fetcher.get`."""
        return self._ask("GET", url, b"", "")

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        """See :meth:`Fetcher.post`."""
        return self._ask("POST", url, body, content_type)

    def _ask(self, method: str, url: str, body: bytes, content_type: str) -> bytes:
        key = (method, url, body)
        now = self._clock()
        # A time-stamp answer must be new each time; its request carries a nonce, so it never hits the cache.
        with self._lock:
            hit = self._cache.get(key)
            if hit is not None and now - hit[0] < self._cache_seconds:
                return hit[1]
        answer = self._request(method, url, body, content_type)
        if content_type != "application/timestamp-query":
            with self._lock:
                if len(self._cache) > 256:
                    self._cache.clear()
                self._cache[key] = (now, answer)
        return answer

    def _target(self, url: str) -> tuple[str, str, int, str]:
        try:
            parts = urlsplit(url)
            host = _ALIASES.get((parts.hostname or "").casefold(), (parts.hostname or "").casefold())
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise TransportError(f"not an address: {url!r}", f"địa chỉ sai: {url!r}", field="url") from error
        named = f"{host}:{port}"
        if parts.scheme not in ("http", "https") or parts.username is not None or not host:
            raise TransportError(
                f"only plain http and https addresses are fetched, not {url!r}",
                f"chỉ tải địa chỉ http và https thường, không tải {url!r}",
                field="url",
                value=url,
            )
        if host not in self._allow and named not in self._allow:
            raise TransportError(
                f"host {host!r} is not on the allow-list", f"máy chủ {host!r} không có trong danh sách cho phép",
                field="url", value=url,
            )  # fmt: skip
        if port not in (80, 443) and named not in self._private and named not in self._allow:
            raise TransportError(f"port {port} is not allowed", f"cổng {port} không được phép", field="url", value=url)
        path = parts.path or "/"
        return parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise TransportError(
                f"host {host!r} cannot be found: {error}", f"không tìm thấy máy chủ {host!r}: {error}", field="url"
            ) from error
        allowed: list[str] = []
        for *_, address in found:
            ip = ipaddress.ip_address(str(address[0]).partition("%")[0])
            mapped = getattr(ip, "ipv4_mapped", None)
            public = (mapped or ip).is_global and not (mapped or ip).is_multicast
            if public or host in self._private or f"{host}:{port}" in self._private:
                allowed.append(str(address[0]))
        if not allowed:
            raise TransportError(
                f"host {host!r} has a private address, which is not fetched",
                f"máy chủ {host!r} có địa chỉ nội bộ nên không tải",
                field="url",
            )
        return allowed

    def _request(self, method: str, url: str, body: bytes, content_type: str) -> bytes:
        scheme, host, port, path = self._target(url)
        deadline = self._clock() + self._limits.fetch_seconds
        failure: Exception | None = None
        for address in self._addresses(host, port)[:2]:
            try:
                return self._exchange(scheme, host, port, address, method, path, body, content_type, deadline)
            except (OSError, http.client.HTTPException, ssl.SSLError) as error:
                failure = error
        raise TransportError(
            f"{host} did not answer: {failure}", f"{host} không trả lời: {failure}", field="url", value=url
        ) from failure

    def _exchange(
        self, scheme: str, host: str, port: int, address: str, method: str, path: str, body: bytes, kind: str,
        deadline: float,
    ) -> bytes:  # fmt: skip
        timeout = max(0.1, deadline - self._clock())
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
        raw = socket.create_connection((address, port), timeout=timeout)
        try:
            connection.sock = (
                ssl.create_default_context().wrap_socket(raw, server_hostname=host) if scheme == "https" else raw
            )
            headers = {"User-Agent": "vn-edoc", "Accept-Encoding": "identity", "Connection": "close"}
            if kind:
                headers["Content-Type"] = kind
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            if answer.status != 200:
                raise TransportError(
                    f"{host} answered with status {answer.status}", f"{host} trả lời mã {answer.status}",
                    field="url", value=answer.status,
                )  # fmt: skip
            data = bytearray()
            while chunk := answer.read1(65536):
                data += chunk
                if len(data) > self._limits.fetch_bytes:
                    raise LimitExceeded(
                        f"{host} answered with more than {self._limits.fetch_bytes} bytes",
                        f"{host} trả về quá {self._limits.fetch_bytes} byte",
                        field="fetch_bytes",
                        value=len(data),
                    )
                if self._clock() > deadline:
                    raise TimeoutError("the answer took too long")
            return bytes(data)
        finally:
            connection.close()
            raw.close()


class MemoryFetcher(_Pki):
    """Answers from a table, for tests and for offline mirrors: ``{url: bytes or function of the request body}``."""

    def __init__(self, answers: dict[str, bytes | Callable[[bytes], bytes]]) -> None:
        self._answers = answers
        self.asked: list[str] = []
        """Addresses asked for, in order."""

    def get(self, url: str) -> bytes:
        """See :meth:`Fetcher.get`."""
        return self._answer(url, b"")

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        """See :meth:`Fetcher.post`."""
        return self._answer(url, body)

    def _answer(self, url: str, body: bytes) -> bytes:
        self.asked.append(url)
        found = self._answers.get(url)
        if found is None:
            raise TransportError(f"nothing is stored for {url}", f"không có dữ liệu cho {url}", field="url", value=url)
        if isinstance(found, bytes):
            return found
        if not callable(found):
            raise UsageError("answers are bytes or functions", "dữ liệu trả lời phải là byte hoặc hàm", field="answers")
        return found(body)
