"""Arguments and options that commands about packets share; declaring them imports nothing of packets."""

from __future__ import annotations

import click

from vn_edoc.cli.output import FILE

__all__ = ["attachments_option", "dialect_option", "output_option", "packet_argument", "style_option"]

packet_argument = click.argument("packet", type=FILE)
attachments_option = click.option(
    "--attachments",
    type=FILE,
    help="Tệp đính kèm thứ hai của phương ngữ SOAP. / The second file of the SOAP dialects.",
)
output_option = click.option("-o", "--output", type=FILE, required=True, help="Tệp kết quả. / File to write.")
dialect_option = click.option(
    "--dialect",
    type=click.Choice(["vxp", "soap-2803"]),
    default="vxp",
    show_default=True,
    help="Phương ngữ ghi ra. / Dialect to write.",
)
style_option = click.option(
    "--style", type=click.Choice(["java", "dotnet"]), default="java", show_default=True, help="Kiểu SDK. / SDK style."
)
