"""Inputs made to deceive or to exhaust the verifier."""
