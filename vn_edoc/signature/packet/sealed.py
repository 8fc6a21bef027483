"""What a seal says of a packet, compared with the packet as it is read."""

from __future__ import annotations

from vn_edoc._unicode import composed
from vn_edoc.envelope.attachments import Attachment
from vn_edoc.envelope.model import DocumentMessage
from vn_edoc.envelope.packet import Packet
from vn_edoc.envelope.structure import locate
from vn_edoc.findings import Finding, Location
from vn_edoc.limits import Limits
from vn_edoc.signature.packet.beside import (
    Additions,
    doubtful,
    found_by_some,
    real_signatures,
    said_to_be_nothing,
    split_values,
)
from vn_edoc.signature.packet.seal import is_seal_name, misnamed, name_of
from vn_edoc.signature.packet.values import compare, parse, values_of
from vn_edoc.signature.result import Changes
from vn_edoc.signature.xml.core import CoreSignature
from vn_edoc.signature.xml.place import path_of, unknown_content
from vn_edoc.signature.xml.problems import Refusal, finding
from vn_edoc.signature.xml.properties import Properties
from vn_edoc.signature.xml.structure import elements, read_octets

__all__ = ["compare_with_seal"]

_SHOWN = 20


def compare_with_seal(
    packet: Packet,
    core: CoreSignature,
    properties: Properties | None,
    files: dict[str, list[Attachment]],
    seals: list[Attachment],
    seal: Attachment,
    limits: Limits,
) -> tuple[Changes, bool, list[Finding]]:
    """Compare the packet as it is read with what the seal says it was."""
    findings: list[Finding] = []
    holders = [
        checked
        for checked in core.references
        if checked.ok and checked.target is not None and checked.target.element in core.parts.objects
    ]
    if len(holders) != 1 or holders[0].octets is None:
        return Changes.UNKNOWN, False, [finding("xmldsig.nothing_signed")]
    # The values are taken from the verified octets, not from the tree beside them.
    verified = read_octets(holders[0].octets)
    content = list(elements(verified))
    if len(content) != 1:
        raise Refusal("xmldsig.structure", element="Object", expected="Packet")
    kind, sealed = parse(content[0])
    referenced = [name_of(c.reference.uri or "") for c in core.references if c.target is None]
    added = [f"Attachment “{name}”" for name in files if name not in referenced]
    added.extend(f"Attachment “{name}”" for name, named in files.items() if len(named) > 1)
    added.extend(unknown_content(core, properties, [h.target.element for h in holders if h.target is not None]))
    manifest = [composed(entry.name or "") for entry in packet.manifest if not is_seal_name(entry.name)]
    ambiguous = doubtful(packet)
    split = split_values(packet)
    structure = locate(packet.parts.root)
    odd = found_by_some(packet, structure)
    differences = compare(sealed, values_of(packet.message, manifest, odd))
    ambiguous.extend(Location(path=path) for path in differences.moved)
    if structure is not None:
        ambiguous.extend(Location(path=path) for path, _ in structure.doubled)
        ambiguous.extend(Location(path=path_of(element)) for element in said_to_be_nothing(structure.root))
        additions = Additions(structure, real_signatures(structure))
        files_and_names = (*structure.attachments, structure.manifest)
        added.extend(path_of(element) for element in additions.hidden(*files_and_names))
    # A reader that takes names from the manifest and contents by their ids must come to the same files.
    ambiguous.extend(
        Location(attachment=attachment.safe_name) for attachment in packet.attachments if misnamed(attachment)
    )
    unlisted = any(f.rule == "envelope.findings_limit" for f in packet.findings)
    if unlisted or len(packet.attachments) >= limits.attachments:
        # What the reader has left out it cannot have told.
        ambiguous.append(Location(path="/"))
    changed = list(differences.changed)
    if kind != packet.kind:
        changed.append("kind")
    findings.extend(finding("packet.changed", Location(path=name), name=name) for name in changed)
    findings.extend(finding("packet.removed", Location(path=name), name=name) for name in differences.removed)
    findings.extend(finding("packet.added", Location(path=name), name=name) for name in (*differences.added, *added))
    findings.extend(finding("packet.ambiguous", where, name=str(where)) for where in ambiguous[:_SHOWN])
    traces = len(packet.message.trace_headers) - 1 if isinstance(packet.message, DocumentMessage) else 0
    if traces > 0:
        findings.append(finding("packet.trace_added", count=traces))
    if differences.marked:
        findings.append(finding("packet.receiver_added", count=differences.marked))
    findings.extend(
        finding("packet.other_seal", Location(attachment=other.safe_name), name=other.safe_name)
        for other in seals
        if other is not seal
    )
    if changed or differences.removed or ambiguous:
        return Changes.FORBIDDEN, False, findings
    if differences.added or added:
        return Changes.FORBIDDEN, True, findings
    if split:
        return Changes.SUSPICIOUS, True, [*findings, *split]
    return (Changes.ALLOWED if traces > 0 or differences.marked or len(seals) > 1 else Changes.NONE), True, findings
