"""Calls of our functions as they come from outside: what is missing is named, in place of a server fault."""

from __future__ import annotations

import inspect

import frappe
from frappe import _

from order_review.exceptions import IncompleteCallError

_PREFIXES = ("/api/method/", "/api/v1/method/", "/api/v2/method/")
_OURS = "order_review.api."


def refuse_incomplete() -> None:
	"""Refuse a call of one of our functions without all the arguments it needs.

	Raises:
		IncompleteCallError: an argument is missing.
	"""
	function = _called()
	if function is None:
		return
	missing = [name for name in _needed(function) if name not in frappe.form_dict]
	if missing:
		frappe.throw(
			_("This call lacks: {0}.").format(", ".join(missing)),
			exc=IncompleteCallError,
			title=_("Not Done"),
		)


def _called() -> object | None:
	"""The function of ours the request calls, if it calls one that is open to calls."""
	path = next(
		(frappe.request.path.removeprefix(p) for p in _PREFIXES if frappe.request.path.startswith(p)), ""
	)
	name = str(frappe.form_dict.get("cmd") or path)
	if not name.startswith(_OURS):
		return None
	try:
		function = frappe.get_attr(name)
	except (frappe.AppNotInstalledError, AttributeError, ImportError):
		return None  # Frappe says that there is no such function
	return function if function in frappe.whitelisted else None


def _needed(function: object) -> list[str]:
	return [
		parameter.name
		for parameter in inspect.signature(function).parameters.values()  # type: ignore[arg-type]
		if parameter.default is parameter.empty
		and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
	]
