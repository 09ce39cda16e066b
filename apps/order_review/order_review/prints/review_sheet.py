"""The intent order review sheet (有效意向订单评审表): what stands on it, as plain data for the template."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from .. import glossary
from ..engine.catalogue import Catalogue, Model, canonical
from ..engine.order import Order
from ..glossary import FIELDS, FIGURE_LETTERS, FIGURES, say
from ..wording import amount, family_name, option_name, percent, repair
from . import diff_view
from .copies import public_changes, public_copy, public_state
from .labels import LABELS
from .qr import qr_svg

_BOX_FIGURES = tuple(FIGURE_LETTERS)
_BOLD_FIGURES = ("configured_list", "review_price", "negotiated")
_SIGNS = {"discounts": "−", "services": "+", "surcharges": "+", "options_list": "+", "specials_list": "+"}
_HASHED_OUT = ("expected", "planted")
_OBJECTIONS_COUNT = ("Under Opinions", "Consolidating", "Price Approval")
_GIVEN = ("Consolidating", "Price Approval", "Valid", "Converted", "Expired")
_ASKED = "Under Opinions"
"""States of a review in which nothing is filled in by hand any more: no sheet of it has empty boxes."""
_SECRET_SPECIAL = ("floor_price", "cost")
EMPTY_CONDITIONS = 2


def review_sheet(
	catalogue: Catalogue,
	order: Order,
	review: Mapping[str, Any],
	lang: str,
	*,
	internal: bool = False,
	production: bool | None = None,
	status: str = "",
	objected: bool = False,
	round_no: int = 1,
	round_changes: Sequence[Mapping[str, Any]] | None = None,
	opinions: Sequence[Mapping[str, str]] = (),
	settlements: Mapping[tuple[str, str], str] | None = None,
	conditions: Sequence[Mapping[str, str]] = (),
	signatures: Mapping[str, str] | None = None,
	committed_delivery: str = "",
	printed: str = "",
	verify_url: str = "",
) -> dict[str, Any]:
	"""The context of ``review_sheet.html``.

	Args:
		review: ``Review.as_dict()`` of the order.
		internal: the copy shows floor price and approval level; a public copy tells neither.
		production: whether the page of the production configuration follows; by default on the internal copy
			only, for salespeople and dealers do not read production configurations.
		status: how far the review is; without one the sheet tells the automatic check alone.
		objected: an objection stands; whose it is stands in the opinions only.
		round_changes: what differs from the round before, as the diff gives it; None in the first round.
		opinions: rows with department, opinion, condition, name, date, round; empty ones are drawn for the
			departments the order concerns where none is given.
		settlements: how a finding was settled, by (code, ref).
		conditions: rows with text, responsible, due, before.
		signatures: names by oa, os, approver.
		printed: by whom and when, as it shall stand on the paper; nothing is taken from the clock.
		verify_url: address the QR code leads to; without one it holds number and hashes.
	"""
	shown = dict(review) if internal else public_copy(review, internal_order=order.internal)
	with_production = internal if production is None else production
	digest = document_hash(catalogue, order, round_no)
	return {
		"title": order.id,
		"order": {"id": order.id, "round": round_no, "date": order.order_date.isoformat()},
		"internal": internal,
		"printed": printed,
		"document_hash": digest,
		"catalogue_hash": catalogue.hash,
		"qr": qr_svg(verify_url or f"{order.id}\n{round_no}\n{digest}\n{catalogue.hash[:16]}"),
		"verdict": {"code": shown["verdict"], "text": say(glossary.VERDICTS, shown["verdict"], lang)},
		"state": _state(status if internal else public_state(status), objected, lang),
		"head": _head(catalogue, order, shown, lang, committed_delivery),
		"changes": _changes(round_changes, lang, hide_prices=order.internal and not internal),
		"nonstandard": _nonstandard(catalogue, order, shown, lang),
		"standard": _standard(catalogue, order, shown, lang),
		"price": _price(catalogue, order, shown, lang),
		"findings": _findings(shown, lang, settlements or {}),
		"repairs": [repair(found, lang) for found in shown["repairs"]],
		**_answers(order, shown, lang, opinions, round_no, status),
		"conditions": [dict(row) for row in conditions]
		or ([] if status in (_ASKED, *_GIVEN) else [_EMPTY_CONDITION] * EMPTY_CONDITIONS),
		"signatures": _signatures(signatures or {}, approver=internal or status not in _GIVEN),
		"production": _production(catalogue, order, shown, lang) if with_production else None,
	}


def _state(status: str, objected: bool, lang: str) -> str:
	"""How far the review is: what the automatic check found is not what the departments say."""
	words = [say(glossary.REVIEW_STATES, status, lang)] if status else []
	if status in _OBJECTIONS_COUNT and objected:
		words.append(say(LABELS, "objection_open", lang))
	return ("," if lang == "zh" else ", ").join(words)


def _changes(rows: Sequence[Mapping[str, Any]] | None, lang: str, *, hide_prices: bool) -> Markup | None:
	if rows is None:
		return None
	return diff_view.html(public_changes(rows) if hide_prices else rows, lang)


_EMPTY_CONDITION = {"text": "", "responsible": "", "due": "", "before": ""}


def document_hash(catalogue: Catalogue, order: Order, round_no: int) -> str:
	"""SHA-256 of what was reviewed: order, catalogue and round.

	Nothing secret goes in that could be found out by trying: a review follows from order and catalogue.
	"""
	data = {key: value for key, value in order.data.items() if key not in _HASHED_OUT}
	data["specials"] = [
		{key: value for key, value in special.items() if key not in _SECRET_SPECIAL}
		for special in data.get("specials") or ()
	]
	text = json.dumps(canonical([data, catalogue.hash, round_no]), sort_keys=True, ensure_ascii=False)
	return hashlib.sha256(text.encode()).hexdigest()


# --- head ----------------------------------------------------------------------------------------------


def _head(
	catalogue: Catalogue, order: Order, review: Mapping[str, Any], lang: str, committed: str
) -> list[tuple[str, str]]:
	data, model = order.data, catalogue.models[order.model]
	customer = data.get("customer") if isinstance(data.get("customer"), Mapping) else {}
	grade = order.grade if order.grade == "NA" else f"{order.grade} {say(glossary.GRADES, order.grade, lang)}"
	if order.grade == "NA":
		grade = say(glossary.GRADES, "NA", lang)
	rows: list[tuple[str, object]] = [
		("id", order.id),
		("order_type", say(glossary.ORDER_TYPES, order.order_type, lang)),
		("customer", (customer or {}).get("name")),
		("dealer", data.get("dealer")),
		("market_department", say(glossary.DEPARTMENTS, _text(data.get("market_department")), lang)),
		("salesperson", data.get("salesperson")),
		("model", f"{order.model} {model.name_zh if lang == 'zh' else model.name_en}"),
		("qty", order.qty),
		("grade", grade),
		("use", say(glossary.USES, order.use, lang)),
		("order_date", order.order_date),
		("quotation_date", order.quotation_date),
		("requested_delivery", order.requested_delivery),
		("earliest_delivery", review["earliest_delivery"]),
		("committed_delivery", committed),
		("price_book", order.price_book),
		("payment_mode", say(glossary.PAYMENT_MODES, order.payment_mode, lang)),
		("deposit_pct", order.deposit_pct),
	]
	rows += _head_of_kind(order, lang)
	return [(say(FIELDS, key, lang), _text(value) or "–") for key, value in rows if _kept(key, value)]


def _head_of_kind(order: Order, lang: str) -> list[tuple[str, object]]:
	data = order.data
	internal = data.get("internal") if isinstance(data.get("internal"), Mapping) else {}
	rows: list[tuple[str, object]] = [
		(f"internal.{key}", (internal or {}).get(key)) for key in ("cost_centre", "purpose_zh", "disposal_zh")
	]
	if data.get("currency", "CNY") not in (None, "CNY"):
		unit = f"{data['currency']} {amount(_number(order.negotiated_unit))}"
		rows.append(("negotiated_unit", f"{unit} × {order.fx}"))
	return [*rows, ("dest_stage", order.dest_stage)]


_OPTIONAL = (
	"quotation_date",
	"dest_stage",
	"internal.cost_centre",
	"internal.purpose_zh",
	"internal.disposal_zh",
)


def _kept(key: str, value: object) -> bool:
	return bool(_text(value)) or key not in _OPTIONAL


def _text(value: object) -> str:
	return "" if value is None else str(value)


def _number(value: Any) -> Any:
	return None if value is None else float(value) if value != int(value) else int(value)


# --- configuration -------------------------------------------------------------------------------------


def _nonstandard(
	catalogue: Catalogue, order: Order, review: Mapping[str, Any], lang: str
) -> list[dict[str, Any]]:
	model = catalogue.models[order.model]
	listed = _listed_prices(review)
	chosen = [code for code in review["configuration"] if code not in model.standard]
	rows = [_chosen_row(catalogue, model, order, code, listed, lang) for code in _sorted(catalogue, chosen)]
	rows += _left_out(catalogue, model, review, lang)
	return rows + [_special_row(special, order, lang) for special in order.specials]


def _listed_prices(review: Mapping[str, Any]) -> dict[str, Any]:
	trace = (review["price"] or {}).get("trace", ())
	return {line["ref"]: line["amount"] for line in trace if line["figure"] == "options_list"}


def _sorted(catalogue: Catalogue, codes: Iterable[str]) -> list[str]:
	def place(code: str) -> tuple[int, str]:
		option = catalogue.options.get(code)
		family = catalogue.families.get(option.family) if option else None
		return (family.sort if family else 10_000, code)

	return sorted(codes, key=place)


def _chosen_row(
	catalogue: Catalogue, model: Model, order: Order, code: str, listed: Mapping[str, Any], lang: str
) -> dict[str, Any]:
	option = catalogue.options.get(code)
	claimed = _number(order.claimed_options.get(code))
	price = listed.get(code, 0 if listed and catalogue.is_offered(code, model) else None)
	return {
		"family": family_name(catalogue, option.family, lang) if option else "",
		"code": code,
		"name": option_name(catalogue, code, lang),
		"replaces": _replaced(catalogue, model, code),
		"note": "" if catalogue.is_offered(code, model) else "not_offered",
		"list": price,
		"claimed": claimed,
		"differs": claimed is not None and price is not None and claimed != price,
	}


def _replaced(catalogue: Catalogue, model: Model, code: str) -> str:
	option = catalogue.options.get(code)
	if option is None or not catalogue.families[option.family].single:
		return ""
	return next((one for one in model.standard if catalogue.options[one].family == option.family), "")


def _left_out(
	catalogue: Catalogue, model: Model, review: Mapping[str, Any], lang: str
) -> list[dict[str, Any]]:
	chosen = set(review["configuration"])
	filled = {catalogue.options[code].family for code in chosen if code in catalogue.options}
	missing = [
		code
		for code in model.standard
		if code not in chosen
		and not (
			catalogue.families[catalogue.options[code].family].single
			and catalogue.options[code].family in filled
		)
	]
	return [
		{
			"family": family_name(catalogue, catalogue.options[code].family, lang),
			"code": code,
			"name": option_name(catalogue, code, lang),
			"replaces": "",
			"note": "left_out",
			"list": None,
			"claimed": None,
			"differs": False,
		}
		for code in missing
	]


def _special_row(special: Any, order: Order, lang: str) -> dict[str, Any]:
	return {
		"family": "",
		"code": special.request_no,
		"name": special.name_zh,
		"replaces": special.valid_to.isoformat() if special.valid_to else "",
		"note": "special" if special.unit_price is not None else "not_priced",
		"list": _number(special.unit_price),
		"claimed": None,
		"differs": False,
	}


def _standard(
	catalogue: Catalogue, order: Order, review: Mapping[str, Any], lang: str
) -> list[dict[str, str]]:
	model = catalogue.models[order.model]
	kept = [code for code in review["configuration"] if code in model.standard]
	return [
		{
			"family": family_name(catalogue, catalogue.options[code].family, lang),
			"code": code,
			"name": option_name(catalogue, code, lang),
		}
		for code in _sorted(catalogue, kept)
	]


# --- price ---------------------------------------------------------------------------------------------


def _price(catalogue: Catalogue, order: Order, review: Mapping[str, Any], lang: str) -> dict[str, Any] | None:
	price = review["price"]
	if price is None:
		return None
	level = price["approval_level"]
	return {
		"hidden": price["base_list"] is None,
		"rows": [_box_row(figure, price, lang) for figure in _BOX_FIGURES if price[figure] is not None],
		"level": f"{level} {say(glossary.LEVELS, level, lang)}" if level else "",
		"level_label": say(FIGURES, "approval_level", lang),
		"total": amount(price["total"]),
		"total_label": say(FIGURES, "total", lang),
		"qty": order.qty,
		"policies": _policy_lines(catalogue, price, lang),
		"services": [
			(say(glossary.SERVICES, line["ref"], lang), amount(line["amount"]))
			for line in price["trace"]
			if line["figure"] == "services"
		],
		"book": next(
			(line["detail"].get("book", "") for line in price["trace"] if line["figure"] == "base_list"), ""
		),
	}


def _box_row(figure: str, price: Mapping[str, Any], lang: str) -> dict[str, Any]:
	value = price[figure]
	return {
		"letter": FIGURE_LETTERS[figure],
		"label": say(FIGURES, figure, lang),
		"sign": _SIGNS.get(figure, "") if value else "",
		"value": percent(value) if figure == "deviation_pct" else amount(value),
		"bold": figure in _BOLD_FIGURES,
	}


def _policy_lines(catalogue: Catalogue, price: Mapping[str, Any], lang: str) -> list[tuple[str, str, str]]:
	lines = []
	for line in price["trace"]:
		policy = catalogue.policies.get(line["ref"]) if line["source"] == "policy" else None
		if policy is not None and line["amount"] is not None:
			sign = "−" if line["figure"] == "discounts" else "+"
			name = policy.name_zh if lang == "zh" else policy.name_en
			lines.append((policy.code, name, f"{sign}{amount(line['amount'])}"))
	return lines


# --- findings, opinions --------------------------------------------------------------------------------


def _findings(
	review: Mapping[str, Any], lang: str, settlements: Mapping[tuple[str, str], str]
) -> list[dict[str, Any]]:
	return [
		{
			"code": found["code"],
			"title": say(glossary.FINDINGS, found["code"], lang),
			"ref": found["ref"],
			"severity": say(glossary.SEVERITIES, found["severity"], lang),
			"message": found["message"][lang],
			"options": ", ".join(found["options"]),
			"department": say(glossary.DEPARTMENTS, found["department"], lang),
			"settled": settlements.get((found["code"], found["ref"]), ""),
		}
		for found in review["findings"]
	]


def _signatures(given: Mapping[str, str], *, approver: bool) -> dict[str, str]:
	"""Places to sign, with names; that a price needs an approver follows from the deviation."""
	places = ("oa", "os", "approver") if approver else ("oa", "os")
	return {place: given.get(place, "") for place in places}


def _answers(
	order: Order,
	review: Mapping[str, Any],
	lang: str,
	opinions: Sequence[Mapping[str, str]],
	round_no: int,
	status: str,
) -> dict[str, Any]:
	"""The opinions; once they are asked for, boxes to fill in by hand would say that nobody answered."""
	said = (
		""
		if opinions
		else "opinions_given"
		if status in _GIVEN
		else "opinions_asked"
		if status == _ASKED
		else ""
	)
	return {
		"opinions": [] if said else _opinions(order, review, lang, opinions, round_no),
		"opinions_said": say(LABELS, said, lang) if said else "",
	}


def _opinions(
	order: Order, review: Mapping[str, Any], lang: str, opinions: Sequence[Mapping[str, str]], round_no: int
) -> list[dict[str, str]]:
	if opinions:
		return [{**row, "department": say(glossary.DEPARTMENTS, row["department"], lang)} for row in opinions]
	empty = {"opinion": "", "condition": "", "name": "", "date": "", "round": str(round_no)}
	return [
		{**empty, "department": say(glossary.DEPARTMENTS, department, lang)}
		for department in _concerned(order, review)
	]


def _concerned(order: Order, review: Mapping[str, Any]) -> list[str]:
	"""Departments an empty form has a row for: always three, more by what the order holds."""
	concerned = ["TECH", "PLAN", "FIN"]
	if order.specials:
		concerned += ["MKTPLAN", "SUPPLY", "PRODMGT", "QA"]
	concerned += [found["department"] for found in review["findings"]]
	return list(dict.fromkeys(concerned))


# --- production ----------------------------------------------------------------------------------------


def _production(catalogue: Catalogue, order: Order, review: Mapping[str, Any], lang: str) -> dict[str, Any]:
	found = review["production"]
	assemblies = {
		(rule.code, line.assembly): line
		for rule in catalogue.translation_rules
		for line in rule.lines.get(order.model, ())
	}
	slots = {slot.code: slot.name_zh for slot in catalogue.slots}
	shops: dict[str, list[dict[str, Any]]] = {}
	for line in found["lines"]:
		assembly = assemblies[line["rule"], line["assembly"]]
		shops.setdefault(assembly.shop, []).append(
			{
				"slot": line["slot"] if lang == "zh" else _slot_name(catalogue, line["slot"], slots, lang),
				"assembly": line["assembly"],
				"name": assembly.name_zh,
				"qty": line["qty"],
				"options": ", ".join(line["options"]),
				"rule": line["rule"],
			}
		)
	order_of_shops = [*glossary.SHOPS, *(shop for shop in shops if shop not in glossary.SHOPS)]
	return {
		"shops": [(say(glossary.SHOPS, shop, lang), shops[shop]) for shop in order_of_shops if shop in shops],
		"count": len(found["lines"]),
		"gaps": [_slot_name(catalogue, slot, slots, lang) for slot in found["gaps"]],
		"doubles": [
			f"{_slot_name(catalogue, double['slot'], slots, lang)} ({', '.join(double['rules'])})"
			for double in found["doubles"]
		],
		"livery": ", ".join(order.livery_files),
		"specials": [f"{special.request_no} {special.name_zh}" for special in order.specials],
	}


def _slot_name(catalogue: Catalogue, slot: str, names: Mapping[str, str], lang: str) -> str:
	family = catalogue.families.get(slot)
	if lang == "en" and family is not None:
		return f"{slot} {family.name_en}"
	option = catalogue.options.get(slot)
	if lang == "en" and option is not None:
		return f"{slot} {option.name_en}"
	return slot if lang == "en" else names.get(slot) or slot
