"""Review of a contract: every line by the engine, everything against the intent orders it was made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr, getdate

from order_review.adapters.chinese import translated
from order_review.constants import INTENT_ORDER, PRODUCTION_READERS
from order_review.engine import diff
from order_review.engine.catalogue import Catalogue
from order_review.engine.errors import BadInput
from order_review.engine.findings import DEPARTMENT_OF, NOT_BLOCKING, WARNINGS, Finding, finding
from order_review.engine.order import Order
from order_review.engine.production import Production
from order_review.engine.review import Review, translate_order
from order_review.engine.review import review as engine_review
from order_review.exceptions import ContractError
from order_review.prints import diff_view
from order_review.services import catalogue_store, delivery_commitment, diffs
from order_review.services.contracts import schedule
from order_review.services.contracts.lines import (
	EVIDENCE,
	POLICY,
	claims_of,
	content_of_line,
	content_of_order,
	order_data,
	prepare,
	rate_of,
)
from order_review.services.production import blind_check
from order_review.services.review_intent_order import order_data as intent_order_data
from order_review.services.review_views import view

_DEPARTMENTS = {
	diff.VEHICLE: "TECH",
	diff.CONFIGURATION: "TECH",
	diff.SPECIAL: "TECH",
	diff.PRICE: "FIN",
	diff.POLICY: "FIN",
	diff.SERVICE: "FIN",
	diff.DATES: "PLAN",
	diff.TERMS: "SERVICE",
}
"""Group of differences → department that looks at it."""

WARRANTY_FAMILY = "WAR"


def review_contract(contract: Document) -> dict[str, dict[str, Any]]:
	"""Review the contract and set its computed fields; nothing is written.

	Returns:
		Line number, as text → whole review of the line as plain data, secrets included.

	Raises:
		ContractError: something on the contract cannot be understood.
	"""
	catalogue = catalogue_store.current()
	prepare(contract, catalogue)
	orders = orders_of(contract)
	reviews = {cint(row.line_no): _review_line(contract, row, catalogue) for row in contract.lines}
	rows = _differences(contract, orders, reviews)
	found: list[tuple[int, str, Finding]] = []
	wholes: dict[str, dict[str, Any]] = {}
	for row in contract.lines:
		number = cint(row.line_no)
		whole = reviews[number].as_dict()
		wholes[str(number)] = whole
		if not _is_hurried(contract, row, orders):
			whole["findings"] = [one for one in whole["findings"] if one["code"] != "DELIVERY_TOO_SHORT"]
		_set_figures(row, whole)
	found += [
		(one["line_no"], _DEPARTMENTS[one["group"]], _differs(contract, one)) for one in rows if _counts(one)
	]
	found += _missing_evidence(contract)
	found += [
		(0, "FIN", one) for one in schedule.contradictions(contract, _bound_policies(contract, catalogue))
	]
	contract.differences = json.dumps(rows, ensure_ascii=False)
	contract.catalogue_hash = catalogue.hash
	_set_findings(contract, wholes, found)
	return wholes


def _bound_policies(contract: Document, catalogue: Catalogue) -> list[str]:
	"""Claimed policies that count for one payment mode only."""
	claimed = dict.fromkeys(row.entry for row in contract.claims if row.kind == POLICY)
	known = catalogue.policies
	return [code for code in claimed if code in known and "payment_mode" in known[code].requires]


_ORDER_FIELDS = "name model grade use qty negotiated_unit deposit_pct requested_delivery payment_mode service_terms incoterm".split()
_ORDER_TABLES = {
	"configuration": ("Intent Order Option", ["vehicle_option"]),
	"specials": ("Intent Order Special", ["request_no", "name_zh", "is_priced", "unit_price"]),
	"services": ("Intent Order Service", ["service", "amount"]),
	"policies": ("Intent Order Policy", ["policy"]),
}


def orders_of(contract: Document) -> dict[str, Any]:
	"""What is compared of the intent orders of the contract's lines, read in one go for all of them."""
	names = list(dict.fromkeys(row.intent_order for row in contract.lines))
	found = frappe.get_all(INTENT_ORDER, {"name": ["in", names]}, _ORDER_FIELDS)
	orders = {row.name: row.update({table: [] for table in _ORDER_TABLES}) for row in found}
	for table, (doctype, columns) in _ORDER_TABLES.items():
		rows = {"parenttype": INTENT_ORDER, "parent": ["in", names]}
		for row in frappe.get_all(doctype, rows, [*columns, "parent"], order_by="parent, idx"):
			orders[row.parent][table].append(row)
	return orders


def _review_line(contract: Document, line: Document, catalogue: Catalogue) -> Review:
	try:
		order = Order.from_data(order_data(contract, line), catalogue)
	except BadInput as error:
		frappe.throw(_sentence(error, line), title=_("Contract Not Understood"), exc=ContractError)
	return engine_review(catalogue, order, explain=False)


def _sentence(error: BadInput, line: Document) -> str:
	lang = diffs.language()
	place = ", ".join(str(part) for part in error.path)
	said = _("Line {0}: {1}").format(line.line_no, translated(error.message, lang))
	expected = _("Expected: {0}").format(translated(error.expected, lang)) if error.expected else ""
	return " ".join(part for part in (said, f"({place})" if place else "", expected) if part)


def _set_figures(line: Document, whole: Mapping[str, Any]) -> None:
	seen = view(whole, False)
	price = seen["price"] or {}
	line.review_price = price.get("review_price")
	line.deviation_pct = price.get("deviation_pct")
	line.verdict = seen["verdict"]


# --- against the intent orders ------------------------------------------------------------------------------


def _differences(
	contract: Document, orders: Mapping[str, Any], reviews: Mapping[int, Review]
) -> list[dict[str, Any]]:
	rows: list[dict[str, Any]] = []
	for line in contract.lines:
		price = reviews[cint(line.line_no)].price
		rows += diffs.between(
			_content_of_order(contract, line, orders),
			content_of_line(contract, line),
			book=price.book if price else None,
			line_no=cint(line.line_no),
		)
	return rows + _differing_rates(contract)


RATE = "fx_rate"


def _differing_rates(contract: Document) -> list[dict[str, Any]]:
	"""Lines agreed at another exchange rate than the first one."""
	rows: list[dict[str, Any]] = []
	first = _rate(contract, contract.lines[0])
	for line in contract.lines[1:]:
		rows += diffs.between(first, _rate(contract, line), line_no=cint(line.line_no))
	return rows


def _rate(contract: Document, line: Document) -> diff.Content:
	return diff.Content(values={diff.PRICE: {RATE: schedule.exact(rate_of(contract, line))}})


def _content_of_order(contract: Document, line: Document, orders: Mapping[str, Any]) -> diff.Content:
	order = orders[line.intent_order]
	terms = "\n".join(
		dict.fromkeys(filter(None, (cstr(one.service_terms).strip() for one in orders.values())))
	)
	return content_of_order(order, promised(order), terms)


def promised(order: Any) -> Any:
	"""The date Planning stands by for an intent order, else the one the customer wished."""
	commitment = delivery_commitment.standing(INTENT_ORDER, order.name)
	return (commitment and commitment.committed_date) or order.requested_delivery


def whole_differences(contract: Document) -> list[dict[str, Any]]:
	"""The differences with the production rows that change; for readers of production configurations only."""
	catalogue = catalogue_store.current()
	orders = orders_of(contract)
	rows: list[dict[str, Any]] = []
	for line in contract.lines:
		before, after = _content_of_order(contract, line, orders), content_of_line(contract, line)
		built = None
		if (before.model, before.options) != (after.model, after.options):
			built = _built(contract, line, frappe.get_doc(INTENT_ORDER, line.intent_order), catalogue)
		book = frappe.db.get_value(INTENT_ORDER, line.intent_order, "price_book")
		rows += diffs.between(before, after, book=book, line_no=cint(line.line_no), production=built)
	return rows + _differing_rates(contract)


def seen_differences(contract: Document) -> list[dict[str, Any]]:
	"""The differences as the user may see them: with production rows for who reads production configurations."""
	user = frappe.session.user
	reads = user == "Administrator" or not PRODUCTION_READERS.isdisjoint(frappe.get_roles())
	if reads and not blind_check.hides([contract.name], user):
		return whole_differences(contract)
	rows: list[dict[str, Any]] = json.loads(contract.differences or "[]")
	return rows


def _built(
	contract: Document, line: Document, order: Document, catalogue: Catalogue
) -> tuple[Production, Production] | None:
	try:
		return (
			translate_order(catalogue, Order.from_data(intent_order_data(order, catalogue), catalogue)),
			translate_order(catalogue, Order.from_data(order_data(contract, line), catalogue)),
		)
	except BadInput:  # a code the catalogue no longer has: the review tells of it
		return None


def differing_groups(contract: Document) -> set[str]:
	"""Groups in which the contract differs from its intent orders."""
	return {row["group"] for row in json.loads(contract.differences or "[]")}


def differing_families(contract: Document) -> set[str]:
	"""Option families in which the contract differs from its intent orders."""
	rows = json.loads(contract.differences or "[]")
	return {row["what"]["code"] for row in rows if row["group"] == diff.CONFIGURATION}


def _counts(row: Mapping[str, Any]) -> bool:
	"""Whether a difference is a finding; fewer vehicles are not, the rest stays to contract."""
	return row["group"] in _DEPARTMENTS


def _differs(contract: Document, row: Mapping[str, Any]) -> Finding:
	zh, en = (diff_view.view([row], lang)[0] for lang in ("zh", "en"))
	numbers = [cint(contract.lines[0].line_no)] if row["what"]["code"] == RATE else [row["line_no"]]
	order = next(line.intent_order for line in contract.lines if cint(line.line_no) in numbers)
	values = {
		"order": order,
		"what_zh": zh["what"],
		"what_en": en["what"],
		"before_zh": zh["before"] or "无",
		"before_en": en["before"] or "none",
		"after_zh": zh["after"] or "无",
		"after_en": en["after"] or "none",
	}
	return finding("CONTRACT_DIFFERS", row["what"]["code"], values)


def _is_hurried(contract: Document, line: Document, orders: Mapping[str, Any]) -> bool:
	"""Whether delivery is to be earlier than Planning promised or the customer wished before."""
	day = promised(orders[line.intent_order])
	return not day or getdate(line.delivery_date) < getdate(day)


# --- evidence, authority ------------------------------------------------------------------------------------


def _missing_evidence(contract: Document) -> list[tuple[int, str, Finding]]:
	found: list[tuple[int, str, Finding]] = []
	if contract.dealer and not contract.dealer_authorisation:
		words = {"what_zh": "经销商授权书", "what_en": "authorisation of the dealer"}
		found.append((0, "SALESOPS", finding("EVIDENCE_MISSING", "dealer_authorisation", words)))
	for line in contract.lines:
		for row in claims_of(contract, line.line_no, EVIDENCE):
			if not row.file:
				words = {"what_zh": row.entry, "what_en": row.entry}
				found.append((cint(line.line_no), "SALESOPS", finding("EVIDENCE_MISSING", row.entry, words)))
	return found


def add_exceeded(contract: Document, lines: Sequence[int]) -> None:
	"""Say on the contract which lines need a price approval of their own; not why."""
	for number in lines:
		order = next(row.intent_order for row in contract.lines if cint(row.line_no) == number)
		one = finding("AUTHORITY_EXCEEDED", order, {"order": order})
		contract.append("findings", _row(number, "FIN", one))
	contract.verdict = _verdict(contract)


def _set_findings(
	contract: Document, wholes: Mapping[str, Mapping[str, Any]], own: list[tuple[int, str, Finding]]
) -> None:
	rows = [
		{
			"line_no": cint(number),
			"severity": found["severity"],
			"code": found["code"],
			"ref": found["ref"],
			"department": DEPARTMENT_OF[found["code"]],
			"message_zh": found["message"]["zh"],
			"message_en": found["message"]["en"],
			"blocks_sending": int(found["severity"] == "error" and found["code"] not in NOT_BLOCKING),
		}
		for number, whole in wholes.items()
		for found in view(whole, False)["findings"]
	]
	rows += [_row(number, department, found) for number, department, found in own]
	there = {(row.line_no, row.code, row.ref): row for row in contract.findings}
	kept = [there.get((row["line_no"], row["code"], row["ref"])) for row in rows]
	contract.set("findings", [old.update(row) if old else row for old, row in zip(kept, rows, strict=True)])
	contract.verdict = _verdict(contract)


def _row(number: int, department: str, found: Finding) -> dict[str, Any]:
	return {
		"line_no": number,
		"severity": found.severity,
		"code": found.code,
		"ref": found.ref,
		"department": department,
		"message_zh": found.message_zh,
		"message_en": found.message_en,
		"blocks_sending": int(found.blocks_opinions),
	}


def _verdict(contract: Document) -> str:
	codes = {row.code for row in contract.findings}
	return "error" if codes - WARNINGS else "advice" if codes else "clear"
