"""Printed sheets: Jinja templates and CSS to HTML and PDF, the same for command line and site.

A template gets a plain context (see ``review_sheet``) and the language; every text is escaped.
PDFs carry no time of making: the same context gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from .. import wording
from ..engine.errors import BadInput
from ..glossary import say
from . import labels

TEMPLATES = Path(__file__).resolve().parent / "templates"


def render_html(template: str, context: Mapping[str, Any], lang: str) -> str:
	"""The HTML of a template of this package, complete with its style sheet.

	Args:
		template: file name below ``prints/templates``, e.g. ``review_sheet.html``.
		context: plain data for the template; texts may hold anything.
		lang: zh or en.
	"""
	words = {code: say(labels.LABELS, code, lang) for code in labels.LABELS}
	html_lang = "zh-CN" if lang == "zh" else "en"
	css = Markup(_style_sheet())  # our own file
	return (
		_environment()
		.get_template(template)
		.render(context, t=words, lang=lang, html_lang=html_lang, css=css)
	)


def template(name: str) -> Template:
	"""A template of this package, for parts of pages."""
	return _environment().get_template(name)


def render_pdf(html: str) -> bytes:
	"""The PDF of a page made by ``render_html``.

	Raises:
		BadInput: the machine lacks the libraries that lay out PDF pages.
	"""
	try:
		from .pdf import written
	except (ImportError, OSError) as error:
		raise BadInput(
			f"PDF pages cannot be laid out on this machine ({error})",
			expected="WeasyPrint with Pango (Debian: libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)",
		) from None
	return written(html)


@cache
def _environment() -> Environment:
	environment = Environment(
		loader=FileSystemLoader(TEMPLATES),
		autoescape=True,
		undefined=StrictUndefined,
		trim_blocks=True,
		lstrip_blocks=True,
	)
	environment.filters.update(
		amount=wording.amount, signed=wording.signed, percent=wording.percent, short_hash=_short_hash
	)
	return environment


@cache
def _style_sheet() -> str:
	return (TEMPLATES / "print.css").read_text(encoding="utf-8")


def _short_hash(value: str) -> str:
	"""The first 16 signs of a hash in groups of four, as people compare them."""
	return " ".join(value[start : start + 4] for start in range(0, 16, 4)).upper()
