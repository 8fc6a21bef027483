"""What test suites import: a throwaway PKI, sample documents and packets, a pytest plugin.

Nothing made here has any legal value; names, codes and texts say so, and no root made here may be trusted outside a
test.
"""

from __future__ import annotations

from vn_edoc.testing.builder import Sample, SampleBuilder
from vn_edoc.testing.document import Appendix, DocumentSpec, Drawn, draw_attachment, draw_document
from vn_edoc.testing.images import draw_scan, seal_image, signature_image
from vn_edoc.testing.pki import Identity, ThrowawayPki
from vn_edoc.testing.profiles import Profile
from vn_edoc.testing.recipe import Expected, Recipe
from vn_edoc.testing.server import PkiServer, answer

__all__ = [
    "Appendix",
    "DocumentSpec",
    "Drawn",
    "Expected",
    "Identity",
    "PkiServer",
    "Profile",
    "Recipe",
    "Sample",
    "SampleBuilder",
    "ThrowawayPki",
    "answer",
    "draw_attachment",
    "draw_document",
    "draw_scan",
    "seal_image",
    "signature_image",
]
