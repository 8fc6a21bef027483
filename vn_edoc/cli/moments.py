"""Days as the user writes them."""

from __future__ import annotations

from datetime import date

import click

__all__ = ["parse_day"]


def parse_day(text: str, field: str) -> date:
    """A day as ISO writes it; a click error for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r}: YYYY-MM-DD", param_hint=field) from None
