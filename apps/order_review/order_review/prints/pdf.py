"""HTML to PDF by WeasyPrint: nothing is fetched, nothing depends on the clock."""

from __future__ import annotations

import hashlib
import logging
from functools import cache
from typing import Any, NoReturn

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

logging.getLogger("fontTools").setLevel(logging.ERROR)


def written(html: str) -> bytes:
	"""The bytes of the PDF; its identifier is the hash of the page, so equal pages give equal files."""
	identifier = hashlib.sha256(html.encode()).digest()[:16]
	document = HTML(string=html, url_fetcher=_refuse)
	return bytes(document.write_pdf(font_config=_fonts(), pdf_identifier=identifier) or b"")


@cache
def _fonts() -> FontConfiguration:
	return FontConfiguration()


def _refuse(url: str, *_args: Any, **_options: Any) -> NoReturn:
	"""A print shows only what stands in it: no file, no address is opened."""
	raise ValueError(f"not fetched: {url[:80]}")
