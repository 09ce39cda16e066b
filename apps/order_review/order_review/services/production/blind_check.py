"""Blind re-check (盲审): the auditor of a risky version translates it himself before he may see the first result."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr, flt, now_datetime

from order_review.constants import (
	BLIND_TRANSLATION,
	PRODUCTION_CONFIGURATION,
	REVIEW_SETTINGS,
	ROLES,
	SALES_CONTRACT,
)
from order_review.engine import blind
from order_review.engine.production import families_of_slots, slots_of
from order_review.exceptions import ProductionEntryError, SelfApprovalError
from order_review.services import catalogue_store, delegations, guard, notices
from order_review.services.contracts import lines
from order_review.services.production import notes, translation

DRAWN, HANDED_IN = "Drawn", "Handed In"
"""States of the blind check on a version; nothing where it was not drawn."""

AUDITOR = ROLES["AU"][0]
_SUPERVISOR = ROLES["OS"][0]

PROCESS = guard.Process(
	first="Open",
	writable={"Open": {AUDITOR: frozenset({"lines"})}},
	computed=frozenset(
		"title production_configuration sales_contract line_no version auditor translator handed_in_on model reasons "
		"checked equal hit_rate sold result".split()
	),
	system_moves=frozenset({("Open", HANDED_IN), ("Open", "Void")}),
)


# --- drawn when the audit begins ----------------------------------------------------------------------------


def draw(version: Document) -> None:
	"""Decide, and write down why, whether a version is checked blind; once per version."""
	if version.blind_state:
		return
	chosen = blind.decide(risk_of(version), thresholds())
	if not chosen.is_drawn:
		return
	catalogue = catalogue_store.current()
	model = catalogue.models[version.model]
	slots = blind.slots_to_check(
		chosen,
		families_of_slots(catalogue, model),
		{code: option.family for code, option in catalogue.options.items()},
		_picked(version),
	)
	version.blind_state = DRAWN
	version.blind_reasons = ", ".join(chosen.reasons)
	version.blind_slots = "\n".join(slots)


def thresholds() -> blind.Thresholds:
	"""What Order Review Settings say makes a configuration risky; what they never said is as supplied."""
	stored, meta = frappe.db.get_singles_dict(REVIEW_SETTINGS), frappe.get_meta(REVIEW_SETTINGS)

	def said(name: str) -> Any:
		value = stored.get(name)
		return meta.get_field(name).default if value is None else value

	return blind.Thresholds(
		special=bool(cint(said("blind_special"))),
		option_uses=cint(said("blind_option_uses")),
		model_uses=cint(said("blind_model_uses")),
		value=Decimal(str(flt(said("blind_value")))),
	)


def risk_of(version: Document) -> blind.Risk:
	"""What is known of a version: its specials, how often model and options were released, what the line is worth."""
	picked = _picked(version)
	return blind.Risk(
		specials=sum(not notes.is_note(row.request_no) for row in version.specials),
		option_uses={code: _uses(code) for code in picked},
		model_uses=frappe.db.count(
			PRODUCTION_CONFIGURATION, {"model": version.model, "docstatus": 1, "name": ["!=", version.name]}
		),
		value=_value(version),
	)


def _picked(version: Document) -> list[str]:
	return [row.vehicle_option for row in version.options if not row.is_standard]


def _uses(option: str) -> int:
	filters = {"vehicle_option": option, "parenttype": PRODUCTION_CONFIGURATION, "docstatus": 1}
	return frappe.db.count("Production Configuration Option", filters)


def _value(version: Document) -> Decimal:
	"""The line's amount in home currency."""
	head = frappe.db.get_value(SALES_CONTRACT, version.sales_contract, ["fx_rate"], as_dict=True)
	line = {"parent": version.sales_contract, "parenttype": SALES_CONTRACT, "line_no": version.line_no}
	row = frappe.db.get_value("Sales Contract Line", line, ["unit_price", "qty", "fx_rate"], as_dict=True)
	if not row:
		return Decimal(0)
	return Decimal(str(flt(row.unit_price) * cint(row.qty) * (lines.rate_of(head, row) or 1)))


def open_for(version: Document) -> None:
	"""Make the sheet the auditor fills in, and call the auditors to it."""
	if version.blind_state != DRAWN or _open_sheet(version.name):
		return
	catalogue = catalogue_store.current()
	names = {slot.code: slot.name_zh for slot, _rules in slots_of(catalogue, catalogue.models[version.model])}
	sheet = frappe.get_doc(
		{
			"doctype": BLIND_TRANSLATION,
			"title": f"{version.sales_contract}/{version.line_no} {version.model} V{version.version}",
			"production_configuration": version.name,
			"translator": version.translator,
			"reasons": version.blind_reasons,
			**{name: version.get(name) for name in ("sales_contract", "line_no", "version", "model")},
			"sold": json.dumps(_sold(version), ensure_ascii=False),
			"lines": [
				{"slot": slot, "slot_name": names.get(slot), "qty": 1}
				for slot in version.blind_slots.split("\n")
			],
		}
	)
	guard.insert(sheet)
	auditors = set(delegations.users_with(AUDITOR)) - translation.translators(version)
	notices.tell(sheet, auditors, _("{0}: blind re-check of {1}").format(sheet.name, sheet.title))


def _sold(version: Document) -> dict[str, Any]:
	"""What the contract line says; nothing of what is built for it."""
	options = [
		{name: row.get(name) for name in ("family", "vehicle_option", "name_zh", "name_en", "is_standard")}
		for row in version.options
	]
	specials = [
		{name: row.get(name) for name in ("request_no", "name_zh", "drawing_no", "contract_text")}
		for row in version.specials
	]
	head = {name: version.get(name) for name in ("model", "grade", "use", "qty")}
	return {**head, "options": options, "specials": specials}


def _open_sheet(version: str) -> str | None:
	return frappe.db.get_value(BLIND_TRANSLATION, {"production_configuration": version, "status": "Open"})


# --- what the auditor enters --------------------------------------------------------------------------------


def check(sheet: Document) -> None:
	"""One auditor fills in the slots he is asked for.

	Raises:
		ProductionEntryError, SelfApprovalError.
	"""
	if guard.is_system_save(sheet):
		return
	stored = sheet.get_doc_before_save()
	if stored is None:
		_refuse(_("A blind translation is drawn by the system when an audit begins."))
	_refuse_translators(sheet.production_configuration)
	_refuse_others(stored)
	sheet.auditor = frappe.session.user
	_check_lines(sheet, stored)


def _check_lines(sheet: Document, stored: Document) -> None:
	"""The slots that are asked for are there, and no others."""
	asked = {row.slot: row.slot_name for row in stored.lines}
	for row in sheet.lines:
		if row.slot not in asked:
			_refuse(_("Row {0}: slot {1} is not asked for.").format(row.idx, row.slot or "–"))
		row.slot_name = asked[row.slot]
		row.assembly_no = cstr(row.assembly_no).strip()
		if row.assembly_no and flt(row.qty) <= 0:
			_refuse(_("Row {0}: the quantity is {1}; it is at least 1.").format(row.idx, flt(row.qty)))
	left_out = [slot for slot in asked if slot not in {row.slot for row in sheet.lines}]
	if left_out:
		_refuse(
			_("Slots are missing: {0}. Leave the number empty where nothing is built in.").format(
				", ".join(left_out)
			)
		)


def check_open(sheet: Document) -> None:
	"""The blind translation is the user's to hand in.

	Raises:
		frappe.PermissionError, SelfApprovalError, ProductionEntryError.
	"""
	sheet.check_permission("read")
	delegations.taken_role(AUDITOR, _("Only the Configuration Auditor hands a blind translation in."))
	_refuse_translators(sheet.production_configuration)
	version = frappe.db.get_value(PRODUCTION_CONFIGURATION, sheet.production_configuration, "status")
	if sheet.status != "Open" or version != "Auditing":
		_refuse(_("{0} is no longer open.").format(sheet.name))
	_refuse_others(sheet)


def _refuse_others(sheet: Document) -> None:
	"""Raise ProductionEntryError unless the sheet is nobody's yet, the user's, or an absent auditor's for whom he acts."""
	user = frappe.session.user
	if sheet.auditor in (None, "", user) or delegations.stands_in(user, sheet.auditor, (AUDITOR,)):
		return
	_refuse(
		_("{0} is filled in by {1}. The Order Supervisor assigns it to somebody else.").format(
			sheet.name, frappe.utils.get_fullname(sheet.auditor)
		)
	)


def check_fill_in(sheet: Document) -> None:
	"""The user fills the sheet in for an absent auditor, without a right of his own to write in it."""
	check_open(sheet)
	if AUDITOR in frappe.get_roles():
		_refuse(_("Write in the form and save it."))


def check_assign(sheet: Document) -> str | None:
	"""The sheet is the user's to assign; gives the absent user for whom he does it.

	Raises:
		frappe.PermissionError, ProductionEntryError.
	"""
	sheet.check_permission("read")
	absent = delegations.taken_role(_SUPERVISOR, _("Only the Order Supervisor assigns a blind translation."))
	if sheet.status != "Open":
		_refuse(_("{0} is no longer open.").format(sheet.name))
	return absent


OFFERS = {"hand_in": check_open, "fill_in": check_fill_in, "assign": check_assign}
"""What the form offers, each with the check its call begins with."""


def auditors(sheet: Document) -> list[str]:
	"""Users who may fill the sheet in: auditors and their delegates who are there and had no hand in the translation."""
	version = frappe.get_doc(PRODUCTION_CONFIGURATION, sheet.production_configuration)
	made = translation.translators(version)
	return [
		user
		for user in delegations.users_with(AUDITOR)
		if not delegations.is_away(user)
		and made.isdisjoint({user, delegations.acting_for(user, AUDITOR) or user})
	]


def assign(name: str, user: str) -> None:
	"""Give an open blind translation to an auditor, whoever began it; what is filled in stays.

	Raises:
		frappe.PermissionError: the session's user is not the Order Supervisor.
		ProductionEntryError: it is no longer open, or the user does not audit.
		SelfApprovalError: the user had a hand in the translation.
	"""
	_version, sheet = _locked(name)
	absent = check_assign(sheet)
	_check_assignee(sheet, user)
	before = sheet.auditor
	with guard.acting(absent):
		guard.write(sheet, {"auditor": user})
	sheet.add_comment("Info", _("Assigned to {0}.").format(frappe.utils.get_fullname(user)))
	notices.tell(
		sheet,
		[user, before],
		lambda: _("{0} is assigned to {1}").format(sheet.title, frappe.utils.get_fullname(user)),
	)


def _check_assignee(sheet: Document, user: str) -> None:
	if user in auditors(sheet):
		return
	if user in delegations.users_with(AUDITOR) and not delegations.is_away(user):
		_refuse_hand(sheet.production_configuration)
	_refuse(
		_(
			"{0} does not audit now: neither has the role {1} nor acts for somebody who has it, or is away."
		).format(frappe.utils.get_fullname(user), _(AUDITOR))
	)


def fill_in(name: str, lines: Iterable[Mapping[str, Any]]) -> None:
	"""Write the lines of the blind translation as the delegate of an auditor, who takes it over with that.

	Args:
		lines: ``slot``, ``assembly_no`` and ``qty`` each.

	Raises:
		frappe.PermissionError, SelfApprovalError, ProductionEntryError.
	"""
	_version, sheet = _locked(name)
	check_fill_in(sheet)
	stored = frappe.get_doc(BLIND_TRANSLATION, name)
	given = [{key: row.get(key) for key in ("slot", "assembly_no", "qty", "note")} for row in lines]
	sheet.set("lines", given)
	_check_lines(sheet, stored)
	with guard.acting(delegations.taken_role(AUDITOR)):
		guard.write(sheet, {"auditor": frappe.session.user})


def _locked(name: str) -> tuple[Document, Document]:
	"""The version and its sheet, locked in this order."""
	reference = frappe.db.get_value(BLIND_TRANSLATION, name, "production_configuration")
	if not reference:
		raise frappe.DoesNotExistError(
			_("{0} {1} not found", context="Order Review").format(_(BLIND_TRANSLATION), name)
		)
	version = frappe.get_doc(PRODUCTION_CONFIGURATION, reference, for_update=True)
	return version, frappe.get_doc(BLIND_TRANSLATION, name, for_update=True)


def hand_in(name: str) -> dict[str, Any]:
	"""Compare the auditor's lines with the translator's; from now on both see both.

	Returns:
		``checked``, ``equal``, ``hit_rate`` and ``rows``.

	Raises:
		frappe.PermissionError, SelfApprovalError, ProductionEntryError.
	"""
	version, sheet = _locked(name)
	check_open(sheet)
	absent = delegations.taken_role(AUDITOR)
	if sheet.auditor != frappe.session.user:
		_refuse(_("Fill the blind translation in and save it first."))
	result = blind.score(
		cstr(version.blind_slots).split("\n"),
		((row.slot, (cstr(row.assembly_no), Decimal(str(flt(row.qty))))) for row in version.lines),
		((row.slot, (cstr(row.assembly_no), Decimal(str(flt(row.qty))))) for row in sheet.lines),
	)
	rows = json.dumps([row.as_dict() for row in result.rows], ensure_ascii=False)
	with guard.acting(absent):
		_keep(version, sheet, result, rows)
	return {
		"checked": result.checked,
		"equal": result.equal,
		"hit_rate": float(result.hit_rate),
		"rows": json.loads(rows),
	}


def _keep(version: Document, sheet: Document, result: blind.Score, rows: str) -> None:
	rate = float(result.hit_rate)
	figures = {"checked": result.checked, "equal": result.equal, "hit_rate": rate, "result": rows}
	guard.write(sheet, {**figures, "status": HANDED_IN, "handed_in_on": now_datetime()})
	guard.write(version, {"blind_state": HANDED_IN, "blind_hit_rate": rate, "blind_result": rows})
	subject = _("{0}: blind re-check, {1} of {2} slots agree").format(
		version.name, result.equal, result.checked
	)
	notices.tell(version, [version.translator, version.owner_oa], subject)


def refuse_pending(version: Document) -> None:
	"""Raise ProductionEntryError while the blind translation is not handed in."""
	if version.blind_state == DRAWN:
		_refuse(
			_("{0} is drawn for a blind re-check. Hand your own translation in first: {1}.").format(
				version.name, _open_sheet(version.name) or "–"
			)
		)


def _refuse_translators(version: str) -> None:
	document = frappe.get_doc(PRODUCTION_CONFIGURATION, version)
	absent = delegations.acting_for(frappe.session.user, AUDITOR)
	if (guard.people() | {absent}) & translation.translators(document):
		_refuse_hand(version)


def _refuse_hand(version: str) -> None:
	frappe.throw(
		_("Who had a hand in the translation of {0} does not audit it.").format(version),
		title=_("Blind Re-check"),
		exc=SelfApprovalError,
	)


def candidates(sheet: Document, slot: str) -> list[dict[str, str]]:
	"""The assemblies the catalogue knows for a slot of the model, whatever the configuration."""
	catalogue = catalogue_store.current()
	rules = next(
		(rules for one, rules in slots_of(catalogue, catalogue.models[sheet.model]) if one.code == slot), []
	)
	found = {line.assembly: line.name_zh for rule in rules for line in rule.lines.get(sheet.model, ())}
	return [{"value": number, "description": name} for number, name in sorted(found.items())]


def void(version: Document) -> None:
	"""A withdrawn version is not checked any more."""
	name = _open_sheet(version.name)
	if name:
		guard.write(frappe.get_doc(BLIND_TRANSLATION, name), {"status": "Void"})


def forget(version: Document) -> None:
	"""Take the blind translations away with the version."""
	for name in frappe.get_all(BLIND_TRANSLATION, {"production_configuration": version.name}, pluck="name"):
		frappe.delete_doc(BLIND_TRANSLATION, name, force=True, ignore_permissions=True)


# --- what is shown, and to whom -----------------------------------------------------------------------------


def shown(version: Document) -> dict[str, Any] | None:
	"""The result of the blind check for forms; None where the version was not drawn."""
	if not version.blind_state:
		return None
	return {
		"state": version.blind_state,
		"reasons": cstr(version.blind_reasons).split(", "),
		"hit_rate": flt(version.blind_hit_rate),
		"sheet": frappe.db.get_value(
			BLIND_TRANSLATION, {"production_configuration": version.name, "status": ["!=", "Void"]}
		),
		"rows": json.loads(version.blind_result or "[]"),
	}


def hides(contracts: Collection[str], user: str) -> bool:
	"""Whether what is built for contracts is kept from a user who is to translate one of their lines blind."""
	if not contracts or user == "Administrator" or not audits(user):
		return False
	drawn = {"sales_contract": ["in", list(contracts)], "blind_state": DRAWN}
	return any(one != user for one in frappe.get_all(PRODUCTION_CONFIGURATION, drawn, pluck="translator"))


def hides_order(intent_order: str, user: str) -> bool:
	"""The same for the contracts of an intent order."""
	lines = {"intent_order": intent_order, "parenttype": SALES_CONTRACT}
	return hides(frappe.get_all("Sales Contract Line", lines, pluck="parent"), user)


def audits(user: str) -> bool:
	"""Whether a user may be the auditor: by role, or acting for one who has it."""
	return AUDITOR in frappe.get_roles(user) or AUDITOR in delegations.roles_taken(user)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Blind Re-check"), exc=ProductionEntryError)
