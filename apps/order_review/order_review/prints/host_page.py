"""Any print page of Frappe to PDF by WeasyPrint: size, margins, running head and foot as wkhtmltopdf takes them.

Nothing is fetched: style sheets, fonts and pictures come from the site's own ``/assets`` and ``/files`` on disk,
private pictures stand in the page already.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from weasyprint import CSS, HTML

from .marks import page_in
from .pdf import embedded, written

_GAP_MM = 5
_MM_PER_PX = 25.4 / 96
_WRAPPER = re.compile(r'<div class="wrapper">(.*)</div>\s*</div>\s*</body>', re.DOTALL)
_NUMBERS = """
	.page::after { content: counter(page) } .topage::after { content: counter(pages) }
	.frompage::after { content: "1" }
"""


@dataclass(frozen=True)
class Sheet:
	"""Paper and what runs along on every page; lengths with their unit."""

	size: str = "A4"
	landscape: bool = False
	margins: Mapping[str, str] = field(default_factory=dict)
	head: str = ""
	foot: str = ""


def page_pdf(html: str, sheet: Sheet, sites: Path) -> bytes:
	"""The PDF of a page; a page of ours within it is laid out as our own.

	Args:
		sites: folder with the sites and their common ``assets``.
	"""
	ours = page_in(html)
	if ours is not None:
		return written(ours)
	fetch = partial(on_disk, sites)
	head, foot = _wrapped(sheet.head), _wrapped(sheet.foot)
	margins = dict(sheet.margins)
	for side, part in (("top", sheet.head), ("bottom", sheet.foot)):
		if part and side not in margins:
			margins[side] = f"{_height(part, sheet, fetch) + _GAP_MM:.1f}mm"
	running = _running("head", head) + _running("foot", foot)
	page = HTML(
		string=re.sub(r"(<body[^>]*>)", lambda tag: tag[1] + running, html, count=1), url_fetcher=fetch
	)
	styles = CSS(string=_page_rule(sheet, margins, head=bool(head), foot=bool(foot)) + _NUMBERS)
	return bytes(page.write_pdf(stylesheets=[styles]) or b"")


def _wrapped(part: str) -> str:
	"""The content of a running head or foot, out of the page Frappe writes for it."""
	found = _WRAPPER.search(part)
	return found[1] if found else part


def _running(name: str, content: str) -> str:
	return f'<div class="print-format" style="position: running({name})">{content}</div>' if content else ""


def _page_rule(sheet: Sheet, margins: Mapping[str, str], *, head: bool = False, foot: bool = False) -> str:
	sides = "".join(f"margin-{side}: {length};" for side, length in margins.items())
	boxes = "@top-left { content: element(head); width: 100%; vertical-align: bottom }" if head else ""
	boxes += "@bottom-left { content: element(foot); width: 100%; vertical-align: top }" if foot else ""
	turned = " landscape" if sheet.landscape else ""
	return f"@page {{ size: {sheet.size}{turned}; margin: 15mm; {sides} {boxes} }}"


def _height(part: str, sheet: Sheet, fetch: Any) -> float:
	"""Millimetres a running head or foot takes at the width of the page."""
	sides = {side: length for side, length in sheet.margins.items() if side in ("left", "right")}
	rule = (
		_page_rule(sheet, sides) + "@page { margin-top: 0; margin-bottom: 0 } body { padding: 0 !important }"
	)
	page = HTML(string=part, url_fetcher=fetch).render(stylesheets=[CSS(string=rule)]).pages[0]
	body = page._page_box.children[0].children[0]  # html, body: as Frappe's own print builder measures
	return float(body.height) * _MM_PER_PX


def on_disk(sites: Path, url: str, *_args: Any, **_options: Any) -> dict[str, Any]:
	"""What a page names of the site's own public files; nothing else is opened."""
	if url.startswith("data:"):
		return embedded(url)
	parts = urlsplit(url)
	path = unquote(parts.path)
	file = _public_file(sites, parts.hostname or "", path)
	if parts.scheme not in ("http", "https") or file is None or not file.is_file():
		raise ValueError(f"not fetched: {url[:80]}")
	kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
	return {"string": file.read_bytes(), "mime_type": kind}


def _public_file(sites: Path, host: str, path: str) -> Path | None:
	if ".." in Path(path).parts or ".." in host:
		return None
	if path.startswith("/assets/"):
		return sites / path.lstrip("/")
	if path.startswith("/files/") and host:
		return sites / host / "public" / path.lstrip("/")
	return None
