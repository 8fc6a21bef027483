"""edXML packets: model, dialects, reader, writer, attachments, checks."""
