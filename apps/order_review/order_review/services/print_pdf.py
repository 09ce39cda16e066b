"""PDFs of our print formats by WeasyPrint, from the page a print format marks."""

from __future__ import annotations

import io
from typing import Any

from order_review.prints import render_pdf

GENERATOR = "weasyprint"
"""Name of the generator in our print formats."""

_BEGIN, _END = "<!--order-review-page-->", "<!--/order-review-page-->"


def marked(page: str) -> str:
	"""A whole HTML page, marked so that ``pdf_generator`` finds it in Frappe's print page."""
	return f"{_BEGIN}{page}{_END}"


def pdf_generator(
	print_format: str | None = None,
	html: str = "",
	options: dict[str, Any] | None = None,
	output: Any = None,
	pdf_generator: str | None = None,
) -> Any:
	"""Frappe's hook: the PDF of a marked page; None where the page or the generator is not ours.

	Args:
		output: a pypdf writer the pages are added to, when several documents go into one file.
	"""
	if pdf_generator != GENERATOR or _BEGIN not in html:
		return None
	page = html.split(_BEGIN, 1)[1].split(_END, 1)[0]
	pdf = render_pdf(page)
	if output is None:
		return pdf
	from pypdf import PdfReader

	output.append_pages_from_reader(PdfReader(io.BytesIO(pdf)))
	return output
