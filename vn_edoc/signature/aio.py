"""The verbs for async hosts: the work is done in a worker thread, so they may be called inside a running loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from vn_edoc.signature.cms import sign_cms, verify_cms
from vn_edoc.signature.pdf import verify_pdf
from vn_edoc.signature.pdf_sign import sign_pdf

__all__ = ["asign_cms", "asign_pdf", "averify_cms", "averify_pdf"]

P = ParamSpec("P")
R = TypeVar("R")


def _threaded(function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    @wraps(function)
    async def call(*arguments: P.args, **options: P.kwargs) -> R:
        return await asyncio.to_thread(function, *arguments, **options)

    return call


asign_pdf = _threaded(sign_pdf)
asign_cms = _threaded(sign_cms)
averify_pdf = _threaded(verify_pdf)
averify_cms = _threaded(verify_cms)
