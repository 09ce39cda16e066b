"""How a diff is shown: one table for form, mail and print, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from .. import glossary
from ..glossary import Words, say
from ..wording import amount, signed
from . import template

GROUPS: Words = {
	"vehicle": ("车型", "Vehicle"),
	"configuration": ("配置", "Configuration"),
	"special": ("特殊配置", "Special options"),
	"quantity": ("数量", "Quantity"),
	"price": ("价格", "Price"),
	"policy": ("商务政策", "Policies"),
	"service": ("服务费", "Services"),
	"dates": ("日期", "Dates"),
	"terms": ("条款", "Terms"),
	"production": ("生产配置", "Production"),
}

WHAT: Words = {
	"model": ("车型", "Model"),
	"grade": ("车辆等级", "Vehicle grade"),
	"use": ("用途", "Use"),
	"qty": ("数量(台)", "Quantity"),
	"unit_price": ("单价", "Price per vehicle"),
	"deposit_pct": ("定金比例(%)", "Deposit (%)"),
	"delivery_date": ("交货期", "Delivery date"),
	"payment_mode": ("付款方式", "Payment mode"),
	"service_terms": ("售后条款", "Service terms"),
	"incoterm": ("贸易术语", "Incoterm"),
	"acceptance": ("验收", "Acceptance"),
	"liability": ("违约责任", "Liability for breach"),
	"dispute_resolution": ("争议解决", "Settlement of disputes"),
	"delivery_place": ("交货地点", "Delivery place"),
	"delivery_mode": ("交货方式", "Delivery mode"),
	"deposit_kind": ("定金性质", "Kind of deposit"),
	"contract_date": ("合同日期", "Contract date"),
	"payments": ("付款计划", "Payment schedule"),
	"livery_reference": ("图案编号", "Livery reference"),
	"seat_plan": ("座位布置说明", "Seat plan"),
	"remarks": ("配置备注", "Remarks"),
	"signing_place": ("签约地点", "Signing place"),
	"delivery_lots": ("分批交货", "Partial deliveries"),
	"claims": ("申报价", "Claimed prices"),
	"claimed": ("申报价", "Claimed prices"),
	"claimed_base_price": ("申报基准价", "Claimed base price"),
	"fx_rate": ("汇率", "Exchange rate"),
	"Evidence": ("证明材料", "Evidence"),
	"evidence": ("证明材料", "Evidence"),
	"Livery File": ("图案文件", "Livery files"),
	"livery_files": ("图案文件", "Livery files"),
	"title": ("标题", "Title"),
	"sales_person": ("业务员", "Salesperson"),
	"customer_is_new": ("新客户", "New customer"),
	"tender_no": ("招标编号", "Tender number"),
	"bid_file": ("投标文件", "Bid file"),
	"sales_plan": ("销售计划", "Sales plan"),
	"dest_country": ("目的国", "Destination country"),
	"dest_emission_stage": ("目的国排放阶段", "Emission stage at destination"),
	"internal_cost_centre": ("成本中心", "Cost centre"),
	"internal_purpose": ("内部用途", "Purpose"),
	"internal_disposal": ("后续处置", "Disposal"),
}

HEADS: Words = {
	"line": ("行", "Line"),
	"what": ("项目", "What"),
	"before": ("原", "Before"),
	"after": ("现", "After"),
	"price": ("价格影响(元/台)", "Price (CNY per vehicle)"),
	"weight": ("重量(kg)", "Weight (kg)"),
	"lead": ("周期(天)", "Lead time (days)"),
	"production": ("涉及生产行", "Production rows"),
	"none": ("没有差异。", "Nothing differs."),
	"nothing": ("无", "none"),
}

_VALUES: Mapping[str, Words] = {
	"order_type": glossary.ORDER_TYPES,
	"customer_class": glossary.CUSTOMER_CLASSES,
	"use": glossary.USES,
	"grade": glossary.GRADES,
	"payment_mode": glossary.PAYMENT_MODES,
	"deposit_kind": {
		"Earnest Money": ("定金", "earnest money"),
		"Advance Payment": ("预付款", "advance payment"),
	},
	"delivery_mode": {
		"Collected at Works": ("工厂自提", "collected at works"),
		"Driven to Customer": ("送车上门", "driven to the customer"),
		"Carrier": ("托运", "carrier"),
	},
}


_AMOUNTS = frozenset({"unit_price", "negotiated_unit", "claimed_base_price"})


def view(rows: Iterable[Mapping[str, Any]], lang: str) -> list[dict[str, Any]]:
	"""The rows of a diff as they are read.

	Args:
		rows: differences as ``Difference.as_dict`` gives them, with ``line_no`` where there are several lines.
		lang: zh or en.
	"""
	return [_row(row, lang) for row in rows]


def _row(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
	weight, lead = row.get("weight_effect"), row.get("lead_days")
	return {
		"line": row.get("line_no") or "",
		"group": say(GROUPS, row["group"], lang),
		"what": _what(row, lang),
		"before": _side(row, row["before"], lang),
		"after": _side(row, row["after"], lang),
		"price": signed(row["price_effect"]) if row.get("price_effect") else "",
		"weight": "" if weight is None else f"{weight:+g}".replace("-", "−"),
		"lead": f"{lead:+d}".replace("-", "−") if lead else "",
		"production": [
			f"{one['slot']}: {one['before'] or '–'} → {one['after'] or '–'}"
			for one in row.get("production") or ()
		],
	}


def _what(row: Mapping[str, Any], lang: str) -> str:
	what = row["what"]
	if row["group"] == "service":
		return str(say(glossary.SERVICES, what["code"], lang))
	for words in (WHAT, glossary.FIELDS):
		if what["code"] in words:
			return str(say(words, what["code"], lang))
	return f"{what['code']} {what.get(lang) or ''}".strip()


def _side(row: Mapping[str, Any], side: Mapping[str, str] | None, lang: str) -> str:
	if side is None:
		return ""
	what = row["what"]["code"]
	if row["group"] == "service" or what in _AMOUNTS:
		return amount(float(side["code"]))
	words = _VALUES.get(what)
	if words:
		return str(say(words, side["code"], lang))
	return f"{side['code']} {side.get(lang) or ''}".strip()


def html(rows: Iterable[Mapping[str, Any]], lang: str) -> Markup:
	"""The table of a diff; a sentence where nothing differs."""
	shown = view(rows, lang)
	words = {code: say(HEADS, code, lang) for code in HEADS}
	has = {
		column: any(row[column] for row in shown)
		for column in ("line", "price", "weight", "lead", "production")
	}
	return Markup(template("diff_table.html").render(rows=shown, w=words, has=has))
