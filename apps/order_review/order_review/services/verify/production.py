"""What is built is what was signed, translated by one and audited by another."""

from __future__ import annotations

from collections.abc import Iterator

import frappe
from frappe import _
from frappe.utils import cint, cstr

from order_review.constants import BLIND_TRANSLATION, PRODUCTION_CONFIGURATION, SALES_CONTRACT
from order_review.services.contracts.steps import IN_FORCE
from order_review.services.production import blind_check, configuration_steps
from order_review.services.verify.finding import Finding

_AUDITED = (configuration_steps.COLLECTING, "Released")


def released_lines_are_entered() -> Iterator[Finding]:
	"""A released configuration has its Item, BOM and submitted Sales Order, and its contract line leads to it."""
	remedy = _("The order supervisor has the line released again; what was entered by half is named here.")
	fields = ["name", "sales_contract", "line_no", "item", "bom", "sales_order"]
	for row in frappe.get_all(PRODUCTION_CONFIGURATION, {"status": "Released"}, fields):
		missing = [label for label in ("item", "bom", "sales_order") if not row[label]]
		entered = {"name": row.sales_order, "docstatus": 1, "production_configuration": row.name}
		line = {"parent": row.sales_contract, "parenttype": SALES_CONTRACT, "line_no": row.line_no}
		if missing or not frappe.db.exists("Sales Order", entered):
			yield Finding(PRODUCTION_CONFIGURATION, row.name, _("It is released and not entered."), remedy)
		elif frappe.db.get_value("Sales Contract Line", line, "sales_order") != row.sales_order:
			wrong = _("Line {0} of {1} does not lead to its Sales Order.").format(
				row.line_no, row.sales_contract
			)
			yield Finding(PRODUCTION_CONFIGURATION, row.name, wrong, remedy)


def lines_in_force_are_in_order_entry() -> Iterator[Finding]:
	"""Each line of a contract in force has a production configuration."""
	remedy = _("The administrator tries the contract's step to effective again; it makes what is missing.")
	in_force = frappe.get_all(SALES_CONTRACT, {"status": ["in", IN_FORCE]}, pluck="name")
	lines = frappe.get_all(
		"Sales Contract Line",
		{"parenttype": SALES_CONTRACT, "parent": ["in", in_force or [""]]},
		["parent", "line_no"],
	)
	made = frappe.get_all(
		PRODUCTION_CONFIGURATION,
		{"sales_contract": ["in", in_force or [""]], "status": ["!=", "Withdrawn"]},
		["sales_contract", "line_no"],
	)
	there = {(row.sales_contract, cint(row.line_no)) for row in made}
	for line in lines:
		if (line.parent, cint(line.line_no)) not in there:
			wrong = _("Line {0} is in force and has no production configuration.").format(line.line_no)
			yield Finding(SALES_CONTRACT, line.parent, wrong, remedy)


def nobody_audits_the_own_translation() -> Iterator[Finding]:
	"""Who audited a configuration had no hand in its translation."""
	remedy = _("Have it audited by somebody else before it is built.")
	fields = ["name", "auditor", "translators", "translator"]
	for row in frappe.get_all(PRODUCTION_CONFIGURATION, {"status": ["in", _AUDITED]}, fields):
		made = {user for user in [*cstr(row.translators).split("\n"), row.translator] if user}
		if row.auditor in made or not row.auditor:
			wrong = _("It was audited by {0}, who translated it.").format(row.auditor or "–")
			yield Finding(PRODUCTION_CONFIGURATION, row.name, wrong, remedy)


def drawn_versions_wait_for_their_sheet() -> Iterator[Finding]:
	"""A version that is drawn for a blind re-check has the sheet its auditor fills in."""
	remedy = _("Return it to the translator and submit it again: the sheet is made anew.")
	drawn = {"status": "Auditing", "blind_state": blind_check.DRAWN}
	for name in frappe.get_all(PRODUCTION_CONFIGURATION, drawn, pluck="name"):
		if not frappe.db.exists(BLIND_TRANSLATION, {"production_configuration": name, "status": "Open"}):
			yield Finding(
				PRODUCTION_CONFIGURATION, name, _("It waits for a sheet that is not there."), remedy
			)
