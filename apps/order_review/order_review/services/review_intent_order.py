"""Review an Intent Order: document → engine → computed fields, and the confidential part beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.adapters.chinese import translated
from order_review.adapters.intent_order import FIELD_OF, standard_rows, to_order_data
from order_review.constants import INTENT_ORDER, PRICE_REVIEW
from order_review.engine.catalogue import Catalogue
from order_review.engine.configuration import chosen_options
from order_review.engine.errors import BadInput
from order_review.engine.findings import DEPARTMENT_OF, NOT_BLOCKING
from order_review.engine.order import Order
from order_review.engine.pricing import policy_outlook
from order_review.engine.review import review as engine_review
from order_review.exceptions import IntentOrderInputError
from order_review.services import catalogue_store, exchange_rates, special_prices
from order_review.services.known_numbers import storable
from order_review.services.order_cost import keep_order_cost, used_book
from order_review.services.review_views import view

_FIGURES = {
	"base_list": "base_list",
	"options_list": "options_list",
	"specials_list": "specials_list",
	"surcharges": "surcharges",
	"configured_list": "configured_list",
	"discounts": "discounts",
	"services": "services_total",
	"review_price": "review_price",
	"negotiated": "negotiated",
	"deviation_pct": "deviation_pct",
	"total": "total",
}
"""Figure → field of the Intent Order and of its price review."""

_COPIED = ("order_date", "market_department", "model", "qty")
"""What reports on prices filter by, kept beside the figures so that they need not join."""


def order_data(document: Document, catalogue: Catalogue) -> dict[str, Any]:
	"""The engine's order data of an Intent Order, secrets of specials included."""
	costs = special_prices.costs_of(document.specials)
	data = to_order_data(document.as_dict(), catalogue, costs)
	return data | exchange_rates.check_of(document.currency, document.order_date)


def review_order(document: Document) -> dict[str, Any]:
	"""Review the document and set its computed fields; nothing is written.

	Returns:
		The whole review as plain data, secrets included.

	Raises:
		IntentOrderInputError: something on the order cannot be understood.
	"""
	catalogue = catalogue_store.current()
	prepare_configuration(document, catalogue)
	exchange_rates.set_rate(document, document.order_date)
	try:
		order = Order.from_data(order_data(document, catalogue), catalogue)
	except BadInput as error:
		frappe.throw(sentence(error, document), title=_("Order Not Understood"), exc=IntentOrderInputError)
	found = engine_review(catalogue, order)
	whole = found.as_dict()
	_set_results(document, whole, catalogue)
	_set_prices(document, catalogue, found.price.book if found.price else None)
	return whole


def policy_outlook_of(document: Document) -> list[dict[str, Any]]:
	"""Every business policy seen from the order, prices of internal orders included; the caller decides who sees it."""
	catalogue = catalogue_store.current()
	try:
		order = Order.from_data(order_data(document, catalogue), catalogue)
	except BadInput:  # the form tells what cannot be understood when the order is saved
		return []
	return [seen.as_dict() for seen in policy_outlook(catalogue, order, chosen_options(catalogue, order))]


def prepare_configuration(document: Document, catalogue: Catalogue) -> None:
	"""Complete the configuration rows: standard configuration if there are none, families, names, order."""
	model = catalogue.models.get(document.model)
	if model is None:
		return
	if not document.configuration:
		document.set("configuration", standard_rows(model))
	_refuse_doubles(document)
	standard = frozenset(model.standard)
	for row in document.configuration:
		option = catalogue.options.get(row.vehicle_option)
		row.is_standard = int(row.vehicle_option in standard)
		row.is_claimed = int(bool(row.is_claimed or row.claimed_price))
		row.family = option.family if option else row.family
		row.name_zh, row.name_en = (option.name_zh, option.name_en) if option else (None, None)
	place = {family: index for index, family in enumerate(model.families)}
	document.configuration.sort(key=lambda row: (place.get(row.family, len(place)), row.vehicle_option))
	for index, row in enumerate(document.configuration, 1):
		row.idx = index


def _refuse_doubles(document: Document) -> None:
	seen: dict[str, int] = {}
	for row in document.configuration:
		if row.vehicle_option in seen:
			frappe.throw(
				_("Configuration, rows {0} and {1}: option {2} stands twice. Delete one of the rows.").format(
					seen[row.vehicle_option], row.idx, row.vehicle_option
				),
				title=_("Order Not Understood"),
				exc=IntentOrderInputError,
			)
		seen[row.vehicle_option] = row.idx


def _set_results(document: Document, whole: Mapping[str, Any], catalogue: Catalogue) -> None:
	"""What everyone who may read the order may see of its review."""
	seen = view(whole, document.order_type == "Internal")
	price = seen["price"] or {}
	for figure, fieldname in _FIGURES.items():
		document.set(fieldname, price.get(figure))
	document.verdict = seen["verdict"]
	document.earliest_delivery = seen["earliest_delivery"]
	document.catalogue_hash = catalogue.hash
	document.configuration_hash = configuration_hash(document)
	_set_findings(document, seen["findings"])
	amounts = {
		step["ref"]: step["amount"]
		for step in price.get("trace", ())
		if step["source"] == "policy" and step["figure"] != "review_price"
	}
	for row in document.policies:
		row.eligible = int(row.policy in amounts)
		row.amount = amounts.get(row.policy)


def _set_findings(document: Document, findings: list[Mapping[str, Any]]) -> None:
	"""Replace the findings, keeping rows that say the same, so that nothing is written without need."""
	there = {(row.code, row.ref): row for row in document.findings}
	rows = []
	for found in findings:
		values = {
			"severity": found["severity"],
			"code": found["code"],
			"ref": found["ref"],
			"department": DEPARTMENT_OF[found["code"]],
			"message_zh": found["message"]["zh"],
			"message_en": found["message"]["en"],
			"options": ", ".join(found["options"]),
			"families": ", ".join(found["families"]),
			"blocks_sending": int(found["severity"] == "error" and found["code"] not in NOT_BLOCKING),
		}
		row = there.get((found["code"], found["ref"]))
		rows.append(row.update(values) or row if row else values)
	document.set("findings", rows)


def _set_prices(document: Document, catalogue: Catalogue, book: str | None) -> None:
	lines = catalogue.price_books[book].options if book else {}
	for row in document.configuration:
		line = lines.get((row.vehicle_option, document.model))
		row.list_price = float(line.list) if line else 0
		row.difference = (row.claimed_price or 0) - row.list_price if row.is_claimed else 0


def configuration_hash(document: Document) -> str:
	"""Hash of what is to be built: model, options, specials."""
	built = [
		document.model,
		sorted(row.vehicle_option for row in document.configuration),
		sorted([row.request_no, row.name_zh] for row in document.specials),
	]
	return frappe.utils.sha256_hash(json.dumps(built, ensure_ascii=False))


def keep_price_review(document: Document, whole: Mapping[str, Any]) -> None:
	"""Write the confidential part of the review beside the order."""
	price = whole["price"] or {}
	values = {
		"order_type": document.order_type,
		"verdict": whole["verdict"],
		"review_price": price.get("review_price") or 0,
		"floor_price": price.get("floor_price") or 0,
		"deviation_pct": price.get("deviation_pct") or 0,
		"approval_level": price.get("approval_level"),
		"below_floor": int(any(found["code"] == "BELOW_FLOOR" for found in whole["findings"])),
		"review": json.dumps(whole, ensure_ascii=False),
		"price_book": used_book(whole),
		**{column: document.get(column) for column in _COPIED},
		**{fieldname: price.get(figure) or 0 for figure, fieldname in _FIGURES.items()},
	}
	if frappe.db.exists(PRICE_REVIEW, document.name):
		frappe.db.set_value(PRICE_REVIEW, document.name, storable(PRICE_REVIEW, values))
	else:
		frappe.get_doc(
			{"doctype": PRICE_REVIEW, "name": document.name, "intent_order": document.name, **values}
		).db_insert()
	keep_order_cost(document, whole)


def kept_review(name: str) -> dict[str, Any] | None:
	"""The whole review of an order as it was kept; the caller decides what of it to show."""
	kept = frappe.db.get_value(PRICE_REVIEW, name, "review")
	return json.loads(kept) if kept else None


def sentence(error: BadInput, document: Document) -> str:
	"""What the engine could not understand, in the user's language, naming field and row."""
	lang = "zh" if frappe.local.lang.startswith("zh") else "en"
	place, said = _place(error, document), translated(error.message, lang)
	key = f"{error.path[0]} " if len(error.path) == 1 else ""
	if key and error.message.startswith(key):  # the field's label instead of its key in the data
		rest = error.message.removeprefix(key)
		said = f"{place} {rest}" if lang == "en" else translated(error.message, lang, name=place)
	else:
		said = _("{0}: {1}").format(place, said)
	if not error.expected or error.expected == "text":
		return _("{0}.").format(said)
	return _("{0}. Expected: {1}.").format(said, translated(error.expected, lang))


def _place(error: BadInput, document: Document) -> str:
	if not error.path:
		return _(INTENT_ORDER)
	fieldname = FIELD_OF.get(str(error.path[0]), str(error.path[0]))
	label = _(document.meta.get_label(fieldname), context=document.doctype)
	if len(error.path) > 1:
		row = error.path[1] + 1 if isinstance(error.path[1], int) else error.path[1]
		return _("{0}, row {1}").format(label, row)
	return label


@dataclass
class Recheck:
	"""What reviewing many orders again brought: (order, verdict before, verdict after) for the changed ones."""

	reviewed: int = 0
	skipped: int = 0
	changed: list[tuple[str, str, str]] = field(default_factory=list)


def recheck_all(progress: Callable[[int, int, str], None]) -> Recheck:
	"""Review every draft order again with today's catalogue; one that cannot be reviewed is counted and left."""
	names = frappe.get_all(INTENT_ORDER, filters={"docstatus": 0}, pluck="name", order_by="name")
	outcome = Recheck()
	for done, name in enumerate(names, 1):
		document = frappe.get_doc(INTENT_ORDER, name)
		before = document.verdict
		frappe.db.savepoint("recheck")
		try:
			document.save(ignore_permissions=True)
		except frappe.ValidationError:
			frappe.db.rollback(save_point="recheck")
			frappe.clear_last_message()
			outcome.skipped += 1
		else:
			outcome.reviewed += 1
			if document.verdict != before:
				outcome.changed.append((name, before, document.verdict))
		progress(done, len(names), name)
	return outcome
