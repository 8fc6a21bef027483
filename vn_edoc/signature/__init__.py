"""Digital signatures: keys, trust, paths, time-stamps, PDF, CMS and XML.

Names are resolved on first use: pyHanko is imported only when a PDF, CMS or certificate path is touched.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vn_edoc.signature.evidence import Evidence as Evidence
    from vn_edoc.signature.fetch import Fetcher as Fetcher
    from vn_edoc.signature.fetch import HttpFetcher as HttpFetcher
    from vn_edoc.signature.fetch import MemoryFetcher as MemoryFetcher
    from vn_edoc.signature.keys import PemSigner as PemSigner
    from vn_edoc.signature.keys import Pkcs12Signer as Pkcs12Signer
    from vn_edoc.signature.keys import Signer as Signer
    from vn_edoc.signature.path import PathResult as PathResult
    from vn_edoc.signature.path import validate_path as validate_path
    from vn_edoc.signature.policy import AlgorithmPolicy as AlgorithmPolicy
    from vn_edoc.signature.result import Changes as Changes
    from vn_edoc.signature.result import Indication as Indication
    from vn_edoc.signature.result import Level as Level
    from vn_edoc.signature.result import SignatureKind as SignatureKind
    from vn_edoc.signature.result import SignatureResult as SignatureResult
    from vn_edoc.signature.result import SignerIdentity as SignerIdentity
    from vn_edoc.signature.result import SignerKind as SignerKind
    from vn_edoc.signature.result import SubIndication as SubIndication
    from vn_edoc.signature.result import TimestampResult as TimestampResult
    from vn_edoc.signature.result import TrustScheme as TrustScheme
    from vn_edoc.signature.trust import TrustStore as TrustStore

_HOME = {
    "AlgorithmPolicy": "policy",
    "Changes": "result",
    "Evidence": "evidence",
    "Fetcher": "fetch",
    "HttpFetcher": "fetch",
    "Indication": "result",
    "Level": "result",
    "MemoryFetcher": "fetch",
    "PathResult": "path",
    "PemSigner": "keys",
    "Pkcs12Signer": "keys",
    "SignatureKind": "result",
    "SignatureResult": "result",
    "Signer": "keys",
    "SignerIdentity": "result",
    "SignerKind": "result",
    "SubIndication": "result",
    "TimestampResult": "result",
    "TrustScheme": "result",
    "TrustStore": "trust",
    "validate_path": "path",
}

__all__ = [
    "AlgorithmPolicy",
    "Changes",
    "Evidence",
    "Fetcher",
    "HttpFetcher",
    "Indication",
    "Level",
    "MemoryFetcher",
    "PathResult",
    "PemSigner",
    "Pkcs12Signer",
    "SignatureKind",
    "SignatureResult",
    "Signer",
    "SignerIdentity",
    "SignerKind",
    "SubIndication",
    "TimestampResult",
    "TrustScheme",
    "TrustStore",
    "validate_path",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
