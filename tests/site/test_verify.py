"""The checker of a site finds nothing in what the app made, and each fault somebody puts there past it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, today

from order_review.constants import (
	DELIVERY_COMMITMENT,
	INTENT_ORDER,
	PRODUCTION_CONFIGURATION,
	PRODUCTION_MILESTONE,
	QUALITY_ASSESSMENT,
	REVIEW_CONDITION,
	REVIEW_TASK,
	SALES_CONTRACT,
	TECHNICAL_ISSUE,
)
from order_review.demo.people import address
from order_review.services import technical_issues
from order_review.services.production import configuration
from order_review.services.verify import checker
from order_review.services.verify.finding import Finding
from tests.site import contracting, fulfilling, producing
from tests.site.reviewing import AGREED, acting, all_agree, give, hand_over, to_opinions

pytestmark = pytest.mark.usefixtures("demo_site")


@dataclass(frozen=True)
class Story:
	"""An order that came all the way to its release, and one in the midst of its review.

	Attributes:
		order: the intent order whose contract is in fulfilment.
		contract: that contract.
		version: its production configuration, released.
		sold: its Sales Order.
		asked: an intent order under opinions.
	"""

	order: str
	contract: str
	version: str
	sold: str
	asked: str


@pytest.fixture
def story() -> Story:
	order = to_opinions("IO-01")
	all_agree(order, "TECH")
	condition = {
		"condition_text": "交车前补交随车文件",
		"condition_responsible": address("SP"),
		"condition_due": add_days(today(), 90),
		"condition_before": "Delivery",
	}
	give(order, "TECH", "Agree With Condition", **{**AGREED["TECH"], **condition})
	contracting.make_valid(order)
	customer = frappe.db.get_value(INTENT_ORDER, order, "customer")
	frappe.db.set_value("Customer", customer, "customer_info_verified", 1)
	contract = contracting.approved(contracting.received(contracting.made(order)))
	contracting.hand_in(contract)
	contracting.sealed(contract)
	contracting.pay_deposit(contract)
	contracting.confirm_deposit(contract)
	version = entered(contract)
	asked = to_opinions("IO-02")
	with acting("TR"):
		technical_issues.ask(INTENT_ORDER, asked, {"question": "请确认客户的用途?", "blocking": 1})
	hand_over("QA", "CS")
	sold = frappe.db.get_value(PRODUCTION_CONFIGURATION, version, "sales_order")
	return Story(order, contract, version, sold, asked)


def entered(contract: str) -> str:
	fulfilling.settings(create_missing_items=1)
	version = str(configuration.live(contract, 1))
	producing.take(version, "Begin Translation", "OA")
	producing.confirmed(producing.audited(producing.handed_to_audit(version)))
	with acting("OA"):
		configuration.release(version)
	return version


Fault = Callable[[Story], tuple[str, str]]
"""Puts a fault into the database, past the app; tells which document must be found."""


def put(doctype: str, name: str, values: dict[str, Any]) -> tuple[str, str]:
	frappe.db.set_value(doctype, name, values, update_modified=False)
	return doctype, name


def one(doctype: str, **filters: Any) -> str:
	return str(frappe.db.get_value(doctype, filters, "name", order_by="creation desc"))


def takes_away(doctype: str, filters: dict[str, Any], about: tuple[str, str]) -> tuple[str, str]:
	frappe.db.delete(doctype, filters)
	return about


def of(doctype: str, name: str) -> dict[str, Any]:
	return {"reference_doctype": doctype, "reference_name": name}


def closed_task(story: Story) -> tuple[str, str]:
	return put(
		REVIEW_TASK, one(REVIEW_TASK, **of(INTENT_ORDER, story.order), department="FIN"), {"status": "Open"}
	)


def _answered_twice(story: Story) -> tuple[str, str]:
	task = one(REVIEW_TASK, **of(INTENT_ORDER, story.order), department="FIN")
	other = one(REVIEW_TASK, **of(INTENT_ORDER, story.order), department="TECH")
	put(REVIEW_TASK, other, {"department": "FIN"})
	assert task != other
	return INTENT_ORDER, story.order


def _contract_without_seal(story: Story) -> tuple[str, str]:
	return takes_away("Sales Contract Seal", {"parent": story.contract}, (SALES_CONTRACT, story.contract))


def _ended_order_with_question(story: Story) -> tuple[str, str]:
	issue = one(TECHNICAL_ISSUE, reference_name=story.asked)
	frappe.db.set_value(INTENT_ORDER, story.asked, "status", "Withdrawn")
	return TECHNICAL_ISSUE, issue


def _deleted_step(story: Story) -> tuple[str, str]:
	step = {"parent": story.order, "parenttype": INTENT_ORDER, "to_status": "Received"}
	return takes_away("Document Event", step, (INTENT_ORDER, story.order))


def _other_day_in_the_sales_order(story: Story) -> tuple[str, str]:
	row = one("Sales Order Item", parent=story.sold)
	put("Sales Order Item", row, {"delivery_date": add_days(today(), 200)})
	return "Sales Order", story.sold


def _live_date_of_an_ended_order(story: Story) -> tuple[str, str]:
	commitment = one(DELIVERY_COMMITMENT, reference_name=story.order)
	frappe.db.set_value(INTENT_ORDER, story.order, {"status": "Vetoed", "docstatus": 0})
	return DELIVERY_COMMITMENT, commitment


def _lots_of_other_vehicles(story: Story) -> tuple[str, str]:
	commitment = frappe.get_doc(DELIVERY_COMMITMENT, one(DELIVERY_COMMITMENT, reference_name=story.order))
	row = commitment.append("lots", {"qty": 3, "delivery_date": commitment.committed_date})
	row.set_new_name()
	row.db_insert()
	return DELIVERY_COMMITMENT, str(commitment.name)


def _drawn_without_a_sheet(story: Story) -> tuple[str, str]:
	values = {"status": "Auditing", "docstatus": 0, "blind_state": "Drawn"}
	return put(PRODUCTION_CONFIGURATION, story.version, values)


def _valid_without_date(story: Story) -> tuple[str, str]:
	frappe.db.delete(DELIVERY_COMMITMENT, {"reference_name": story.order})
	return put(INTENT_ORDER, story.order, {"status": "Valid"})


FAULTS: dict[str, Fault] = {
	"a status without its step": lambda s: put(INTENT_ORDER, s.asked, {"status": "Consolidating"}),
	"a step that was taken away": _deleted_step,
	"a step without its taker": lambda s: (
		put("Document Event", one("Document Event", parent=s.contract, to_status="Signed"), {"actor": None})
		and (SALES_CONTRACT, s.contract)
	),
	"a document submitted by hand": lambda s: put(INTENT_ORDER, s.asked, {"docstatus": 1}),
	"an open task on a closed document": closed_task,
	"two opinions of one department": _answered_twice,
	"a question on an ended order": _ended_order_with_question,
	"a conditional opinion without its condition": lambda s: takes_away(
		REVIEW_CONDITION, of(INTENT_ORDER, s.order), (INTENT_ORDER, s.order)
	),
	"a condition that was made void": lambda s: (
		put(REVIEW_CONDITION, one(REVIEW_CONDITION, reference_name=s.order), {"status": "Void"})
		and (INTENT_ORDER, s.order)
	),
	"a condition before the release, open after it": lambda s: (
		put(REVIEW_CONDITION, one(REVIEW_CONDITION, reference_name=s.order), {"due_before": "Release"})
		and (PRODUCTION_CONFIGURATION, s.version)
	),
	"vehicles that do not add up": lambda s: put(INTENT_ORDER, s.order, {"remaining_qty": 3}),
	"vehicles no contract has": lambda s: put(
		INTENT_ORDER, s.order, {"contracted_qty": 9, "remaining_qty": 1}
	),
	"a milestone on another day": lambda s: put(
		PRODUCTION_MILESTONE, f"{s.contract}-1-1-F4", {"planned_on": add_days(today(), 7)}
	),
	"another day in the Sales Order": _other_day_in_the_sales_order,
	"a date of an ended order": _live_date_of_an_ended_order,
	"a deposit nobody paid": lambda s: put(SALES_CONTRACT, s.contract, {"deposit_received": 1}),
	"a deposit confirmed and raised": lambda s: put(
		SALES_CONTRACT, s.contract, {"deposit_amount": 9_999_999}
	),
	"a Sales Order at another price": lambda s: put("Sales Order", s.sold, {"grand_total": 1}),
	"a score its defects do not make": lambda s: put(
		QUALITY_ASSESSMENT, one(QUALITY_ASSESSMENT, sales_contract=s.contract), {"score": 61.5}
	),
	"the zero of a veto that is lifted": lambda s: put(
		QUALITY_ASSESSMENT, one(QUALITY_ASSESSMENT, sales_contract=s.contract), {"is_vetoed": 1}
	),
	"a release that was not entered": lambda s: put(
		PRODUCTION_CONFIGURATION, s.version, {"sales_order": None}
	),
	"a line in force without order entry": lambda s: takes_away(
		PRODUCTION_CONFIGURATION, {"name": s.version}, (SALES_CONTRACT, s.contract)
	),
	"an own translation audited": lambda s: put(
		PRODUCTION_CONFIGURATION, s.version, {"auditor": address("OA")}
	),
	"a signature without a seal": _contract_without_seal,
	"a valid order nobody promises a date": _valid_without_date,
	"lots of other vehicles": _lots_of_other_vehicles,
	"a blind re-check without its sheet": _drawn_without_a_sheet,
	"a delegation of a disabled user": lambda s: (
		put("User", address("QA"), {"enabled": 0}) and ("Delegation", one("Delegation", user=address("QA")))
	),
}


def test_nothing_is_found_in_what_the_app_made_and_each_planted_fault_is(story: Story) -> None:
	before = {str(finding) for finding in checker.run()}
	made = {str(value) for value in vars(story).values()}
	assert [finding for finding in before if any(name in finding for name in made)] == []
	assert len(FAULTS) >= 15
	missed, broken = [], set()
	for what, plant in FAULTS.items():
		frappe.db.savepoint("fault")
		wanted = plant(story)
		found = {one.__name__: list(one()) for one in checker.INVARIANTS}
		frappe.db.rollback(save_point="fault")
		frappe.clear_cache()
		broken |= {name for name, findings in found.items() if findings}
		named = {(finding.doctype, finding.name) for findings in found.values() for finding in findings}
		if wanted not in named:
			missed.append(what)
	assert missed == []
	untried = {one.__name__ for one in checker.INVARIANTS} - broken
	assert untried == set(), "what nothing breaks proves nothing"
	assert {str(finding) for finding in checker.run()} == before


def test_an_invariant_that_breaks_off_is_a_finding() -> None:
	def broken() -> Any:
		"""Something that cannot be looked at."""
		raise KeyError("x")

	(finding,) = checker.run((broken,))
	assert (finding.doctype, "cannot be looked at" in finding.wrong) == ("Error Log", True)


def test_what_is_found_at_night_is_noted_to_administrator_and_supervisor(
	monkeypatch: pytest.MonkeyPatch,
) -> None:
	lie = Finding(INTENT_ORDER, "IO-X", "It is <b>wrong</b>.", "Mend it.")
	monkeypatch.setattr(checker, "INVARIANTS", (lambda: iter([lie]),))
	assert checker.nightly() == 1
	told = frappe.get_all("Notification Log", {"document_name": "IO-X"}, ["for_user", "email_content"])
	assert address("OS") in {row.for_user for row in told}
	assert len(told) >= 2
	assert all("&lt;b&gt;wrong" in row.email_content for row in told)


def test_the_scheduler_verifies_every_night() -> None:
	assert (
		"order_review.services.verify.checker.nightly" in frappe.get_hooks("scheduler_events")["daily_long"]
	)
