"""Steps of a Sales Contract (销售合同签定): what each requires and brings, and what is open to whom in each state."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, today

from order_review.constants import SALES_CONTRACT
from order_review.exceptions import ContractStepError
from order_review.services import (
	background,
	conditions,
	delivery_commitment,
	diffs,
	guard,
	notices,
	order_rounds,
	review_tasks,
	technical_issues,
)
from order_review.services.contracts import authority, rounds, schedule, signing
from order_review.services.contracts.make import EARNEST, legal_cap_pct
from order_review.services.contracts.opinions import COLLECTING
from order_review.services.price_approval import REJECTED
from order_review.services.review_steps import ReviewSteps
from order_review.services.step_reasons import reason_of
from order_review.wording import exact

ENTRY = ("Draft", "Returned")
"""States in which the salesperson writes, and each save reviews."""

BEFORE_EFFECT = (
	"Draft",
	"Submitted",
	"Received",
	COLLECTING,
	"Approved for Signing",
	"Seal Pending",
	"Signed",
	"Returned",
)
IN_FORCE = ("Effective", "In Fulfilment", "Completed")
"""States of contracts that are in force."""

COMPUTED = frozenset(
	"verdict price_approval opinions_joined has_objections stop_reason version review_round owner_oa due_at "
	"step_since is_overdue reminded_pct change_pending effective_on creation_key total_qty total deposit_amount "
	"deposit_received deposit_confirmed deposit_confirmed_by deposit_confirmed_on findings differences rounds prints seals "
	"content_hash catalogue_hash".split()
)

ENTERED = frozenset(
	"title dealer_authorisation contract_date signing_place print_language lines payment_mode deposit_kind deposit_pct "
	"payments delivery_place delivery_mode acceptance service_terms liability dispute_resolution options specials "
	"claims".split()
)
SIGNED_COPY = frozenset("signed_file signed_on signed_pages signed_checksum".split())

_STEPS = ReviewSteps("contract", ContractStepError)

_SETTLED_LATER = frozenset({"CCC_MISSING", "AUTHORITY_EXCEEDED"})
"""Errors that do not keep a contract from being signed: certification is asked before it becomes effective, the price
approval is asked for itself."""
SETTLED_BY_OPINION = {
	"DELIVERY_TOO_SHORT": ("PLAN",),
	"FX_RATE": ("FIN",),
	"PAYMENT_CONFLICT": ("FIN",),
	"SPECIAL_QTY_BELOW": ("FIN", "MKTPLAN"),
}
"""Errors a department decides about by its opinion, and which departments."""


# --- what each step requires --------------------------------------------------------------------------------


def check_complete(contract: Document) -> None:
	"""Nothing is missing that a review needs; errors against rules may go through, they are shown."""
	missing = [name for name in ("contract_date", "payment_mode", "deposit_kind") if not contract.get(name)]
	said = [_(contract.meta.get_label(name), context=contract.doctype) for name in missing]
	said += [
		_("Line {0}: {1}").format(row.line_no, _(row.meta.get_label(name), context=row.doctype))
		for row in contract.lines
		for name in ("qty", "unit_price", "delivery_date")
		if not row.get(name)
	]
	families = [row.ref for row in contract.findings if row.code == "CFG_MISSING"]
	if families:
		said.append(_("an option of {0}").format(", ".join(families)))
	if said:
		_STEPS.refuse(_("The contract is not complete. Fill in: {0}.").format("; ".join(said)))
	schedule.check(contract)
	_refuse_obstacles(contract)


def check_deposit(contract: Document) -> None:
	"""Earnest money (定金) is capped by law; an advance payment is not."""
	cap = legal_cap_pct()
	if contract.deposit_kind == EARNEST and flt(contract.deposit_pct) > cap:
		_STEPS.refuse(
			_(
				"Earnest money is at most {0} % of the contract's value; {1} % are agreed. Lower it, or agree on an advance payment."
			).format(exact(cap), exact(contract.deposit_pct))
		)


def check_judged(contract: Document) -> None:
	"""Who approves a contract for signing had no hand in it, and everybody answered."""
	if contract.status == "Seal Pending":
		return
	_STEPS.check_hands(contract)
	waiting = review_tasks.open_required(contract)
	if waiting or not contract.opinions_joined:
		_STEPS.refuse(_("The opinions are not all given yet: {0}.").format(", ".join(waiting) or "–"))


def check_approved(contract: Document) -> None:
	"""Nothing blocks, the price is covered, the deposit is right."""
	if _comes_back(contract, "Seal Pending"):
		return
	_STEPS.refuse_unsettled(contract)
	errors = _open_errors(contract)
	if errors:
		_STEPS.refuse(_("Errors are not settled: {0}.").format(", ".join(errors)))
	if not authority.is_covered(contract):
		_STEPS.refuse(
			_("The price is not covered by an approval. The contract waits for its price approval.")
		)
	check_deposit(contract)
	_refuse_obstacles(contract)


def _open_errors(contract: Document) -> list[str]:
	settled = _SETTLED_LATER | settled_by_opinion(contract)
	return [
		f"{row.code} {row.ref or ''}".strip()
		for row in contract.findings
		if row.severity == "error" and row.code not in settled
	]


def settled_by_opinion(contract: Document) -> set[str]:
	"""Errors the department that decides about them looked at in this round and let stand."""
	return {
		code
		for code, departments in SETTLED_BY_OPINION.items()
		if any(review_tasks.has_answered(contract, department) for department in departments)
	}


def _refuse_obstacles(contract: Document) -> None:
	"""What would be refused once the signed contract is released is refused while it can still be changed."""
	from order_review.services.production import entry_rehearsal

	found = entry_rehearsal.obstacles(contract)
	if found:
		said = "".join(f"<li>{frappe.utils.escape_html(text)}</li>" for text in found)
		_STEPS.refuse(
			_("{0} could not be released to the plant as it stands. Have this put right first:").format(
				contract.name
			)
			+ f"<ul>{said}</ul>"
		)


def check_handed_in(contract: Document) -> None:
	"""The signed copy is there and is of the approved version."""
	signing.check_signed_copy(contract)


def check_signed(contract: Document) -> None:
	"""The auditor sealed this very version."""
	signing.check_sealed(contract)


def check_return(contract: Document) -> None:
	"""A return has a reason code."""
	reason_of(contract, "Return")


def check_returnable(contract: Document) -> None:
	"""Out of the opinions a contract returns only when they are all given, or one of them blocks."""
	if contract.status != COLLECTING or contract.opinions_joined:
		return
	if not review_tasks.blocking_objections(contract):
		_STEPS.refuse(
			_("Still open: {0}; and none of them blocks. Wait for them, or have them closed.").format(
				review_tasks.waiting_words(contract)
			)
		)


def _comes_back(contract: Document, status: str) -> bool:
	before = contract.get_doc_before_save()
	return before is not None and before.status == status


# --- what each step brings ----------------------------------------------------------------------------------


def submitted(contract: Document) -> None:
	"""A round begins."""
	rounds.begin(contract, frappe.session.user)
	contract.update({"stop_reason": None, "has_objections": 0, "opinions_joined": 0, "owner_oa": None})
	signing.forget_copy(contract)
	_STEPS.start_clock(contract)


def received(contract: Document) -> None:
	"""The order administrator who received it owns it."""
	owner = _STEPS.owner_on_receipt(contract)
	contract.update({"owner_oa": owner, "stop_reason": None, "opinions_joined": 0})
	_STEPS.start_clock(contract)


def approved(contract: Document) -> None:
	"""The version that is signed is fixed; a copy that was refused is handed in anew."""
	signing.give_out(contract)
	if _comes_back(contract, "Seal Pending"):
		signing.forget_copy(contract)
	_STEPS.start_clock(contract)


def effective(contract: Document) -> None:
	"""In force from today."""
	contract.effective_on = today()
	_STEPS.start_clock(contract)


PROCESS = guard.Process(
	first="Draft",
	writable={
		**{status: {"Salesperson": ENTERED} for status in ENTRY},
		"Approved for Signing": {"Salesperson": SIGNED_COPY, "Contract Administrator": SIGNED_COPY},
	},
	computed=COMPUTED,
	openings={
		**dict.fromkeys(("Received", COLLECTING, "Signed"), _STEPS.check_hands),
		"Approved for Signing": check_judged,
		"Returned": check_returnable,
	},
	requirements={
		"Submitted": check_complete,
		COLLECTING: _STEPS.check_sendable,
		"Approved for Signing": check_approved,
		"Seal Pending": check_handed_in,
		"Signed": check_signed,
		"Returned": check_return,
		"Vetoed": _STEPS.check_veto,
	},
	entering={
		"Submitted": submitted,
		"Received": received,
		"Approved for Signing": approved,
		"Returned": _STEPS.returned,
		"Vetoed": _STEPS.vetoed,
		"Effective": effective,
		**dict.fromkeys(
			(COLLECTING, "Seal Pending", "Signed", "Withdrawn", "In Fulfilment", "Completed", "Cancelled"),
			_STEPS.start_clock,
		),
	},
	reasoned=frozenset({"Vetoed", "Returned"}),
	backwards=frozenset({("Vetoed", "Received"), ("Seal Pending", "Approved for Signing")}),
	unsealed=frozenset(
		"step_since due_at is_overdue reminded_pct price_approval deposit_received deposit_confirmed deposit_confirmed_by "
		"deposit_confirmed_on change_pending".split()
	),
	system_moves=frozenset(
		{
			("Received", "Returned"),
			(COLLECTING, "Returned"),
			("Signed", "Effective"),
			("Effective", "In Fulfilment"),
			("In Fulfilment", "Completed"),
			("Signed", "Cancelled"),
			("Effective", "Cancelled"),
			("In Fulfilment", "Cancelled"),
		}
	),
	docstatus=dict.fromkeys((*IN_FORCE, "Cancelled"), 1),
)


# --- what follows once a step is saved ----------------------------------------------------------------------


def after_step(contract: Document, before: str | None) -> None:
	"""Ask for opinions or call them off, ask for the price approval, go on where nothing is missing, tell the next."""
	if contract.status == COLLECTING:
		review_tasks.open_round(contract)
	elif before == COLLECTING:
		review_tasks.cancel_open(contract)
	if contract.status == "Received":
		authority.ask(contract)
	delivery_commitment.follow(contract)
	_end_or_revive(contract, before)
	_tell(contract, before)
	if contract.status == "Vetoed":
		_assess(contract)
	elif contract.status == "Signed":
		_try_effect(contract)
	elif contract.status == "Effective":
		_hand_on(contract)


def _end_or_revive(contract: Document, before: str | None) -> None:
	"""What hangs on a contract ends with it, and is back with a lifted veto."""
	from order_review.services.quality import assessment

	if contract.status in ("Withdrawn", "Vetoed"):
		conditions.void(contract, _(contract.status, context=SALES_CONTRACT))
		technical_issues.close_all(contract)
	if contract.status == "Withdrawn":
		assessment.forget_unsettled(contract.name)
	elif before == "Vetoed":
		assessment.veto_lifted(contract)
		conditions.revive(contract, _("The veto is lifted."))
		delivery_commitment.ask_again(contract)


def _assess(contract: Document) -> None:
	from order_review.services.quality import assessment

	assessment.draft_for(contract.name)


def _try_effect(contract: Document) -> None:
	from order_review.services.contracts import effect

	effect.try_effect(contract.name)


def _hand_on(contract: Document) -> None:
	"""The quality of the contract is assessed, and each line goes to order entry, livery support and planning."""
	from order_review.services.fulfilment import progress as fulfilment
	from order_review.services.production import configuration

	_assess(contract)
	for row in contract.lines:
		fulfilment.begin(contract, row)
		configuration.create(contract.name, cint(row.line_no))


def _tell(contract: Document, before: str | None) -> None:
	"""In-app notice to the next actor; salespeople on what concerns them."""

	def subject() -> str:
		return _("{0}: {1} (round {2})").format(
			contract.name, _(contract.status, context=SALES_CONTRACT), contract.review_round
		)

	sales = order_rounds.authors(contract)
	if contract.status == "Submitted":
		differences = frappe.parse_json(contract.differences or "[]")
		notices.tell(
			contract, notices.users_with("Order Administrator"), subject, lambda: diffs.text(differences)
		)
	elif contract.status in ("Approved for Signing", "Returned", "Effective", "Completed", "Cancelled"):
		notices.tell(contract, sales, subject, contract.stop_reason)
	elif contract.status == "Seal Pending":
		notices.tell(contract, notices.users_with(signing.AUDITOR), subject)
	elif contract.status == "Signed":
		finance = notices.users_with("Finance Reviewer")
		notices.tell(contract, [contract.owner_oa, *sales, *finance], subject)
	if contract.status == "Vetoed" or before == "Vetoed":
		managers = [
			user
			for role in ("Order Supervisor", "Market Department Manager")
			for user in notices.users_with(role)
			if frappe.has_permission(SALES_CONTRACT, "read", doc=contract, user=user)
		]
		notices.tell(contract, [*sales, *managers], subject, contract.stop_reason)


def after_price_decision(name: str, decision: str, reason: str) -> None:
	"""A refused price sends a contract back to the salesperson."""
	contract = frappe.get_doc(SALES_CONTRACT, name, for_update=True)
	if decision == REJECTED and contract.status in authority.WAITING:
		guard.write(contract, {"status": "Returned"}, reason=f"RT-PRICE {reason}")


def forget(contract: Document) -> None:
	"""Take away with the contract what was kept beside it."""
	from order_review.services.fulfilment import progress as fulfilment
	from order_review.services.quality import assessment

	fulfilment.forget(contract.name)
	assessment.forget(contract.name)
	review_tasks.forget(contract)
	frappe.db.delete("Contract Price Review", {"sales_contract": contract.name})
	for name in frappe.get_all("Price Approval", {"sales_contract": contract.name}, pluck="name"):
		frappe.db.delete("Price Approval", {"name": name})


# --- fulfilment ---------------------------------------------------------------------------------------------


def progress(name: str) -> str:
	"""Bring a contract on with its fulfilment: in fulfilment from the first release, completed when all is delivered
	and paid; tells its status.

	Args:
		name: the contract; its row is locked.
	"""
	from order_review.services.fulfilment import progress as fulfilment

	contract = frappe.get_doc(SALES_CONTRACT, name, for_update=True)
	if contract.status == "Effective" and any(row.released_on for row in contract.lines):
		guard.write(contract, {"status": "In Fulfilment"}, reason=_("The first line was released."))
		contract = frappe.get_doc(SALES_CONTRACT, name, for_update=True)
	if contract.status == "In Fulfilment":
		reached = fulfilment.of(name)
		delivered = {one["line_no"]: one["delivered"] for one in reached["lines"]}
		before = [cint(row.delivered_qty) for row in contract.lines]
		for row in contract.lines:
			row.delivered_qty = cint(delivered.get(row.line_no))
		if reached["delivered"] and reached["paid"]:
			reason = _("All vehicles are delivered and paid.")
			guard.write(contract, {"status": "Completed"}, reason=reason)
		elif before != [row.delivered_qty for row in contract.lines]:
			guard.write(contract, {})
	return str(contract.status)


def progress_all() -> None:
	"""Bring all contracts in fulfilment on."""
	open_contracts = {"status": ["in", ["Effective", "In Fulfilment"]]}
	names = frappe.get_all(SALES_CONTRACT, open_contracts, pluck="name")
	background.each(names, progress, "Contracts go on with their fulfilment")
