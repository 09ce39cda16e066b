"""A signed contract becomes effective (生效) when deposit, conditions and certification are there; tried at each change."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, fmt_money, formatdate, getdate, today

from order_review.constants import INTENT_ORDER, SALES_CONTRACT
from order_review.engine.configuration import chosen_options, configuration_findings
from order_review.engine.errors import BadInput
from order_review.engine.evaluate import Facts
from order_review.engine.order import Order
from order_review.services import background, catalogue_store, conditions, diffs, guard
from order_review.services.contracts.lines import order_data
from order_review.services.contracts.steps import IN_FORCE

CENT = 0.005


def is_effective(contract: Document) -> bool:
	"""Whether the contract is in force."""
	return contract.status in IN_FORCE


def missing(contract: Document) -> list[dict[str, str]]:
	"""What is missing for the contract to become effective today.

	Returns:
		Rows with ``kind`` (signature, deposit, condition, certification), ``text`` and ``reference``.
	"""
	found = []
	if contract.status != "Signed":
		found.append(_row("signature", _("The contract is not signed and sealed yet.")))
	return [*found, *_missing_deposit(contract), *_open_conditions(contract), *_uncovered(contract)]


def _missing_deposit(contract: Document) -> list[dict[str, str]]:
	wanted, received = flt(contract.deposit_amount), flt(contract.deposit_received)
	if wanted < CENT:
		return []
	if received + CENT < wanted:
		amounts = [fmt_money(amount, currency=contract.currency) for amount in (received, wanted)]
		return [_row("deposit", _("Deposit received: {0} of {1}.").format(*amounts))]
	if not cint(contract.deposit_confirmed):
		return [_row("deposit", _("Finance has not confirmed the deposit yet."))]
	return []


def _open_conditions(contract: Document) -> list[dict[str, str]]:
	orders = dict.fromkeys(row.intent_order for row in contract.lines)
	references = [(SALES_CONTRACT, contract.name), *((INTENT_ORDER, name) for name in orders)]
	return [
		_row(
			"condition",
			_("{0}: {1} (due {2})").format(
				row["department"] or "–",
				row["condition_text"],
				formatdate(row["due_date"]) if row["due_date"] else "–",
			),
			row["name"],
		)
		for row in conditions.open_before(references, "Contract Effective")
	]


def _uncovered(contract: Document) -> list[dict[str, str]]:
	"""Lines whose certificate or announcement is not in force today, or does not cover an option."""
	catalogue = catalogue_store.current()
	found = []
	for line in contract.lines:
		try:
			order = Order.from_data(order_data(contract, line), catalogue)
		except BadInput as error:
			found.append(_row("certification", _("Line {0}: {1}").format(line.line_no, error.message)))
			continue
		chosen = chosen_options(catalogue, order)
		facts = Facts(catalogue, catalogue.models[order.model], order.context, getdate(today()), chosen)
		for one in configuration_findings(facts):
			if one.code == "CCC_MISSING":
				said = one.message_zh if diffs.language() == "zh" else one.message_en
				text = _("Line {0}: {1}").format(line.line_no, said)
				found.append(_row("certification", f"{text} ({', '.join(one.options)})", one.ref))
	return found


def _row(kind: str, text: str, reference: str = "") -> dict[str, str]:
	return {"kind": kind, "text": text, "reference": reference}


def try_effect(name: str) -> bool:
	"""Make a signed contract effective when nothing is missing; tells whether it is now.

	Args:
		name: the contract; its row is locked.
	"""
	contract = frappe.get_doc(SALES_CONTRACT, name, for_update=True)
	if contract.status != "Signed" or missing(contract):
		return False
	reason = _("Deposit, conditions and certification are there.")
	guard.write(contract, {"status": "Effective", "docstatus": 1}, reason=reason)
	return True


def retry_all() -> int:
	"""Try every signed contract; gives the number tried."""
	signed = frappe.get_all(SALES_CONTRACT, {"status": "Signed"}, pluck="name")
	return background.each(signed, try_effect, "Contracts become effective")


def retry(contracts: list[str]) -> None:
	"""Try some contracts, in a job of their own."""
	there = frappe.get_all(SALES_CONTRACT, {"name": ["in", contracts or [""]]}, pluck="name")
	what = "Contracts become effective"
	background.attempt(lambda: background.each(there, try_effect, what), what)


def retry_later(contracts: list[str]) -> None:
	"""Try contracts once what happens now is committed: a contract that cannot go on yet must not hold it up."""
	waiting = frappe.get_all(
		SALES_CONTRACT, {"name": ["in", contracts or [""]], "status": "Signed"}, pluck="name"
	)
	if waiting:
		background.after_commit(retry, contracts=sorted(waiting))


# --- what else opens it -------------------------------------------------------------------------------------


def condition_changed(condition: Document, _method: str | None = None) -> None:
	"""A condition was met or waived: try the contracts it holds up."""
	if condition.reference_doctype == SALES_CONTRACT:
		retry_later([condition.reference_name])
	elif condition.reference_doctype == INTENT_ORDER:
		lines = {"intent_order": condition.reference_name, "parenttype": SALES_CONTRACT}
		retry_later(frappe.get_all("Sales Contract Line", lines, pluck="parent"))


def model_changed(model: Document, _method: str | None = None) -> None:
	"""Certificate or coverage of a model may have changed: try the contracts that build it."""
	lines = {"model": model.name, "parenttype": SALES_CONTRACT}
	retry_later(frappe.get_all("Sales Contract Line", lines, pluck="parent", distinct=True))
