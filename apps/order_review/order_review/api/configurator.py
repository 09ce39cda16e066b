"""The configurator's questions from the Desk.

Each function first asks whether the user may read the stored intent order, or the model where there is no order
yet; what else comes from the client (context, configuration) is only what the question is about.
"""

# Frappe checks arguments against annotations, so they must not be postponed.

import json
from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, flt

from order_review.adapters.chinese import translated
from order_review.constants import INTENT_ORDER
from order_review.engine.errors import BadInput
from order_review.exceptions import IntentOrderInputError
from order_review.services import catalogue_store, configure
from order_review.services.configure import Question

_LONGEST = 20_000
"""Characters a context or configuration may have."""
_CONTEXT = ("model", "grade", "use", "order_type", "order_date", "quotation_date", "price_book")
_EARLIER = 20


@frappe.whitelist(methods=["POST"])
def load(context: str, configuration: str = "[]", order: str | None = None) -> dict[str, Any]:
	"""Steps, families and options of the model, and the look of the configuration.

	Args:
		context: JSON object with model, grade, use, order_type, order_date and, if known, quotation_date, qty,
			dest_stage, price_book, longest_lead and specials_price, the price of all special options together.
		configuration: JSON list of option codes; empty for the model's standard configuration.
		order: name of the stored intent order; None while there is none.
	"""
	question = _question(order, context, configuration)
	return _answered(lambda: {**configure.describe(question), **configure.look(question)})


@frappe.whitelist(methods=["POST"])
def look(context: str, configuration: str, order: str | None = None) -> dict[str, Any]:
	"""States of all options, findings, conflict, repairs and running price."""
	question = _question(order, context, configuration)
	return _answered(lambda: configure.look(question))


@frappe.whitelist(methods=["POST"])
def why(context: str, configuration: str, option: str, order: str | None = None) -> dict[str, Any]:
	"""Why an option is forced or excluded."""
	question = _question(order, context, configuration)
	return _answered(lambda: configure.why(question, option))


@frappe.whitelist(methods=["POST"])
def repairs(
	context: str, configuration: str, by: str = "changes", count: int = 3, order: str | None = None
) -> list[dict[str, Any]]:
	"""The best repairs by number of changes, price or lead time."""
	question = _question(order, context, configuration)
	return _answered(lambda: configure.repairs(question, by, count))


@frappe.whitelist(methods=["POST"])
def switch(context: str, configuration: str, option: str, order: str | None = None) -> dict[str, Any] | None:
	"""What choosing an option takes; None where no valid configuration has it."""
	question = _question(order, context, configuration)
	return _answered(lambda: configure.switch(question, option))


@frappe.whitelist(methods=["POST"])
def complete(context: str, configuration: str, order: str | None = None) -> dict[str, Any] | None:
	"""The cheapest valid configuration with everything that was decided; None where the decisions conflict."""
	question = _question(order, context, configuration)
	return _answered(lambda: configure.complete(question))


@frappe.whitelist(methods=["POST"])
def compare(
	context: str, configuration: str, order: str | None = None, with_order: str | None = None
) -> dict[str, Any]:
	"""The difference to an earlier order, or to the model's standard configuration where none is named."""
	question = _question(order, context, configuration)
	other = _stored_configuration(with_order) if with_order else question.model.standard
	return _answered(lambda: configure.compare(question, other))


@frappe.whitelist(methods=["POST"])
def earlier_orders(model: str, order: str | None = None, customer: str | None = None) -> list[dict[str, Any]]:
	"""Orders of the model that the user may read, those of the customer first, then the latest."""
	_permit(order)
	found = frappe.get_list(
		INTENT_ORDER,
		filters={"model": model, "name": ["!=", order or ""]},
		fields=["name", "title", "customer", "order_date", "external_id"],
		order_by="order_date desc, name desc",
		limit=5 * _EARLIER,
	)
	return sorted(found, key=lambda row: not customer or row["customer"] != customer)[:_EARLIER]


def _permit(order: str | None) -> None:
	"""Judged on what is stored: the order, or whether the user may make one at all."""
	if order:
		frappe.has_permission(INTENT_ORDER, "read", doc=order, throw=True)
	else:
		frappe.has_permission(INTENT_ORDER, "create", throw=True)
	frappe.has_permission("Vehicle Model", "read", throw=True)


def _question(order: str | None, context: str, configuration: str) -> Question:
	_permit(order)
	asked = _parsed(context, dict, _("Context", context="Order Review"))
	data = {key: str(asked[key]) for key in _CONTEXT if asked.get(key)}
	data["qty"] = cint(asked.get("qty")) or 1
	if asked.get("dest_stage"):
		data["dest_stage"] = cint(asked["dest_stage"])
	lead, price = cint(asked.get("longest_lead")), flt(asked.get("specials_price"))
	if lead > 0 or price > 0:
		data["specials"] = [{"request_no": "-", "lead_days": max(lead, 0), "unit_price": max(price, 0)}]
	codes = _parsed(configuration, list, _("Configuration", context="Order Review"))
	if not all(isinstance(code, str) for code in codes):
		_refuse(_("Configuration: a list of option codes is expected."))
	return _answered(lambda: Question.of(catalogue_store.current(), data, codes))


def _parsed(text: str, kind: type, label: str) -> Any:
	try:
		value = json.loads(text) if len(text) <= _LONGEST else None
	except (ValueError, RecursionError):
		value = None
	if not isinstance(value, kind):
		_refuse(_("{0}: this is not readable. Reload the page and try again.").format(label))
	return value


def _stored_configuration(name: str) -> list[str]:
	document = frappe.get_doc(INTENT_ORDER, name)
	document.check_permission("read")
	return [row.vehicle_option for row in document.configuration]


def _answered(ask: Callable[[], Any]) -> Any:
	try:
		return ask()
	except BadInput as error:
		lang = "zh" if (frappe.local.lang or "").startswith("zh") else "en"
		expected = translated(error.expected, lang)
		message = translated(error.message, lang)
		_refuse(_("{0}. Expected: {1}.").format(message, expected) if expected else message)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Order Not Understood"), exc=IntentOrderInputError)
