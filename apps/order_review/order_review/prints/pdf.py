"""HTML to PDF by WeasyPrint: nothing is fetched, nothing depends on the clock."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
from functools import cache
from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

_PICTURES = {f"data:image/{kind};base64": f"image/{kind}" for kind in ("png", "jpeg", "gif", "webp")}

logging.getLogger("fontTools").setLevel(logging.ERROR)


def written(html: str) -> bytes:
	"""The bytes of the PDF; its identifier is the hash of the page, so equal pages give equal files."""
	identifier = hashlib.sha256(html.encode()).digest()[:16]
	document = HTML(string=html, url_fetcher=_embedded)
	return bytes(document.write_pdf(font_config=_fonts(), pdf_identifier=identifier) or b"")


@cache
def _fonts() -> FontConfiguration:
	return FontConfiguration()


def _embedded(url: str, *_args: Any, **_options: Any) -> dict[str, Any]:
	"""A print shows only what stands in it: a picture within the page; no file, no address is opened."""
	head, _comma, data = url.partition(",")
	if head not in _PICTURES:
		raise ValueError(f"not fetched: {url[:80]}")
	try:
		return {"string": base64.b64decode(data, validate=True), "mime_type": _PICTURES[head]}
	except binascii.Error as error:
		raise ValueError(f"not a picture: {url[:80]}") from error
