"""What test suites import: a throwaway PKI, sample documents and packets, a pytest plugin.

Nothing made here has any legal value; names, codes and texts say so, and no root made here may be trusted outside tests.
"""

from __future__ import annotations

from vn_edoc.testing.pki import Identity, ThrowawayPki
from vn_edoc.testing.profiles import CAST, Profile
from vn_edoc.testing.server import PkiServer, answer

__all__ = ["CAST", "Identity", "PkiServer", "Profile", "ThrowawayPki", "answer"]
