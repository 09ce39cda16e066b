"""QR codes as inline SVG, black on white."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_svg(text: str) -> Markup:
	"""A QR code of ``text`` (up to about 300 signs) that survives a fax."""
	code = segno.make(text, error="m", micro=False)
	return Markup(code.svg_inline(border=2, omitsize=True, dark="#000", light="#fff"))
