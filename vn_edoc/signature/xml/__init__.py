"""XML signatures: XML Signature and XAdES, read, judged, made and raised."""
