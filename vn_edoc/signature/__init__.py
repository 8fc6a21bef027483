"""Signatures: keys, trust, evidence, time stamps; PDF, CMS, XML and packets."""
