"""Signatures over edXML packets: the seal, the header form, and their verification."""
