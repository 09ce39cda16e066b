"""Marks around our own page, so that it is found again inside the page Frappe makes around every print."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_END = "<!--/order-review-page-->"
_BEGIN = re.compile(r"<!--order-review-page ([\w-]*)-->")
_LANG = re.compile(r"<html[^>]*\blang=\"?([\w-]+)")


def marked(page: str) -> str:
	"""A whole HTML page between marks; the first one names its language."""
	found = _LANG.search(page)
	return f"<!--order-review-page {found[1] if found else ''}-->{page}{_END}<style>{_in_frappe()}</style>"


@cache
def _in_frappe() -> str:
	"""What keeps the page's own measures when a browser shows it inside Frappe's page."""
	return (Path(__file__).parent / "templates" / "in_frappe.css").read_text(encoding="utf-8")


def page_in(html: str) -> str | None:
	"""The page between the marks, None where there is none.

	Frappe parses a page before it has it laid out, and a page within a page loses its ``html`` and ``body`` then:
	the language stands in the mark for this reason.
	"""
	found = _BEGIN.search(html)
	if found is None:
		return None
	page = html[found.end() :].split(_END, 1)[0]
	if "<html" in page:
		return page
	return f'<!DOCTYPE html><html lang="{found[1]}"><body>{page}</body></html>'
