"""Two questions on the sample contract under review: one the salesperson has answered, one that still waits."""

from __future__ import annotations

import frappe

from order_review.constants import SALES_CONTRACT, TECHNICAL_ISSUE
from order_review.services import technical_issues

from .people import acting, address


def create_questions() -> None:
	"""Ask them where nobody has asked anything yet; they go with their contract."""
	under_review = {"status": "Under Opinions", "owner": address("SP")}
	contract = frappe.db.get_value(SALES_CONTRACT, under_review, order_by="creation")
	if not contract or frappe.db.exists(TECHNICAL_ISSUE, {"reference_name": contract}):
		return
	seats = {
		"kind": "Technical",
		"blocking": 1,
		"family": "SLY",
		"question": "座椅间距750与合同座位数不一致,按哪一种布置图生产?",
		"proposal": "按49+1+1布置图,间距750。",
	}
	with acting("TR"):
		answered = technical_issues.ask(SALES_CONTRACT, contract, seats)
	with acting("SP"):
		technical_issues.answer(answered, {"answer": "客户已书面确认49+1+1布置图。"})
	place = {"kind": "Question", "blocking": 0, "question": "交车地点是南京还是客户车队所在地?"}
	with acting("OA"):
		technical_issues.ask(SALES_CONTRACT, contract, place)
