"""Steps of a Production Configuration (订单录入): what each requires and brings, and what is open to whom."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr, now_datetime

from order_review.constants import INTENT_ORDER, PRODUCTION_CONFIGURATION, ROLES, SALES_CONTRACT
from order_review.exceptions import ProductionEntryError, SelfApprovalError
from order_review.services import (
	conditions,
	delegations,
	guard,
	notices,
	review_tasks,
	step_reasons,
	technical_issues,
)
from order_review.services.production import audit, blind_check, translation
from order_review.services.review_steps import ReviewSteps

TRANSLATED = ("Draft", "Translating")
"""States in which each save translates."""

OPEN = ("Draft", "Translating", "Auditing", "Returned to Translator", "Department Confirmation")
"""States in which somebody has to act."""

COLLECTING = "Department Confirmation"

ENTERED = frozenset("lines specials livery_status livery_pattern livery_design".split())
COMPUTED = frozenset(
	"title sales_contract line_no version supersedes company market_department owner_oa translator auditor translators "
	"model grade use qty delivery_date committed_date planned_week stop_reason opinions_joined has_objections "
	"review_round due_at step_since is_overdue reminded_pct checks blind_state blind_reasons blind_hit_rate "
	"blind_slots blind_result options manual_count gaps doubles unexplained configuration_hash contract_version "
	"catalogue_hash item bom sales_order released_on released_by".split()
)
_CLOCKS = frozenset("step_since due_at is_overdue reminded_pct".split())
_RELEASED = frozenset("item bom sales_order released_on released_by".split())

_STEPS = ReviewSteps("order_entry", ProductionEntryError)

_MISSED = "RT-MISS"
"""Reason code of a missed assembly; other returns are translations that differ from the contract."""


# --- what each step requires --------------------------------------------------------------------------------


def check_auditable(version: Document) -> None:
	"""Every slot has exactly one source, specials and livery are settled, the contract says the same."""
	_refuse_problems(version)


def check_passed(version: Document) -> None:
	"""Every row is ticked."""
	left = audit.unticked(version)
	if left:
		_STEPS.refuse(
			_("{0} rows are not ticked: {1}.").format(len(left), ", ".join(row.ref for row in left[:10]))
			+ (" …" if len(left) > 10 else "")
		)
	_refuse_problems(version)


def check_return(version: Document) -> None:
	"""A return names a reason code; one of the audit at least one row."""
	step_reasons.reason_of(version, "Return")
	if version.get_doc_before_save().status == "Auditing" and not audit.objected(version):
		_STEPS.refuse(
			_("A return needs at least one row with an objection. Write what is wrong beside the row.")
		)


def check_audited(version: Document) -> None:
	"""Who audits did not translate, and handed his own translation in where the version is drawn for a blind check."""
	_refuse_translators(version)
	blind_check.refuse_pending(version)


def check_returnable(version: Document) -> None:
	"""The auditor returns what he audits; out of the confirmation an objection returns."""
	if version.status != COLLECTING:
		check_audited(version)
	elif not cint(version.has_objections):
		_STEPS.refuse(_("No department objects. Release it, or wait for the opinions."))


def check_confirmed(version: Document) -> None:
	"""The departments have confirmed."""
	if not cint(version.opinions_joined):
		waiting = review_tasks.waiting_words(version)
		_STEPS.refuse(_("The departments have not confirmed yet: {0}.").format(waiting))


def check_released(version: Document) -> None:
	"""Everything holds still: conditions, contract, translation, audit."""
	objections = review_tasks.standing_objections(version)
	if objections:
		_STEPS.refuse(_("Objections stand: {0}.").format(", ".join(objections)))
	contract = frappe.get_doc(SALES_CONTRACT, version.sales_contract, for_update=True)
	if contract.status not in ("Effective", "In Fulfilment"):
		_STEPS.refuse(
			_("Contract {0} is {1}; nothing is released for it.").format(
				contract.name, _(contract.status, context=SALES_CONTRACT)
			)
		)
	if cint(contract.get("change_pending")):
		_STEPS.refuse(
			_("A change of contract {0} is pending; release after it is decided.").format(contract.name)
		)
	_refuse_open_conditions(version, contract)
	_refuse_problems(version)
	if audit.unticked(version) or not audit.is_current(version):
		_STEPS.refuse(_("The audit is not of this translation. Return it to the translator."))


def _refuse_open_conditions(version: Document, contract: Document) -> None:
	orders = dict.fromkeys(row.intent_order for row in contract.lines if row.intent_order)
	references = [
		(PRODUCTION_CONFIGURATION, version.name),
		(SALES_CONTRACT, contract.name),
		*((INTENT_ORDER, name) for name in orders),
	]
	left = conditions.open_before(references, "Release")
	if left:
		_STEPS.refuse(
			_("Conditions before the release are open: {0}.").format(
				"; ".join(row["condition_text"] for row in left)
			)
		)


def _refuse_problems(version: Document) -> None:
	found = translation.problems(version)
	if found:
		_STEPS.refuse("<br>".join(frappe.utils.escape_html(row["text"]) for row in found))


def _refuse_translators(version: Document) -> None:
	if guard.people() & translation.translators(version):
		frappe.throw(
			_(
				"Who had a hand in the translation of {0} does not audit it. Somebody else takes this step."
			).format(version.name),
			title=_("Step Not Taken"),
			exc=SelfApprovalError,
		)


# --- what each step brings ----------------------------------------------------------------------------------


def translating(version: Document) -> None:
	"""Who begins the translation answers for it."""
	_STEPS.start_clock(version)
	version.translator = frappe.session.user
	translation.add_translators(version, guard.people())


def auditing(version: Document) -> None:
	"""The rows to audit; what was ticked and has not changed stays ticked. Some versions are drawn for a blind check."""
	_STEPS.start_clock(version)
	version.translator = frappe.session.user
	translation.add_translators(version, guard.people())
	version.stop_reason = None
	audit.lay_out(version)
	blind_check.draw(version)


def returned(version: Document) -> None:
	"""The reason stands on the version."""
	_STEPS.start_clock(version)
	version.stop_reason = step_reasons.named(*step_reasons.reason_of(version, "Return"))
	version.update({"opinions_joined": 0, "has_objections": 0})


def confirmed_by_auditor(version: Document) -> None:
	"""A round of confirmation begins."""
	_STEPS.start_clock(version)
	version.auditor = frappe.session.user
	version.review_round = cint(version.review_round) + 1
	version.update({"opinions_joined": 0, "has_objections": 0})


def released(version: Document) -> None:
	"""Who released it, when."""
	_STEPS.start_clock(version)
	version.update({"released_on": now_datetime(), "released_by": frappe.session.user})


PROCESS = guard.Process(
	first="Draft",
	writable={"Translating": {ROLES["OA"][0]: ENTERED, ROLES["CA"][0]: ENTERED}},
	computed=COMPUTED,
	openings={
		COLLECTING: check_audited,
		"Returned to Translator": check_returnable,
		"Released": check_confirmed,
	},
	requirements={
		"Auditing": check_auditable,
		COLLECTING: check_passed,
		"Returned to Translator": check_return,
		"Released": check_released,
	},
	entering={
		"Draft": _STEPS.start_clock,
		"Translating": translating,
		"Auditing": auditing,
		"Returned to Translator": returned,
		COLLECTING: confirmed_by_auditor,
		"Released": released,
		**dict.fromkeys(("Superseded", "Withdrawn"), _STEPS.start_clock),
	},
	reasoned=frozenset({"Returned to Translator", "Withdrawn"}),
	unsealed=_CLOCKS
	| _RELEASED
	| {"checks", "opinions_joined", "has_objections", "committed_date", "planned_week"},
	system_moves=frozenset({("Released", "Superseded"), *((status, "Withdrawn") for status in OPEN)}),
	docstatus={"Released": 1, "Superseded": 1},
)


OFFERS = {
	"audit": audit.check_auditing,
	"ask_question": technical_issues.check_ask,
}
"""What the form offers beside the steps, each with the check its call begins with."""


# --- what follows once a step is saved ----------------------------------------------------------------------


def after_step(version: Document, before: str | None) -> None:
	"""Ask the departments or call them off, write down what a return says of the translation, tell the next."""
	if version.status == COLLECTING:
		review_tasks.open_round(version)
	elif before == COLLECTING:
		review_tasks.cancel_open(version)
	if version.status == "Auditing":
		blind_check.open_for(version)
	if version.status == "Withdrawn":
		blind_check.void(version)
	if (before, version.status) == ("Auditing", "Returned to Translator"):
		_record_fault(version)
	_tell(version, before)


def _record_fault(version: Document) -> None:
	"""A return of the audit is a mark in the translator's work quality."""
	from order_review.services.quality import work_quality

	kind = "WQ-02" if cstr(version.stop_reason).startswith(_MISSED) else "WQ-01"
	rows = "; ".join(f"{row.ref}: {row.remark}" for row in audit.objected(version))
	note = f"V{version.version}, {version.stop_reason} ({rows})"
	work_quality.record_if_judged(version.translator, kind, PRODUCTION_CONFIGURATION, version.name, note)


def _tell(version: Document, before: str | None) -> None:
	subject = _("{0}: {1} ({2})").format(
		version.name, _(version.status, context=PRODUCTION_CONFIGURATION), version.title
	)
	if version.status == "Auditing" and version.blind_state != blind_check.DRAWN:
		auditors = set(delegations.users_with(ROLES["AU"][0])) - translation.translators(version)
		notices.tell(version, auditors, subject)
	elif version.status == "Returned to Translator":
		notices.tell(version, [version.translator], subject, version.stop_reason)
	elif version.status == "Released":
		notices.tell(version, [version.translator, version.owner_oa, version.auditor], subject)
	elif version.status == "Withdrawn":
		notices.tell(version, [version.translator, version.owner_oa], subject)


def forget(version: Document) -> None:
	"""Take tasks and blind translations away with the version."""
	review_tasks.forget(version)
	blind_check.forget(version)
