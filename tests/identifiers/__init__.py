"""Tests of vn_edoc.identifiers."""
