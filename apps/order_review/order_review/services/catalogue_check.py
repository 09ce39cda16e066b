"""A Catalogue Check: the lint of the whole catalogue, or the rehearsal of one rule, in the background.

The rehearsal compares the catalogue with and without the rule: what it breaks, kills or forces, and which open
intent orders would newly fail.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.adapters.chinese import sentence
from order_review.constants import INTENT_ORDER
from order_review.engine.catalogue import Catalogue
from order_review.engine.errors import BadInput
from order_review.engine.findings import SECRET_FINDINGS
from order_review.engine.lint import Lint, LintFinding, lint, lint_data
from order_review.engine.rehearsal import Rehearsed, rehearse
from order_review.services import background, catalogue_store
from order_review.services.review_intent_order import order_data

CATALOGUE_CHECK = "Catalogue Check"
EVENT = "catalogue_check_progress"
CLOSED = ("Converted", "Vetoed", "Expired", "Withdrawn")
"""States in which an intent order is no longer open."""

QUEUED, RUNNING, FINISHED, FAILED = "Queued", "Running", "Finished", "Failed"
NEW, SETTLED = "new", "settled"

Show = Callable[[int, str], None]


def start(document: Document) -> None:
	"""Let the check run once the transaction is committed."""
	frappe.enqueue(
		"order_review.services.catalogue_check.run",
		queue="long",
		enqueue_after_commit=True,
		name=document.name,
	)


def run(name: str) -> None:
	"""The background job: check, and keep the outcome in the document."""
	document = frappe.get_doc(CATALOGUE_CHECK, name)
	show = _shown_to(document)
	began = time.monotonic()
	outcome = background.attempt(lambda: _check(document, show), f"Catalogue check {name}")
	if outcome.is_done:
		document.update({"status": FINISHED, "fault": None})
	else:
		document = frappe.get_doc(CATALOGUE_CHECK, name)
		document.update({"status": FAILED, "fault": outcome.said})
	document.seconds = time.monotonic() - began
	document.flags.by_service = True
	document.flags.ignore_links = True  # the rule may be gone; the check says so
	document.save(ignore_permissions=True)
	show(100, _(document.status, context=document.doctype))
	background.report(
		outcome, CATALOGUE_CHECK, name, lambda: _("Catalogue check {0}").format(name), document.owner
	)


def with_rule(data: Mapping[str, Any], code: str, *, active: bool) -> dict[str, Any]:
	"""Catalogue data in which one rule is in force, or is not.

	Raises:
		BadInput: there is no such rule.
	"""
	rules = list(data["rules"]["rules"])
	place = next((index for index, rule in enumerate(rules) if rule.get("code") == code), None)
	if place is None:
		raise BadInput(
			f"rule {code} does not exist", expected="the code of a configuration rule", path=("rule",)
		)
	rules[place] = {**rules[place], "status": "active" if active else "draft"}
	return {**data, "rules": {**data["rules"], "rules": rules}}


def _check(document: Document, show: Show) -> None:
	data = catalogue_store.read_data()
	if document.rule:
		_rehearse(document, data, show)
	else:
		result = lint_data(
			data, document.check_date, progress=_part(show, 0, 100, _("Checking models")), say=_both_languages
		)
		_keep(document, result, [(None, each) for each in result.findings], [])


def _rehearse(document: Document, data: Mapping[str, Any], show: Show) -> None:
	before = Catalogue.from_data(with_rule(data, document.rule, active=False), halfway=True)
	after = Catalogue.from_data(with_rule(data, document.rule, active=True), halfway=True)
	without = lint(before, document.check_date, progress=_part(show, 0, 35, _("Checking models")))
	result = lint(
		after, document.check_date, progress=_part(show, 35, 70, _("Checking models with the rule"))
	)
	known = {each.key for each in without.findings}
	now = {each.key for each in result.findings}
	findings = [(NEW, each) for each in result.findings if each.key not in known]
	findings += [(SETTLED, each) for each in without.findings if each.key not in now]
	_keep(
		document, result, findings, _failing(before, after, _part(show, 70, 100, _("Reviewing open orders")))
	)


def _failing(
	before: Catalogue, after: Catalogue, progress: Callable[[int, int], None]
) -> Iterator[Rehearsed]:
	names = frappe.get_all(
		INTENT_ORDER,
		filters={"docstatus": ["<", 2], "status": ["not in", CLOSED]},
		pluck="name",
		order_by="name",
	)
	for done, name in enumerate(names, 1):
		order = order_data(frappe.get_doc(INTENT_ORDER, name), before)
		try:
			yield from (each for each in rehearse(before, after, [order]) if each.new_findings or each.fault)
		except BadInput:
			continue  # an order that cannot be read today does not newly fail
		finally:
			progress(done, len(names))


def _keep(
	document: Document,
	result: Lint,
	findings: Iterable[tuple[str | None, LintFinding]],
	orders: Iterable[Rehearsed],
) -> None:
	document.set("findings", [_finding_row(change, each) for change, each in findings])
	document.set("orders", [row for each in orders for row in _order_rows(each)])
	counted = [row for row in document.findings if row.change != SETTLED]
	document.update(
		{
			"catalogue_hash": result.catalogue,
			"errors": sum(row.severity == "error" for row in counted),
			"warnings": sum(row.severity == "warning" for row in counted),
			"failing_orders": len({row.intent_order for row in document.orders if row.severity == "error"}),
			"models_checked": result.checked.get("models"),
			"contexts_checked": result.checked.get("contexts"),
		}
	)


def _finding_row(change: str | None, found: LintFinding) -> dict[str, Any]:
	return {
		"change": change,
		"severity": found.severity,
		"kind": found.kind,
		"ref": found.ref,
		"vehicle_model": found.model,
		"grade": found.grade,
		"use": found.use,
		"message_zh": found.message_zh,
		"message_en": found.message_en,
		"rules": ", ".join(found.rules),
		"example": ", ".join(found.example),
		"by_certification": int(found.certification_alone),
	}


def _order_rows(found: Rehearsed) -> Iterator[dict[str, Any]]:
	if found.fault:
		yield {
			"intent_order": found.id,
			"severity": "error",
			"message_zh": found.fault,
			"message_en": found.fault,
		}
	for each in found.new_findings:
		if each.code not in SECRET_FINDINGS:
			yield {
				"intent_order": found.id,
				"severity": each.severity,
				"code": each.code,
				"ref": each.ref,
				"message_zh": each.message_zh,
				"message_en": each.message_en,
			}


def _shown_to(document: Document) -> Show:
	"""Tells those who have the document open how far it is, a hundred times at most."""
	last = -1

	def show(percent: int, what: str) -> None:
		nonlocal last
		if percent > last:
			last = percent
			frappe.publish_realtime(
				EVENT,
				{"name": document.name, "percent": percent, "what": what},
				doctype=document.doctype,
				docname=document.name,
			)

	return show


def _part(show: Show, first: int, last: int, what: str) -> Callable[[int, int], None]:
	def step(done: int, total: int) -> None:
		show(first + (last - first) * done // max(total, 1), what)

	return step


def _both_languages(error: BadInput) -> tuple[str, str]:
	return sentence(error, "zh"), sentence(error, "en")
