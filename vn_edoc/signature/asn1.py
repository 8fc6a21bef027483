"""asn1crypto made ready for threads.

Its classes finish their own definition when the first object of each is made, by filling shared lists in place: two
threads that do so at once leave a class with every field twice, for good. Making one object of each class while this
module is imported, which happens under a lock, leaves nothing to race for.
"""

from __future__ import annotations

from asn1crypto import algos, cms, core, crl, keys, ocsp, tsp, x509

__all__: list[str] = []


def _finish_classes() -> None:
    for module in (core, algos, keys, x509, cms, crl, ocsp, tsp):
        for kind in list(vars(module).values()):
            if isinstance(kind, type) and issubclass(kind, core.Asn1Value) and kind is not core.Choice:
                kind()


_finish_classes()
