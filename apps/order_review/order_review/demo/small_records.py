"""A few records of the small duties: a requirement, calls, an exception, enquiries, a training and a qualification."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, add_to_date, now_datetime, today

from order_review.constants import (
	COMMUNICATION_LOG,
	CONFIGURATION_ENQUIRY,
	EXCEPTION_REPORT,
	INTENT_ORDER,
	QUALIFICATION_RECORD,
	REQUIREMENT_RECORD,
	TRAINING_SESSION,
)
from order_review.services import assigned_tasks

from . import ledger
from .people import address

SAMPLE = "IO-12"
"""The sample order they are about."""

_CALLS: tuple[dict[str, Any], ...] = (
	{
		"channel": "Call",
		"direction": "Outgoing",
		"party": "Dealer",
		"contact_person": "刘经理",
		"subject": "车辆等级与座椅间距",
		"content": "告知现配置达不到高二级,建议改用可达到的座椅布置;经销商回去与客户商量。",
		"follow_up": "等客户答复座椅布置",
	},
	{
		"channel": "E-mail",
		"direction": "Incoming",
		"party": "Customer",
		"contact_person": "陈科长",
		"subject": "线路资料",
		"content": "客户发来线路、坡度与海拔资料。",
	},
)
_ENQUIRIES = (
	(
		"12米旅游客车能否加装液力缓速器?价格和周期是多少?",
		"可以选装液力缓速器,价格见当期价格表,周期在车型基础周期内。",
	),
	("校车的限速要求是多少?", "校车按 GB 24407 装限速装置,最高车速 80 km/h,配置库规则会自动检查。"),
	("高原地区用车需要哪些配置?", ""),
)


def create_records() -> None:
	"""Make them where there are none."""
	order = frappe.db.get_value(INTENT_ORDER, {"external_id": SAMPLE})
	if not order or frappe.db.exists(COMMUNICATION_LOG, {"reference_name": order}):
		return
	about = {"reference_doctype": INTENT_ORDER, "reference_name": order}
	for hours, call in enumerate(_CALLS, 1):
		due = add_days(today(), 2) if "follow_up" in call else None
		when = add_to_date(now_datetime(), hours=-hours)
		_make("OA", COMMUNICATION_LOG, **about, **call, occurred_at=when, follow_up_on=due)
	_requirement(order)
	_make(
		"AU",
		EXCEPTION_REPORT,
		**about,
		kind="Quality",
		recipient="Order Supervisor",
		description="业务员按高二级报价,配置只能达到高一级,客户尚不知情。",
		harm="若签订合同,可能退车或降价。",
	)
	for question, answer in _ENQUIRIES:
		_enquiry(question, answer)
	_training()
	_task(order)


def _requirement(order: str) -> None:
	_make(
		"SP",
		REQUIREMENT_RECORD,
		intent_order=order,
		route="江州—云岭,单程 210 km,高速 80%,日行驶 420 km",
		terrain="Mountain",
		altitude=1900,
		climate="Hot and Humid",
		passengers=48,
		must_haves="缓速器\n行李舱不小于 8 立方米\n全车 USB 充电口",
		nice_to_haves="后排卫生间",
		confirmed_by="陈科长",
		confirmed_on=today(),
		confirmed_how="Signed Paper",
	)


def _enquiry(question: str, answer: str) -> None:
	name = _make(
		"SP", CONFIGURATION_ENQUIRY, question=question, model="XQK6128H" if "12米" in question else None
	)
	if not answer:
		return
	with _as("TR"):
		document = frappe.get_doc(CONFIGURATION_ENQUIRY, name)
		document.update({"answer": answer, "is_published": 1})
		document.save()
		apply_workflow(document, "Answer")


def _training() -> None:
	"""A training of market departments, and the three courses of order administrators: one has passed, one has begun."""
	_session("年度销售政策与配置价格", "Configuration and Prices", {"sp": 92, "mm": 78, "ic": 54}, days_ago=0)
	_session("企业文化与规章", "Company Culture", {"oa": 95, "ca": 90, "ic": 88}, days_ago=40)
	_session("订单评审制度与流程", "Rules and Processes", {"oa": 88, "ca": 82, "ic": 57}, days_ago=33)
	last = _session("客车产品知识", "Product Knowledge", {"oa": 90, "ca": 76}, days_ago=26)
	_make(
		"OS",
		QUALIFICATION_RECORD,
		user=address("OA"),
		role="Order Administrator",
		result="Passed",
		score=91,
		qualified_on=add_days(today(), -25),
		valid_to=add_days(today(), 705),
		training_session=last,
	)


def _session(subject: str, course: str, scores: dict[str, int], days_ago: int) -> str:
	return _make(
		"OS" if "oa" in scores else "OA",
		TRAINING_SESSION,
		subject=subject,
		course=course,
		held_on=add_days(today(), -days_ago),
		trainer=address("OS" if "oa" in scores else "OA"),
		pass_score=60,
		attendees=[
			{"user": address(code.upper()), "attended": 1, "quiz_score": score}
			for code, score in scores.items()
		],
	)


def _task(order: str) -> None:
	with _as("OS"):
		task = assigned_tasks.assign(
			frappe.get_doc(INTENT_ORDER, order),
			address("OA"),
			"核对该客户近三年的车辆等级与付款记录。",
			add_days(today(), 2),
		)
	ledger.note("ToDo", task)


def _make(code: str, doctype: str, **values: Any) -> str:
	with _as(code):
		name = str(frappe.get_doc({"doctype": doctype, **values}).insert().name)
	ledger.note(doctype, name)
	return name


@contextmanager
def _as(code: str) -> Iterator[None]:
	"""Act as the sample user with a role; no letters are written."""
	before, muted = frappe.session.user, frappe.flags.mute_emails
	frappe.set_user(address(code))
	frappe.flags.mute_emails = True
	try:
		yield
	finally:
		frappe.set_user(before)
		frappe.flags.mute_emails = muted
