"""One intent order or contract for a dealer: state, configuration, public prices, what changed, what is to be settled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import cint, cstr, flt

from order_review import glossary
from order_review.constants import INTENT_ORDER, SALES_CONTRACT
from order_review.prints.contract import MILESTONES, MODES
from order_review.services import delivery_commitment, diffs, order_rounds
from order_review.services.portal import changes, partners, states
from order_review.services.portal.listing import model_labels
from order_review.wording import amount, exact, signed

FINDINGS = frozenset(
	"CFG_RULE CFG_MISSING CFG_DOUBLE CFG_NOT_OFFERED CFG_ADVICE GRADE_NOT_MET CCC_MISSING SPECIAL_NO_PRICE "
	"SPECIAL_PRICE_EXPIRED DELIVERY_TOO_SHORT DEPOSIT_LOW LIVERY_MISSING EVIDENCE_MISSING".split()
)
"""Findings a dealer sees, while his order is being reviewed; of prices and authority he sees none."""

_OPEN = frozenset("Submitted Received Consolidating Returned".split()) | {"Under Opinions", "Price Approval"}
"""States in which a finding is still to be settled."""

_ORDER = (
	"name status model qty grade use order_date requested_delivery valid_until payment_mode deposit_pct price_book "
	"negotiated_unit currency base_list options_list specials_list surcharges configured_list total sales_person "
	"review_round"
).split()
_CONTRACT = (
	"name status contract_date total_qty total currency payment_mode deposit_kind deposit_pct deposit_amount "
	"delivery_place delivery_mode sales_person differences version"
).split()
_LINE = (
	"line_no intent_order model grade use qty unit_price amount delivery_date delivery_lots livery_reference seat_plan"
).split()

Row = dict[str, Any]


def found(name: str) -> Row | None:
	"""The intent order or contract of this name, if it is the user's; None where it is another's or there is none."""
	own = partners.mine()
	if not own:
		return None
	order = _read(INTENT_ORDER, _ORDER, name, own)
	if order:
		return _order(order)
	contract = _read(SALES_CONTRACT, _CONTRACT, name, own)
	return _contract(contract) if contract else None


def _read(doctype: str, fields: Iterable[str], name: str, own: partners.Partners) -> Row | None:
	table, customer = DocType(doctype), DocType("Customer")
	rows = (
		frappe.qb.from_(table)
		.left_join(customer)
		.on(customer.name == table.customer)
		.select(*(table[field] for field in fields), customer.customer_name)
		.where((table.name == name) & partners.belonging(table, own))
		.run(as_dict=True)
	)
	return rows[0] if rows else None


# --- intent order -------------------------------------------------------------------------------------------


def _order(order: Row) -> Row:
	name, lang = order["name"], diffs.language()
	committed = _committed(delivery_commitment.confirmed_dates([name]), [(name, 0)])
	options, specials = _options(INTENT_ORDER, name), _specials(INTENT_ORDER, name)
	line = {
		"title": "",
		"facts": [],
		"options": [_option(row, lang) for row in options if not row["is_standard"]],
		"standard": [_option(row, lang) for row in options if row["is_standard"]],
		"specials": specials,
	}
	return {
		"kind": _("Intent order"),
		"name": name,
		"state": states.of_order(order["status"], cstr(order["valid_until"])),
		"facts": _order_facts(order, committed, lang),
		"lines": [line],
		"prices": _order_prices(order, lang),
		"findings": _findings("Intent Order Finding", name, lang) if order["status"] in _OPEN else [],
		"differences": "",
		"rounds": _order_rounds(order),
		"related": _contracts_of(name),
	}


def _order_facts(order: Row, committed: str, lang: str) -> list[tuple[str, str]]:
	return _kept(
		[
			(_("Customer"), order["customer_name"]),
			(_("Vehicle Model"), model_labels([order["model"]])[order["model"]]),
			(_("Quantity"), order["qty"]),
			(_("Grade", context="Order Review"), glossary.say(glossary.GRADES, order["grade"], lang)),
			(_("Use"), glossary.say(glossary.USES, order["use"], lang)),
			(_("Requested delivery"), order["requested_delivery"]),
			(_("Committed delivery"), committed),
			(_("Payment Mode"), glossary.say(glossary.PAYMENT_MODES, order["payment_mode"], lang)),
			(_("Deposit", context="Order Review"), f"{exact(order['deposit_pct'])} %"),
			(_("Order Date"), order["order_date"]),
			(_("Salesperson"), order["sales_person"]),
		]
	)


def _order_prices(order: Row, lang: str) -> list[tuple[str, str]]:
	"""List prices and the price agreed on; nothing that compares the two."""
	figures = ("base_list", "options_list", "specials_list", "surcharges", "configured_list")
	rows = [
		(glossary.say(glossary.FIGURES, figure, lang), _money(order[figure], "CNY"))
		for figure in figures
		if order[figure]
	]
	rows.append((_("Price per vehicle"), _money(order["negotiated_unit"], order["currency"])))
	whole = flt(order["negotiated_unit"]) * cint(order["qty"])
	return [*rows, (_("Total", context="Order Review"), _money(whole, order["currency"]))]


def _order_rounds(order: Row) -> list[tuple[str, str]]:
	"""What changed in each round since the one before, newest first."""
	if cint(order["review_round"]) < 2:
		return []
	fields = ["round_no", "content"]
	rounds = _children("Intent Order Round", INTENT_ORDER, order["name"], fields)
	rows = order_rounds.diff_rows(frappe._dict(rounds=rounds, price_book=order["price_book"]))
	return [(_round(number), changes.html(found)) for number, found in reversed(rows.items())]


def _contracts_of(order: str) -> list[str]:
	"""Contracts that take vehicles of the order, where they are the user's."""
	line, contract = DocType("Sales Contract Line"), DocType(SALES_CONTRACT)
	query = (
		frappe.qb.from_(line)
		.join(contract)
		.on(contract.name == line.parent)
		.select(contract.name)
		.distinct()
		.where((line.intent_order == order) & partners.belonging(contract, partners.mine()))
		.orderby(contract.name)
	)
	return [row[0] for row in query.run()]


# --- contract -----------------------------------------------------------------------------------------------


def _contract(contract: Row) -> Row:
	name, lang = contract["name"], diffs.language()
	lines = _children("Sales Contract Line", SALES_CONTRACT, name, _LINE)
	options, specials = _options(SALES_CONTRACT, name), _specials(SALES_CONTRACT, name)
	orders = [line["intent_order"] for line in lines]
	dates = delivery_commitment.confirmed_dates([name, *orders])
	models = model_labels(line["model"] for line in lines)
	return {
		"kind": _("Sales contract"),
		"name": name,
		"state": states.of_contract(contract["status"]),
		"facts": _contract_facts(contract, lang),
		"lines": [
			_line(line, contract, options, specials, dates, lang)
			| {"title": _("Line {0}: {1} × {2}").format(line["line_no"], models[line["model"]], line["qty"])}
			for line in lines
		],
		"prices": _contract_prices(contract, lang),
		"findings": _findings("Sales Contract Finding", name, lang) if contract["status"] in _OPEN else [],
		"differences": changes.html(json.loads(contract["differences"] or "[]")),
		"rounds": _contract_rounds(name),
		"related": list(dict.fromkeys(orders)),
	}


def _contract_facts(contract: Row, lang: str) -> list[tuple[str, str]]:
	mode = contract["delivery_mode"]
	return _kept(
		[
			(_("Customer"), contract["customer_name"]),
			(_("Vehicles"), contract["total_qty"]),
			(_("Contract Date"), contract["contract_date"]),
			(_("Version"), contract["version"]),
			(_("Delivery Place"), contract["delivery_place"]),
			(_("Delivery Mode"), glossary.say(MODES, mode, lang) if mode else ""),
			(_("Salesperson"), contract["sales_person"]),
		]
	)


def _contract_prices(contract: Row, lang: str) -> list[tuple[str, str]]:
	currency, mode = contract["currency"], contract["payment_mode"]
	rows = [
		(_("Payment Mode"), glossary.say(glossary.PAYMENT_MODES, mode, lang)),
		(
			f"{_('Deposit', context='Order Review')} ({exact(contract['deposit_pct'])} %)",
			_money(contract["deposit_amount"], currency),
		),
	]
	for row in _children(
		"Sales Contract Payment", SALES_CONTRACT, contract["name"], ["milestone", "pct", "amount"]
	):
		milestone = glossary.say(MILESTONES, row["milestone"], lang)
		rows.append((f"{milestone} ({exact(row['pct'])} %)", _money(row["amount"], currency)))
	return [*rows, (_("Total", context="Order Review"), _money(contract["total"], currency))]


def _line(
	line: Row,
	contract: Row,
	options: list[Row],
	specials: list[Row],
	dates: Mapping[tuple[str, int], Any],
	lang: str,
) -> Row:
	number, currency = line["line_no"], contract["currency"]
	places = [(contract["name"], cint(number)), (contract["name"], 0), (line["intent_order"], 0)]
	committed = _committed(dates, places)
	own = [row for row in options if row["line_no"] == number]
	return {
		"facts": _kept(
			[
				(_("Grade", context="Order Review"), glossary.say(glossary.GRADES, line["grade"], lang)),
				(_("Use"), glossary.say(glossary.USES, line["use"], lang)),
				(_("Price per vehicle"), _money(line["unit_price"], currency)),
				(_("Amount"), _money(line["amount"], currency)),
				(_("Delivery by contract"), line["delivery_date"]),
				(_("Committed delivery"), committed),
				(_("Partial Deliveries"), line["delivery_lots"]),
				(_("Livery Reference"), line["livery_reference"]),
				(_("Seat Plan"), line["seat_plan"]),
			]
		),
		"options": [_option(row, lang) for row in own if not row["is_standard"]],
		"standard": [_option(row, lang) for row in own if row["is_standard"]],
		"specials": [row for row in specials if row["line_no"] == number],
	}


def _contract_rounds(name: str) -> list[tuple[str, str]]:
	rows = _children("Sales Contract Round", SALES_CONTRACT, name, ["round_no", "changes"])
	return [
		(_round(row["round_no"]), changes.html(json.loads(row["changes"] or "[]")))
		for row in reversed(rows)
		if cint(row["round_no"]) > 1
	]


# --- rows both have -----------------------------------------------------------------------------------------


def _children(doctype: str, parent: str, name: str, fields: list[str]) -> list[Row]:
	where = {"parenttype": parent, "parent": name}
	return list(frappe.get_all(doctype, where, fields, order_by="idx"))


def _options(parent: str, name: str) -> list[Row]:
	"""The options of a document with the names of their families, in the order of the catalogue."""
	option, family = DocType(f"{parent} Option"), DocType("Option Family")
	named = ("vehicle_option", "is_standard", "list_price", "name_zh", "name_en")
	own = ("line_no", "remark") if parent == SALES_CONTRACT else ()
	return list(
		frappe.qb.from_(option)
		.left_join(family)
		.on(family.name == option.family)
		.select(*(option[field] for field in (*named, *own)))
		.select(family.name_zh.as_("family_zh"), family.name_en.as_("family_en"))
		.where((option.parenttype == parent) & (option.parent == name))
		.orderby(option.idx)
		.run(as_dict=True)
	)


def _option(row: Row, lang: str) -> Row:
	return {
		"family": cstr(row[f"family_{lang}"]),
		"code": row["vehicle_option"],
		"name": cstr(row[f"name_{lang}"]),
		"price": signed(flt(row["list_price"])) if row["list_price"] else "",
		"remark": cstr(row.get("remark")),
	}


def _specials(parent: str, name: str) -> list[Row]:
	own = ["line_no"] if parent == SALES_CONTRACT else []
	fields = ["request_no", "name_zh", "is_priced", "unit_price", *own]
	rows = _children(f"{parent} Special", parent, name, fields)
	return [
		{
			"line_no": row.get("line_no"),
			"code": row["request_no"],
			"name": row["name_zh"],
			"price": signed(flt(row["unit_price"])) if row["is_priced"] else _("not priced yet"),
		}
		for row in rows
	]


def _findings(doctype: str, name: str, lang: str) -> list[tuple[str, str]]:
	rows = frappe.get_all(
		doctype,
		{"parent": name, "code": ["in", sorted(FINDINGS)]},
		["code", f"message_{lang} as message"],
		order_by="idx",
	)
	return [(glossary.say(glossary.FINDINGS, row.code, lang), cstr(row.message)) for row in rows]


def _committed(dates: Mapping[tuple[str, int], Any], places: Iterable[tuple[str, int]]) -> str:
	"""The date that is promised for the first of the places anything is being agreed on for."""
	for place in places:
		if place in dates:
			return cstr(dates[place]) if dates[place] else _("being agreed on")
	return "–"


def _round(number: int) -> str:
	return _("Round {0}").format(number)


def _money(value: Any, currency: str | None) -> str:
	said = amount(flt(value))
	return f"¥{said}" if currency in (None, "CNY") else f"{currency} {said}"


def _kept(rows: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
	"""The rows that say something."""
	return [(label, cstr(value)) for label, value in rows if cstr(value).strip()]
