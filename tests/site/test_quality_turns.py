"""Quality of contracts off the main path: a veto that is lifted, a month that was closed with it, a month with nothing."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, add_months, getdate, today

from order_review.constants import MONTHLY_SCORE, QUALITY_ASSESSMENT, QUALITY_MONTH
from order_review.demo.people import address
from order_review.exceptions import QualityError
from order_review.services import guard
from order_review.services.quality import months
from tests.site import contracting
from tests.site.reviewing import acting

pytestmark = pytest.mark.usefixtures("demo_site")


def assessed(contract: str) -> Any:
	fields = "name status score is_vetoed quality_month assessed_on".split()
	return frappe.db.get_value(QUALITY_ASSESSMENT, {"sales_contract": contract}, fields, as_dict=True)


def take(doctype: str, name: str, action: str, code: str, reason: str = "") -> None:
	with acting(code), guard.because(reason):
		apply_workflow(frappe.get_doc(doctype, name), action)


@pytest.fixture
def vetoed() -> str:
	name = contracting.received(contracting.made(contracting.valid("IO-01")))
	contracting.take(name, "Veto", "OA", "VT-BUILD 无法制造")
	return name


def lift(contract: str) -> None:
	contracting.take(contract, "Lift Veto", "SM", "技术方案已找到")


def closed_month(contract: str) -> str:
	"""The vetoed contract's zero is confirmed, and its month is closed."""
	found = assessed(contract)
	take(QUALITY_ASSESSMENT, found.name, "Confirm Assessment", "OA")
	frappe.db.set_value(QUALITY_ASSESSMENT, found.name, "appeal_until", add_days(today(), -1))
	frappe.db.set_value(QUALITY_MONTH, found.quality_month, "closes_after", add_days(today(), -1))
	months.close_due()
	assert assessed(contract).status == "Closed"
	return str(found.quality_month)


def zeroes(month: str) -> list[Any]:
	"""Scores of the salesperson in a month, as they are written down."""
	return frappe.get_all(
		MONTHLY_SCORE, {"quality_month": month, "kind": "Salesperson", "vetoes": [">", 0]}, pluck="score"
	)


def test_the_zero_of_a_vetoed_contract_goes_with_the_veto(vetoed: str) -> None:
	assert (assessed(vetoed).score, assessed(vetoed).is_vetoed) == (0, 1)
	lift(vetoed)
	found = assessed(vetoed)
	assert (found.status, found.is_vetoed) == ("Draft", 0)
	assert found.score > 0


def test_a_contract_that_is_neither_effective_nor_vetoed_is_not_judged(vetoed: str) -> None:
	lift(vetoed)
	with pytest.raises(QualityError, match="once it is effective or vetoed"):
		take(QUALITY_ASSESSMENT, assessed(vetoed).name, "Confirm Assessment", "OA")


def test_once_effective_it_is_drawn_up_for_that_day(vetoed: str) -> None:
	lift(vetoed)
	contracting.approved(vetoed)
	contracting.hand_in(vetoed)
	contracting.sealed(vetoed)
	contracting.pay_deposit(vetoed)
	contracting.confirm_deposit(vetoed)
	found = assessed(vetoed)
	assert (found.status, found.is_vetoed, found.assessed_on) == ("Draft", 0, getdate(today()))
	take(QUALITY_ASSESSMENT, found.name, "Confirm Assessment", "OA")


def test_with_the_contract_withdrawn_nothing_is_left_to_judge(vetoed: str) -> None:
	lift(vetoed)
	contracting.take(vetoed, "Return", "OA", "RT-DATA 资料不全")
	contracting.take(vetoed, "Withdraw", "SP")
	assert assessed(vetoed) is None


def test_vetoed_again_it_scores_nothing_again(vetoed: str) -> None:
	lift(vetoed)
	contracting.take(vetoed, "Veto", "OA", "VT-BUILD 无法制造")
	assert (assessed(vetoed).score, assessed(vetoed).is_vetoed) == (0, 1)


def test_a_closed_zero_leaves_its_month_when_the_veto_is_lifted(vetoed: str) -> None:
	month = closed_month(vetoed)
	assert zeroes(month)
	lift(vetoed)
	found = assessed(vetoed)
	assert (found.status, found.is_vetoed) == ("Draft", 0)
	assert found.quality_month > month
	assert not zeroes(month)


def test_a_month_handed_over_with_the_zero_is_reopened_into_truth(vetoed: str) -> None:
	month = closed_month(vetoed)
	take(QUALITY_MONTH, month, "Confirm Scores", "MG")
	lift(vetoed)
	assert zeroes(month), "what was handed over stands until the month is reopened"
	told = {"document_name": month, "for_user": address("MG"), "subject": ["like", f"%{vetoed}%"]}
	assert frappe.db.exists("Notification Log", told)
	take(QUALITY_MONTH, month, "Reopen Month", "MG", "撤销否决")
	assert not zeroes(month)
	take(QUALITY_MONTH, month, "Close Month", "MG")


def test_a_zero_that_was_closed_before_such_lifts_were_followed_is_mended_by_reopening(vetoed: str) -> None:
	month = closed_month(vetoed)
	frappe.db.set_value("Sales Contract", vetoed, "status", "Received")
	take(QUALITY_MONTH, month, "Reopen Month", "MG", "撤销否决")
	assert (assessed(vetoed).status, assessed(vetoed).is_vetoed) == ("Draft", 0)
	assert not zeroes(month)


def empty_month() -> str:
	name = months.open_month(getdate(add_months(today(), -5)))
	frappe.db.set_value(QUALITY_MONTH, name, "closes_after", add_days(today(), -1))
	return name


def test_a_month_with_nothing_asks_nobody_for_a_confirmation() -> None:
	name = empty_month()
	months.close_due()
	assert frappe.db.get_value(QUALITY_MONTH, name, ["status", "confirmed_by"]) == ("Confirmed", None)
	assert not frappe.db.exists("Notification Log", {"document_name": name, "for_user": address("MG")})


def test_one_that_was_closed_so_before_can_be_confirmed() -> None:
	name = empty_month()
	frappe.db.set_value(QUALITY_MONTH, name, "status", "Closed")
	take(QUALITY_MONTH, name, "Confirm Scores", "MG")
	assert frappe.db.get_value(QUALITY_MONTH, name, "status") == "Confirmed"
