"""Requests that make no sense are answered as such: a plain 4xx with a sentence, and never a traceback.

Frappe reads pages, filters and bodies as they come; what is no number or no JSON ends in an error of its database or of
Python, with status 500. What a client sent wrongly is the client's to mend, and no news for the error log's readers.
"""

from __future__ import annotations

import json
import math
from typing import Any

import frappe
from frappe import _

LARGEST_PAGE = 10**9
"""Rows of a list, and where in it a page begins; nobody turns further."""

_PAGES = ("limit", "limit_start", "limit_page_length", "start", "page_length")
_JSON = ("filters", "or_filters", "fields", "doc", "docs")
_LISTS = ("/api/resource/", "/api/v1/resource/", "/api/v2/document/")
_LISTERS = tuple(
	f"/frappe.{name}"
	for name in (
		"client.get_list",
		"client.get_count",
		"desk.reportview.get",
		"desk.reportview.get_list",
		"desk.reportview.get_count",
	)
)
_TALLEST_GOOD, _BROKEN, _STATUS = 400, 500, 400
_TRACES = ("exc", "exception", "_exc_source", "_debug_messages")
_SENT_WRONGLY = frozenset(
	{
		"JSONDecodeError",
		"UnicodeDecodeError",
		"UnicodeEncodeError",
		"DataError",
		"OverflowError",
		"InvalidOperation",
		"RecursionError",
		"OutOfBoundsDatetime",
		"ParserError",
	}
)
"""Errors of libraries about what a request holds: no JSON, no text, too long, too large, no date."""


class BadRequestError(frappe.ValidationError):
	"""A request that cannot be read."""

	http_status_code = _STATUS


def check() -> None:
	"""Raise BadRequestError when a page or a list of fields or filters is none; keep tracebacks from everybody."""
	if not frappe.request:
		return
	if not frappe.conf.developer_mode:
		frappe.local.flags.disable_traceback = True
	if _is_list() and isinstance(frappe.form_dict.get("data"), list):
		_refuse("data")
	for name in _PAGES:
		if frappe.form_dict.get(name) not in (None, "") and not _is_page(frappe.form_dict[name]):
			_refuse(name)
	for name in _JSON:
		if not _is_readable(name, frappe.form_dict.get(name)):
			_refuse(name)


def _is_page(said: Any) -> bool:
	try:
		number = float(said)
	except (TypeError, ValueError):
		return not isinstance(said, list | dict)  # a word is a field of some function, not a page
	return math.isfinite(number) and 0 <= number <= LARGEST_PAGE


def _is_readable(name: str, said: Any) -> bool:
	if name in ("filters", "or_filters", "fields") and isinstance(said, int | float):
		return False
	if not isinstance(said, str) or said.lstrip()[:1] not in ("{", "["):
		return not (
			name in ("filters", "fields") and _is_list() and isinstance(said, str) and said.strip().isdigit()
		)
	try:
		json.loads(said)
	except (ValueError, RecursionError):
		return False
	return True


def _is_list() -> bool:
	return frappe.request.path.startswith(_LISTS) or frappe.request.path.endswith(_LISTERS)


def _refuse(name: str) -> None:
	frappe.throw(
		_("The request cannot be read: {0} makes no sense. Reload the page and try again.").format(name),
		BadRequestError,
	)


def answer(response: Any = None, request: Any = None) -> None:
	"""Answer with a sentence where Frappe's answer says that what was sent could not be read, and without tracebacks."""
	if response is None or response.status_code < _TALLEST_GOOD or not response.is_json:
		return
	found = response.get_json(silent=True)
	if not isinstance(found, dict):
		return
	errors = found.get("errors") or ()
	kinds = {found.get("exc_type"), *(error.get("type") for error in errors)}
	if response.status_code >= _BROKEN and kinds & _SENT_WRONGLY:
		said = _("The request cannot be read, or something in it is too long or too large.")
		message = json.dumps({"message": said, "indicator": "red"})
		response.status_code = _STATUS
		response.set_data(
			json.dumps({"exc_type": BadRequestError.__name__, "_server_messages": json.dumps([message])})
		)
	elif not frappe.conf.developer_mode and _without_traces(found, *errors):
		response.set_data(json.dumps(found))


def _without_traces(*parts: dict[str, Any]) -> bool:
	"""Take what tells of the code out of an answer; tells whether there was any."""
	return any([part.pop(name, None) is not None for part in parts for name in _TRACES])
