"""Renderers of the report, each from the report alone."""
