"""The one place that imports pyHanko and pyhanko-certvalidator (pinned to a tested minor).

Everything foreign ends here: exceptions become our own types, log records are kept from the host's handlers, and
coroutines that never wait are run without an event loop, so that callers may be inside one.
"""
