"""Reasons of returns, vetoes and objections: made when there are none, then the supervisor's to edit."""

from __future__ import annotations

import frappe

from order_review.constants import REVIEW_REASON

REASONS = {
	"Return": (
		("RT-DATA", "资料不全", "Data missing"),
		("RT-CONF", "配置问题", "Configuration fault"),
		("RT-PRICE", "价格问题", "Price fault"),
		("RT-DATE", "交货期问题", "Delivery date"),
		("RT-SPEC", "特殊配置问题", "Special option"),
		("RT-OBJ", "部门反对", "Objection of a department"),
		("RT-MISS", "翻译遗漏总成", "Assembly left out in translation"),
		("RT-OTHER", "其他", "Other"),
	),
	"Veto": (
		("VT-BUILD", "无法制造", "Cannot be built"),
		("VT-LEGAL", "不合法规", "Illegal"),
		("VT-CUST", "客户列入黑名单", "Customer blacklisted"),
		("VT-PRICE", "低于底价未获批准", "Price refused"),
		("VT-OTHER", "其他", "Other"),
	),
	"Objection": (
		("OB-FEAS", "技术不可行", "Not feasible"),
		("OB-CCC", "CCC或公告不覆盖", "Not covered by CCC or announcement"),
		("OB-GRADE", "车辆等级不符", "Vehicle grade not met"),
		("OB-PRICE", "价格有误", "Price facts wrong"),
		("OB-PAY", "付款或信用", "Payment or credit"),
		("OB-DATE", "交货期无法满足", "Delivery date not possible"),
		("OB-SUPPLY", "供应问题", "Supply"),
		("OB-QUAL", "质量问题", "Quality"),
		("OB-SERV", "售后条款", "Service terms"),
		("OB-OTHER", "其他", "Other"),
	),
}
"""Kind → code, Chinese and English name."""


def seed_review_reasons() -> None:
	"""Make the reasons on a site that has none."""
	if frappe.db.count(REVIEW_REASON):
		return
	for kind, reasons in REASONS.items():
		for code, chinese, english in reasons:
			values = {"kind": kind, "code": code, "name_zh": chinese, "name_en": english}
			frappe.get_doc({"doctype": REVIEW_REASON, **values}).insert(ignore_permissions=True)
