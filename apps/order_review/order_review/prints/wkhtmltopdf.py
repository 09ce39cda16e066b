"""The command ``wkhtmltopdf`` as Frappe calls it, laid out by WeasyPrint.

wkhtmltopdf is no longer maintained, and newer Debian has no package of it; Frappe 15 makes every PDF of a print format,
a report or a mail by that command. Where none is installed, ``tools/bin/wkhtmltopdf`` stands in for it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from .host_page import Sheet, page_pdf

_SIDES = ("top", "right", "bottom", "left")


def main(arguments: Sequence[str] | None = None) -> int:
	"""Read the page from standard input or a file, and write its PDF."""
	given = list(sys.argv[1:] if arguments is None else arguments)
	if "--version" in given or "-V" in given:
		# Frappe reads the number, and warns where the word "qt" is missing.
		print(f"wkhtmltopdf 0.12.6 (without qt: laid out by WeasyPrint {version('weasyprint')})")
		return 0
	if len(given) < 2:
		print("Error: name the page and the PDF, or - for each", file=sys.stderr)
		return 1
	*rest, source, target = given
	pdf = page_pdf(_read(source), sheet(options(rest)), Path.cwd())
	if target == "-":
		sys.stdout.buffer.write(pdf)
	else:
		Path(target).write_bytes(pdf)
	return 0


def options(arguments: Sequence[str]) -> dict[str, str]:
	"""``--name value …`` as a table; a switch without a value is an empty text."""
	found: dict[str, str] = {}
	name = ""
	for argument in arguments:
		if argument.startswith("--"):
			name = argument[2:]
			found[name] = ""
		elif name:
			found[name] = f"{found[name]} {argument}".strip()
	return found


def sheet(given: dict[str, str]) -> Sheet:
	"""Paper, margins, head and foot of wkhtmltopdf's options."""
	width, height = given.get("page-width"), given.get("page-height")
	size = f"{_length(width)} {_length(height)}" if width and height else given.get("page-size") or "A4"
	return Sheet(
		size=size,
		landscape=given.get("orientation", "").lower() == "landscape",
		margins={side: _length(given[f"margin-{side}"]) for side in _SIDES if given.get(f"margin-{side}")},
		head=_part(given.get("header-html")),
		foot=_part(given.get("footer-html")),
	)


def _length(value: str) -> str:
	"""A length; wkhtmltopdf counts bare numbers as millimetres."""
	return f"{value}mm" if value.replace(".", "", 1).isdigit() else value


def _part(file: str | None) -> str:
	return Path(file).read_text(encoding="utf-8") if file else ""


def _read(source: str) -> str:
	return sys.stdin.buffer.read().decode() if source == "-" else Path(source).read_text(encoding="utf-8")


if __name__ == "__main__":
	sys.exit(main())
