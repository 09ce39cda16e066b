"""The monthly contract quality sheet (合同质量考核表): what stands on it, as plain data for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..glossary import Words, say
from ..wording import amount
from .sheet import content_hash, sheet_frame

WORDS: Words = {
	"title": ("合同质量考核表", "Contract Quality Sheet"),
	"month": ("考核月份", "Month"),
	"salesperson": ("业务员", "Salesperson"),
	"department": ("市场部", "Market department"),
	"score": ("得分", "Score"),
	"grade": ("等级", "Grade"),
	"place": ("排名", "Place"),
	"contracts": ("合同数", "Contracts"),
	"vehicles": ("台数", "Vehicles"),
	"weight": ("权重", "Weight"),
	"first_pass_rate": ("一次通过率", "First-pass rate"),
	"return_rate": ("退回率", "Return rate"),
	"returns": ("退回次数", "Returns"),
	"price_errors": ("价格差错金额(元)", "Amount of price errors (CNY)"),
	"late_changes": ("迟变更", "Late changes"),
	"vetoes": ("否决合同", "Vetoed contracts"),
	"appeals": ("申诉(成立)", "Appeals (granted)"),
	"status": ("状态", "Status"),
	"contract": ("合同", "Contract"),
	"customer": ("客户", "Customer"),
	"date": ("生效/否决日期", "Effective or vetoed"),
	"qty": ("台数", "Qty"),
	"defects": ("质量缺陷及扣分", "Defects and points"),
	"no_defects": ("无缺陷", "no defects"),
	"vetoed": ("否决,记0分", "vetoed, score 0"),
	"waived": ("免扣", "waived"),
	"disputed": ("申诉", "appeal"),
	"groups": ("缺陷分组", "Defects by group"),
	"group_a": ("A 配置", "A Configuration"),
	"group_b": ("B 价格", "B Price"),
	"group_c": ("C 商务条款", "C Terms"),
	"group_d": ("D 资料", "D Documents"),
	"group_e": ("E 过程", "E Process"),
	"trend": ("近12个月得分", "Score of the last twelve months"),
	"formula": (
		"合同得分 = 100 − 各项缺陷扣分(每项不超过上限);月得分 = Σ(得分 × 权重) ÷ Σ权重,权重 = 台数,最多 {0}。",
		"Score of a contract = 100 less the points of each defect up to its cap; month = Σ(score × weight) ÷ Σ weight, "
		"weight = vehicles, {0} at most.",
	),
	"signatures": ("签字", "Signatures"),
	"sign_salesperson": ("业务员", "Salesperson"),
	"sign_manager": ("市场部经理", "Market department manager"),
	"sign_supervisor": ("订单主管", "Order supervisor"),
	"sign_market": ("市场管理部", "Market Management"),
	"company": ("单位", "Company"),
	"document_hash": ("文件校验码", "Document hash"),
	"printed": ("打印", "Printed"),
	"none": ("无", "none"),
}

STATUSES: Words = {
	"Open": ("未关账", "Open"),
	"Closed": ("已关账", "Closed"),
	"Confirmed": ("市场管理部已确认", "Confirmed by Market Management"),
	"Reopened": ("重新打开", "Reopened"),
}

DECISIONS: Words = {
	"": ("待裁定", "undecided"),
	"Upheld": ("维持", "upheld"),
	"Reduced": ("减扣", "reduced"),
	"Removed": ("撤销", "removed"),
}

_GROUPS = "group_a group_b group_c group_d group_e".split()


def quality_sheet(
	score: Mapping[str, Any],
	contracts: Sequence[Mapping[str, Any]],
	trend: Sequence[Mapping[str, Any]],
	lang: str,
	*,
	most_weight: int,
	printed: str = "",
	verify_url: str = "",
) -> dict[str, Any]:
	"""The context of ``quality_sheet.html``.

	Args:
		score: month, kind, sales_person, market_department, score, grade, place, places, contracts, vehicles, weight,
			first_pass_rate, return_rate, returns, price_error_amount, late_changes, vetoes, appeals,
			appeals_granted, group_a … group_e, status, company.
		contracts: rows with sales_contract, customer, assessed_on, qty, weight, score, grade, is_vetoed and defects
			(defect, name_zh, name_en, counted, points, is_waived, is_disputed, decision).
		trend: rows with quality_month, score, grade, place, places, oldest first.
		lang: zh or en.
		most_weight: vehicles above which a contract weighs no more.
		printed: by whom and when, as it shall stand on the paper.
		verify_url: address the QR code leads to; without one it holds title and hash.
	"""
	words = {code: say(WORDS, code, lang) for code in WORDS}
	digest = document_hash(score, contracts)
	subject = score.get("sales_person") or score.get("market_department") or ""
	number = f"{score['month']} {subject}"
	return {
		**sheet_frame(number, digest, WORDS, lang, printed=printed, verify_url=verify_url),
		"w": words | {"formula": words["formula"].format(most_weight)},
		"subject": subject,
		"score": _number(score["score"]),
		"grade": score.get("grade") or "–",
		"place": f"{score.get('place') or '–'} / {score.get('places') or '–'}",
		"head": _head(score, words, lang),
		"contracts": [_contract(row, words, lang) for row in contracts],
		"groups": [(words[group], int(score.get(group) or 0)) for group in _GROUPS],
		"trend": [_month(row) for row in trend],
	}


def document_hash(score: Mapping[str, Any], contracts: Sequence[Mapping[str, Any]]) -> str:
	"""SHA-256 of the figures, whatever the language."""
	fields = ("sales_contract", "qty", "score", "grade")
	figures = [[str(row.get(name) or "") for name in fields] for row in contracts]
	head = [
		str(score.get(name) or "") for name in ("month", "kind", "sales_person", "score", "grade", "status")
	]
	return content_hash([head, figures])


def _head(score: Mapping[str, Any], words: Mapping[str, str], lang: str) -> list[tuple[str, str]]:
	rows: list[tuple[str, object]] = [
		("month", score["month"]),
		("status", say(STATUSES, score.get("status") or "Open", lang)),
		("salesperson", score.get("sales_person")),
		("department", score.get("market_department")),
		("contracts", score.get("contracts") or 0),
		("vehicles", f"{score.get('vehicles') or 0} ({words['weight']} {score.get('weight') or 0})"),
		("first_pass_rate", f"{_number(score.get('first_pass_rate'))} %"),
		("return_rate", f"{_number(score.get('return_rate'))} % ({score.get('returns') or 0})"),
		("price_errors", amount(score.get("price_error_amount") or 0)),
		("late_changes", score.get("late_changes") or 0),
		("vetoes", score.get("vetoes") or 0),
		("appeals", f"{score.get('appeals') or 0} ({score.get('appeals_granted') or 0})"),
	]
	return [(words[key], str(value)) for key, value in rows if value not in (None, "")]


def _contract(row: Mapping[str, Any], words: Mapping[str, str], lang: str) -> dict[str, Any]:
	return {
		"number": row["sales_contract"],
		"customer": row.get("customer") or "–",
		"date": str(row.get("assessed_on") or ""),
		"qty": row.get("qty") or 0,
		"weight": row.get("weight") or 0,
		"score": _number(row["score"]),
		"grade": row.get("grade") or "–",
		"is_vetoed": bool(row.get("is_vetoed")),
		"defects": [_defect(one, words, lang) for one in row.get("defects") or ()],
	}


def _defect(row: Mapping[str, Any], words: Mapping[str, str], lang: str) -> str:
	name = row.get(f"name_{lang}") or row.get("name_zh") or ""
	text = f"{row['defect']} {name} × {row.get('counted') or 0}: −{_number(row.get('points'))}"
	notes = []
	if row.get("is_waived"):
		notes.append(words["waived"])
	if row.get("is_disputed"):
		notes.append(f"{words['disputed']}: {say(DECISIONS, row.get('decision') or '', lang)}")
	return text + (f" ({', '.join(notes)})" if notes else "")


def _month(row: Mapping[str, Any]) -> dict[str, str]:
	return {
		"month": row["quality_month"],
		"score": _number(row["score"]),
		"grade": row.get("grade") or "–",
		"place": f"{row.get('place') or '–'}/{row.get('places') or '–'}",
	}


def _number(value: Any) -> str:
	return f"{float(value or 0):.1f}"
