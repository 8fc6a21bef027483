"""Bounded XML parsing, byte ranges and canonicalisation. Knows no signatures and no packets."""
