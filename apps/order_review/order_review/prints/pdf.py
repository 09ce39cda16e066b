"""HTML to PDF by WeasyPrint: nothing is fetched, nothing depends on the clock."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

_PICTURES = {f"data:image/{kind};base64": f"image/{kind}" for kind in ("png", "jpeg", "gif", "webp")}

_CODE_POINT = re.compile(r"\(U\+([0-9A-F]{4,6})\)")
_MOST_NAMED = 12
"""Characters that are named; more say no more."""

logging.getLogger("fontTools").setLevel(logging.ERROR)


def written(html: str) -> bytes:
	"""The bytes of the PDF; its identifier is the hash of the page, so equal pages give equal files."""
	content, missing = _rendered(html)
	return _rendered(_told(html, missing))[0] if missing else content


def _rendered(html: str) -> tuple[bytes, frozenset[str]]:
	"""The PDF, and the characters no font of this machine has: they would be boxes."""
	identifier = hashlib.sha256(html.encode()).digest()[:16]
	document = HTML(string=html, url_fetcher=embedded)
	with _listening() as missing:
		content = bytes(document.write_pdf(font_config=_fonts(), pdf_identifier=identifier) or b"")
	return content, frozenset(missing)


class _Missing(logging.Handler):
	"""Hears what WeasyPrint says of a character without a glyph."""

	def __init__(self) -> None:
		super().__init__()
		self.found: set[str] = set()

	def emit(self, record: logging.LogRecord) -> None:
		for code in _CODE_POINT.findall(record.getMessage()) if ".notdef" in str(record.msg) else ():
			self.found.add(chr(int(code, 16)))


@contextmanager
def _listening() -> Iterator[set[str]]:
	handler, logger = _Missing(), logging.getLogger("weasyprint")
	logger.addHandler(handler)
	try:
		yield handler.found
	finally:
		logger.removeHandler(handler)


def _told(html: str, missing: frozenset[str]) -> str:
	"""The page with a mark for each run of such characters, and a line at its top that names them."""
	marked = re.sub(f"[{re.escape(''.join(sorted(missing)))}]+", "[?]", html)
	codes = ", ".join(f"U+{ord(character):04X}" for character in sorted(missing)[:_MOST_NAMED])
	note = (
		'<p style="border: 1px solid; padding: 2pt 4pt; font-size: 8pt">'
		f"本机缺少这些字符的字体,以 [?] 代替 · No font here has these characters, shown as [?]: {codes}</p>"
	)
	return re.sub(r"(<body[^>]*>)", lambda match: match[1] + note, marked, count=1)


@cache
def _fonts() -> FontConfiguration:
	return FontConfiguration()


def embedded(url: str, *_args: Any, **_options: Any) -> dict[str, Any]:
	"""A print shows only what stands in it: a picture within the page; no file, no address is opened."""
	head, _comma, data = url.partition(",")
	if head not in _PICTURES:
		raise ValueError(f"not fetched: {url[:80]}")
	try:
		return {"string": base64.b64decode(data, validate=True), "mime_type": _PICTURES[head]}
	except binascii.Error as error:
		raise ValueError(f"not a picture: {url[:80]}") from error
