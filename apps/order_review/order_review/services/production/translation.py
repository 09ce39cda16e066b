"""Configuration translation (配置翻译) of a contract line: snapshot, lines by rule and by hand, what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr, flt, getdate

from order_review.constants import LIVERY_DESIGN, PRODUCTION_CONFIGURATION, SALES_CONTRACT
from order_review.engine import production_entry as entry
from order_review.engine.catalogue import Catalogue
from order_review.engine.evaluate import Facts
from order_review.engine.order import context
from order_review.engine.production import (
	Production,
	Silent,
	families_of_slots,
	silent_fillings,
	slots_of,
	translate,
)
from order_review.exceptions import ProductionEntryError
from order_review.glossary import SHOPS
from order_review.services import catalogue_store, guard
from order_review.services.contracts import lines as contract_lines
from order_review.services.production import notes

NONE_NEEDED, LIBRARY, DESIGN = "None Needed", "Library Pattern", "Livery Design"
"""What is known of the livery."""


# --- from the contract --------------------------------------------------------------------------------------


def take_snapshot(version: Document, contract: Document, line: Document) -> None:
	"""Carry what the contract line says into a version."""
	version.update(
		{
			"company": contract.company,
			"market_department": contract.market_department,
			"owner_oa": contract.owner_oa,
			"contract_version": cint(contract.version) or 1,
			"configuration_hash": contract_lines.configuration_hash(contract, line),
			"delivery_date": line.delivery_date,
			"title": f"{contract.name}/{line.line_no} {line.model} V{version.version}",
			**{name: line.get(name) for name in ("model", "grade", "use", "qty")},
		}
	)
	kept = ("family", "vehicle_option", "is_standard", "name_zh", "name_en")
	version.set(
		"options",
		[
			{name: row.get(name) for name in kept}
			for row in contract_lines.rows_of(contract, "options", line.line_no)
		],
	)
	handled = {row.request_no: row for row in version.specials}
	version.set(
		"specials",
		[
			*(
				_special_row(row, handled.get(row.request_no))
				for row in contract_lines.rows_of(contract, "specials", line.line_no)
			),
			*(_note_row(note, handled.get(note.number)) for note in notes.of_line(contract, line)),
		],
	)


def _special_row(row: Document, before: Document | None) -> dict[str, Any]:
	said = ("handling", "reason", "decided_by")
	return {
		**{name: row.get(name) for name in ("request_no", "name_zh", "drawing_no")},
		**{name: before.get(name) if before else None for name in said},
	}


def _note_row(note: notes.Note, before: Document | None) -> dict[str, Any]:
	"""A note of the contract; what was said about another text does not hold for this one."""
	same = before is not None and cstr(before.contract_text).strip() == note.text
	said = ("handling", "reason", "decided_by")
	return {
		"request_no": note.number,
		"name_zh": note.name,
		"contract_text": note.text,
		**{name: before.get(name) if before and same else None for name in said},
	}


# --- the engine's part --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Translated:
	"""What the rules say of a version."""

	catalogue: Catalogue
	production: Production
	silent: tuple[Silent, ...]
	slots: tuple[str, ...]
	asked: dict[str, tuple[str, ...]]

	def compose(self, manual: list[entry.EntryLine]) -> entry.Composed:
		"""Put what the rules say and what was entered by hand together."""
		return entry.compose(self.production, manual, self.slots, self.asked)


def translated(version: Document) -> Translated:
	"""Translate the options a version was made for, by the catalogue as it is now.

	Raises:
		ProductionEntryError: the catalogue does not know the model.
	"""
	catalogue = catalogue_store.current()
	model = catalogue.models.get(version.model)
	if model is None:
		_refuse(_("The catalogue has no vehicle model {0}.").format(version.model))
	contract = frappe.db.get_value(
		SALES_CONTRACT, version.sales_contract, ["contract_date", "order_type"], as_dict=True
	)
	stage = frappe.db.get_value(
		"Sales Contract Line",
		{"parent": version.sales_contract, "line_no": version.line_no},
		"dest_emission_stage",
	)
	facts = Facts(
		catalogue,
		model,
		context(
			use=version.use or model.default_use,
			grade=version.grade or model.default_grade,
			qty=cint(version.qty) or 1,
			dest_stage=cint(stage) or None,
			order_type=contract.order_type,
		),
		getdate(contract.contract_date),
		frozenset(row.vehicle_option for row in version.options),
	)
	slots = tuple(slot.code for slot, _rules in slots_of(catalogue, model))
	asked = {
		slot: tuple(sorted(code for family in families for code in facts.of_family(family)))
		for slot, families in families_of_slots(catalogue, model).items()
	}
	return Translated(catalogue, translate(facts), silent_fillings(facts), slots, asked)


def entry_lines(version: Document) -> Iterator[entry.EntryLine]:
	"""The lines of a version as the engine reads them."""
	for row in version.lines:
		yield entry.EntryLine(
			cstr(row.slot),
			cstr(row.assembly_no).strip(),
			cstr(row.assembly_name),
			Decimal(str(flt(row.qty))),
			cstr(row.shop),
			row.source or entry.MANUAL,
			cstr(row.rule),
			tuple(part.strip() for part in cstr(row.from_options).split(",") if part.strip()),
			cstr(row.reason).strip(),
			cstr(row.special),
			cstr(row.change),
			cstr(row.replaces),
		)


def fill(version: Document) -> None:
	"""Fill every slot: by its rule, or by the line entered in its place.

	Raises:
		ProductionEntryError: a line by hand is not complete, or a line by rule was changed.
	"""
	found = translated(version)
	_check_rows(version, found)
	_note_deciders(version)
	manual = [line for line in entry_lines(version) if line.source == entry.MANUAL]
	made = found.compose(manual)
	previous = tuple(entry_lines(previous_of(version))) if version.supersedes else ()
	lines = entry.marked(made.lines, previous) if version.supersedes else made.lines
	_set_lines(version, lines)
	version.gaps = ", ".join(made.gaps)
	version.doubles = "; ".join(f"{slot}: {', '.join(rules)}" for slot, rules in made.doubles)
	version.manual_count = len(manual)
	version.catalogue_hash = found.catalogue.hash
	version.unexplained = ", ".join(entry.unexplained(trace(version, found)))


def _set_lines(version: Document, lines: tuple[entry.EntryLine, ...]) -> None:
	"""Replace the lines, keeping rows of the same part, so that nothing is written without need."""
	there: dict[tuple[str, str], list[Document]] = {}
	for row in version.lines:
		there.setdefault((cstr(row.slot), cstr(row.assembly_no).strip()), []).append(row)
	rows: list[Any] = []
	for line in lines:
		kept = there.get((line.slot, line.assembly))
		if kept:
			row = kept.pop(0)
			row.update(_row(line))
			rows.append(row)
		else:
			rows.append(_row(line))
	version.set("lines", rows)
	for place, row in enumerate(version.lines, 1):
		row.idx = place


def previous_of(version: Document) -> Document:
	"""The version this one takes the place of."""
	return frappe.get_doc(PRODUCTION_CONFIGURATION, version.supersedes)


def _row(line: entry.EntryLine) -> dict[str, Any]:
	return {
		"slot": line.slot,
		"assembly_no": line.assembly,
		"assembly_name": line.name,
		"qty": float(line.qty),
		"shop": line.shop,
		"source": line.source,
		"rule": line.rule,
		"from_options": ", ".join(line.options),
		"reason": line.reason,
		"special": line.special,
		"change": line.change,
		"replaces": line.replaces,
	}


def trace(version: Document, found: Translated | None = None) -> tuple[entry.TraceRow, ...]:
	"""The trace matrix of a version: every option against its lines, every line against what was sold."""
	silent = (found or translated(version)).silent
	specials = {row.request_no: (cstr(row.handling), cstr(row.reason).strip()) for row in version.specials}
	return entry.trace(
		[row.vehicle_option for row in version.options], entry_lines(version), silent, specials
	)


def is_current(version: Document) -> bool:
	"""Whether the lines are what the rules say now."""
	found = translated(version)
	lines = list(entry_lines(version))
	made = found.compose([line for line in lines if line.source == entry.MANUAL])
	return [_kept(line) for line in made.lines] == [_kept(line) for line in lines]


def _kept(line: entry.EntryLine) -> tuple[Any, ...]:
	return (line.slot, line.assembly, line.qty, line.source, line.rule)


def carry_manual(version: Document, previous: Document) -> None:
	"""Take lines by hand over from the version before: those of slots the rules fill as they did."""
	changed = entry.changed_slots(translated(previous).production, translated(version).production)
	manual = [line for line in entry_lines(previous) if line.source == entry.MANUAL]
	specials = {row.request_no for row in version.specials}
	version.set("lines", [_row(line) for line in entry.kept_manual(manual, changed, specials)])


# --- what the translator enters -----------------------------------------------------------------------------

_RULED = ("slot", "assembly_no", "shop", "assembly_name")


def _ruled(row: Document) -> tuple[Any, ...]:
	"""What a rule says of a line; a browser sends the quantity 1.0 as 1."""
	return (*(cstr(row.get(name)) for name in _RULED), flt(row.qty))


def _check_rows(version: Document, found: Translated) -> None:
	stored = version.get_doc_before_save()
	before = {row.name: row for row in stored.lines} if stored else {}
	specials = {row.request_no for row in version.specials}
	for row in version.lines:
		own = before.get(row.name)
		if own is not None and own.source == entry.RULE:
			row.source = entry.RULE
			if _ruled(row) != _ruled(own):
				_refuse(
					_(
						"Production lines, row {0}: the line of slot {1} comes from rule {2}. "
						"Leave it as it is and enter a line by hand for the slot, with a reason."
					).format(row.idx, own.slot, own.rule)
				)
		elif not (guard.is_system_save(version) and row.source == entry.RULE):
			row.source = entry.MANUAL
			_check_manual(row, found.slots, specials)


def _check_manual(row: Document, slots: tuple[str, ...], specials: set[str]) -> None:
	needed = ("slot", "assembly_no", "assembly_name", "shop", "reason")
	missing = [name for name in needed if not cstr(row.get(name)).strip()]
	if flt(row.qty) <= 0:
		missing.append("qty")
	if missing:
		labels = ", ".join(_(row.meta.get_label(name), context=row.doctype) for name in missing)
		_refuse(_("Production lines, row {0}: a line by hand needs {1}.").format(row.idx, labels))
	if row.slot not in slots and row.slot not in specials:
		_refuse(
			_(
				"Production lines, row {0}: {1} is no slot of this model. A part of a special option has its request "
				"number as slot."
			).format(row.idx, row.slot)
		)
	if row.slot in specials:
		row.special = row.slot
	if row.special and row.special not in specials:
		_refuse(
			_("Production lines, row {0}: {1} is no special option of this line.").format(
				row.idx, row.special
			)
		)
	if row.shop not in SHOPS:
		_refuse(
			_("Production lines, row {0}: {1} is no shop. Expected: {2}.").format(
				row.idx, row.shop, ", ".join(SHOPS)
			)
		)


def _note_deciders(version: Document) -> None:
	stored = version.get_doc_before_save()
	before = {row.request_no: row for row in stored.specials} if stored else {}
	if (
		stored
		and not guard.is_system_save(version)
		and [*before] != [row.request_no for row in version.specials]
	):
		_refuse(_("The special options of a version are those of its contract line."))
	for row in version.specials:
		own = before.get(row.request_no)
		if own is None or (own.handling, cstr(own.reason)) != (row.handling, cstr(row.reason)):
			row.decided_by = frappe.session.user if row.handling else None


def note_hand(version: Document) -> None:
	"""Remember who worked on the translation: none of them audits it."""
	if guard.is_system_save(version):
		return
	add_translators(version, guard.people())


def add_translators(version: Document, users: set[str]) -> None:
	"""Remember users as those who translated."""
	version.translators = "\n".join(sorted({*translators(version), *users}))


def translators(version: Document) -> set[str]:
	"""Users who had a hand in the translation, and those they acted for."""
	named = cstr(version.translators).split("\n")
	return {user for user in (*named, version.translator) if user}


# --- what is still open -------------------------------------------------------------------------------------


def problems(version: Document) -> list[dict[str, str]]:
	"""What keeps a version from the audit.

	Returns:
		Rows with ``kind`` (gap, double, special, livery, contract, catalogue, trace), ``ref`` and ``text``.
	"""
	return [
		*_slot_problems(version),
		*_special_problems(version),
		*_livery_problems(version),
		*_contract_problems(version),
		*_trace_problems(version),
	]


def _slot_problems(version: Document) -> Iterator[dict[str, str]]:
	for slot in filter(None, cstr(version.gaps).split(", ")):
		yield _problem(
			"gap", slot, _("Slot {0} has no assembly: no rule fits. Enter a line by hand.").format(slot)
		)
	for double in filter(None, cstr(version.doubles).split("; ")):
		text = _("Slot {0} is filled by several rules. Enter the right line by hand.").format(double)
		yield _problem("double", double.partition(":")[0], text)
	if not is_current(version):
		text = _("The rules say something else than when this was translated. Translate it anew.")
		yield _problem("catalogue", "", text)


def _special_problems(version: Document) -> Iterator[dict[str, str]]:
	with_line = {row.special for row in version.lines if row.special}
	for row in version.specials:
		number = row.request_no
		if not row.handling and notes.is_note(number):
			text = _("{0} of the contract: enter a line for it, or say that it has no production effect.")
		elif not row.handling:
			text = _("Special option {0}: enter a line for it, or say that it has no production effect.")
		elif row.handling == entry.LINE and number not in with_line:
			text = _("Special option {0}: its production line is missing.")
		elif row.handling == entry.NO_EFFECT and not cstr(row.reason).strip():
			text = _("Special option {0}: say why it has no production effect.")
		elif row.handling == entry.NO_EFFECT and number in with_line:
			text = _("Special option {0} has a production line, so it has an effect.")
		else:
			continue
		yield _problem("special", number, text.format(number))


def _livery_problems(version: Document) -> Iterator[dict[str, str]]:
	status = version.livery_status
	if not status:
		yield _problem("livery", "", _("Say what is known of the livery."))
	elif status == NONE_NEEDED and custom_livery(version):
		text = _("{0} needs a livery design.").format(", ".join(custom_livery(version)))
		yield _problem("livery", "", text)
	elif status == LIBRARY and not cstr(version.livery_pattern).strip():
		yield _problem("livery", "", _("State the number of the pattern."))
	elif status == DESIGN and not _own_design(version):
		text = _("Choose the livery design of this contract line.")
		yield _problem("livery", "", text)


def _own_design(version: Document) -> bool:
	own = {
		"name": version.livery_design,
		"sales_contract": version.sales_contract,
		"contract_line": version.line_no,
	}
	return bool(version.livery_design and frappe.db.exists(LIVERY_DESIGN, own))


def custom_livery(version: Document) -> list[str]:
	"""Chosen options that need a livery of the customer's own."""
	options = catalogue_store.current().options
	return [
		row.vehicle_option
		for row in version.options
		if row.vehicle_option in options and options[row.vehicle_option].livery_files
	]


def _contract_problems(version: Document) -> Iterator[dict[str, str]]:
	contract = frappe.get_doc(SALES_CONTRACT, version.sales_contract)
	line = contract_lines.line(contract, version.line_no)
	if contract_lines.configuration_hash(contract, line) != version.configuration_hash:
		text = _("The contract line is configured otherwise than this version. Make a new version.")
		yield _problem("contract", contract.name, text)
	elif {note.number: note.text for note in notes.of_line(contract, line)} != notes.said(version):
		text = _(
			"Notes or remarks of the contract line are others than when this version was made. Make a new version."
		)
		yield _problem("contract", contract.name, text)
	elif cint(line.qty) != cint(version.qty):
		text = _("The contract line has {0} vehicles, this version {1}. Make a new version.")
		yield _problem("contract", contract.name, text.format(line.qty, version.qty))


def _trace_problems(version: Document) -> Iterator[dict[str, str]]:
	handled = {row.request_no for row in version.specials}
	for ref in entry.unexplained(trace(version)):
		if ref not in handled:
			text = _(
				"{0}: no production line and no rule without parts explains it, or nothing sold asks for it."
			)
			yield _problem("trace", ref, text.format(ref))


def _problem(kind: str, ref: str, text: str) -> dict[str, str]:
	return {"kind": kind, "ref": ref, "text": text}


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Production Configuration"), exc=ProductionEntryError)
