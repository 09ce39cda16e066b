"""The sales contract and its configuration annex (销售合同及配置附件): what stands on them, as plain data for the template."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from .. import glossary
from ..engine.catalogue import Catalogue
from ..glossary import Words, say
from ..wording import amount, exact, family_name, option_name
from . import diff_view
from .capitals import in_capitals
from .qr import qr_svg

SHORTEST_CHECKSUM = 16
"""Signs of a checksum that are printed, and that a signed copy must show."""

WORDS: Words = {
	"title": ("销售合同", "Sales Contract"),
	"annex_title": ("配置附件", "Configuration Annex"),
	"number": ("合同编号", "Contract number"),
	"version": ("版本", "Version"),
	"contract_date": ("合同日期", "Contract date"),
	"signing_place": ("签约地点", "Place of signing"),
	"draft": ("草稿:未批准签署,不得签字盖章。", "DRAFT: not approved for signing. Do not sign or seal."),
	"internal_copy": (
		"内部联:含评审内容,不得签字盖章,不得交给客户或经销商。",
		"INTERNAL COPY with the review: not to be signed or sealed, not for customers or dealers.",
	),
	"review_title": ("合同评审附页", "Review of the Contract"),
	"differences": ("与意向订单的差异", "Differences from the intent orders"),
	"changes": ("各轮变化", "Changes between rounds"),
	"round": ("第{number}轮 · {day} · {who}", "Round {number} · {day} · {who}"),
	"one_round": ("只提交过一轮。", "Submitted once."),
	"versions": ("待签版本", "Versions given out for signing"),
	"approved_on": ("批准日期", "Approved on"),
	"pages": ("页数", "Pages"),
	"no_versions": ("尚无待签版本。", "No version was given out for signing yet."),
	"translation": (
		"译文,仅供参考;以合同文本语言的版本为准。",
		"Translation for information; the copy in the contract language is the one that is signed.",
	),
	"buyer": ("甲方(买方)", "Party A (buyer)"),
	"seller": ("乙方(卖方)", "Party B (seller)"),
	"dealer": ("经销商", "Dealer"),
	"tax_id": ("税号", "Tax number"),
	"article_goods": ("一、标的、数量与价款", "1. Vehicles, quantities and prices"),
	"line": ("行", "Line"),
	"model": ("车型", "Model"),
	"grade": ("等级", "Grade"),
	"use": ("用途", "Use"),
	"qty": ("数量(台)", "Quantity"),
	"unit_price": ("单价", "Unit price"),
	"amount": ("金额", "Amount"),
	"delivery_date": ("交货期", "Delivery"),
	"total": ("合计", "Total"),
	"in_words": ("大写", "In Chinese capitals"),
	"vat": ("以上价格含13%增值税。", "Prices include 13 % VAT."),
	"no_vat": ("出口合同,价格不含中国增值税。", "Export contract: prices without Chinese VAT."),
	"price_term": ("价格条款:{term}(Incoterms 2020)。", "Price term: {term} (Incoterms 2020)."),
	"article_payment": ("二、付款与定金", "2. Payment and deposit"),
	"payment_mode": ("付款方式", "Payment mode"),
	"milestone": ("付款节点", "Due at"),
	"share": ("比例", "Share"),
	"days": ("天数", "Days"),
	"remark": ("备注", "Remark"),
	"article_delivery": ("三、交货", "3. Delivery"),
	"delivery_place": ("交货地点", "Place of delivery"),
	"delivery_mode": ("交货方式", "Mode of delivery"),
	"lots": ("分批交货", "Partial deliveries"),
	"article_acceptance": ("四、验收", "4. Acceptance"),
	"article_service": ("五、售后服务", "5. After-sales service"),
	"article_liability": ("六、违约责任", "6. Liability for breach"),
	"article_dispute": ("七、争议解决", "7. Settlement of disputes"),
	"article_effect": ("八、合同附件与生效", "8. Annex and effect"),
	"usual_acceptance": (
		"甲方在交货地点按本合同附件及国家标准验收,当场签署验收单;逾期三日未提异议视为合格。",
		"Party A accepts the vehicles at the place of delivery by the annex and the national standards and signs the record; without objection within three days they count as accepted.",
	),
	"usual_service": (
		"按乙方《整车质量保证手册》执行。",
		"By Party B's warranty handbook.",
	),
	"usual_liability": (
		"任何一方违约,应赔偿对方因此受到的损失;定金条款另按《民法典》第586至588条执行。",
		"A party in breach makes good the loss of the other; earnest money follows Articles 586 to 588 of the Civil Code.",
	),
	"usual_dispute": (
		"协商解决;协商不成的,由合同签订地人民法院管辖。",
		"By agreement; failing that, by the court at the place of signing.",
	),
	"effect": (
		"配置附件是本合同不可分割的部分,双方须在附件每页签字。本合同自双方签字盖章、乙方收到定金(预付款)且约定条件满足之日起生效。",
		"The configuration annex is part of this contract; both parties initial each of its pages. The contract takes effect once it is signed and sealed, the deposit has been received and the agreed conditions are met.",
	),
	"signature_buyer": ("甲方签字(盖章)", "Party A, signature and seal"),
	"signature_seller": ("乙方签字(合同专用章)", "Party B, signature and contract seal"),
	"representative": ("授权代表", "Authorised representative"),
	"date": ("日期", "Date"),
	"family": ("配置项", "Family"),
	"option": ("配置", "Option"),
	"chosen": ("● 为非标准配置", "● not of the standard configuration"),
	"standard": ("标配", "standard"),
	"specials": ("特殊配置", "Special options"),
	"request_no": ("申请单号", "Request"),
	"drawing_no": ("图号", "Drawing number"),
	"livery": ("图案", "Livery"),
	"livery_files": ("图案文件", "Livery files"),
	"seat_plan": ("座位布置", "Seat plan"),
	"no_specials": ("无特殊配置。", "No special options."),
	"initials": ("甲方签字________ 乙方签字________", "Initials: Party A ________ Party B ________"),
	"annex_checksum": ("附件校验码", "Annex checksum"),
	"configuration_of": ("第{line}行配置", "Configuration of line {line}"),
	"printed": ("打印", "Printed"),
	"none": ("无", "none"),
	"by_annex": ("车辆配置见附件。", "The configuration of the vehicles is in the annex."),
}

MILESTONES: Words = {
	"Signing": ("合同签订", "Signing"),
	"Before Production": ("投产前", "Before production"),
	"Before Delivery": ("提车前", "Before delivery"),
	"Acceptance": ("验收", "Acceptance"),
	"After Delivery": ("交车后", "After delivery"),
}

MODES: Words = {
	"Collected at Works": ("甲方到乙方工厂自提", "Collected by Party A at the works of Party B"),
	"Driven to Customer": ("乙方送车至交货地点", "Driven by Party B to the place of delivery"),
	"Carrier": ("委托承运人运输", "By carrier"),
}

DEPOSITS: Words = {
	"Earnest Money": (
		"定金(占合同总价{pct}%):{amount}。甲方违约无权请求返还;乙方违约双倍返还。",
		"Earnest money (定金), {pct} % of the total: {amount}. Party A in breach forfeits it; Party B in breach returns it twofold.",
	),
	"Advance Payment": (
		"预付款(占合同总价{pct}%):{amount}。抵作价款,合同解除时应予返还。",
		"Advance payment (预付款), {pct} % of the total: {amount}. It is part of the price and is paid back if the contract is ended.",
	),
}

_NO_DEPOSIT = ("无定金。", "No deposit.")


def annex_of(data: Mapping[str, Any]) -> list[Any]:
	"""What the annex of a contract says, free of language: the same content gives the same checksum."""
	return [
		[
			line["line_no"],
			line["model"],
			line["qty"],
			sorted([row["option"], row.get("remark") or ""] for row in line["options"]),
			sorted([row["request_no"], row["name"], row.get("drawing_no") or ""] for row in line["specials"]),
			line.get("livery_reference") or "",
			sorted(line.get("livery_files") or ()),
			line.get("seat_plan") or "",
		]
		for line in data["lines"]
	]


def annex_checksum(data: Mapping[str, Any]) -> str:
	"""SHA-256 of number, version and annex, so that each version for signing has a checksum of its own."""
	text = json.dumps([data["number"], data["version"], annex_of(data)], ensure_ascii=False, sort_keys=True)
	return hashlib.sha256(text.encode()).hexdigest()


def contract_sheet(
	catalogue: Catalogue,
	data: Mapping[str, Any],
	lang: str,
	*,
	issued: bool,
	printed: str = "",
	review: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
	"""The context of ``contract.html``.

	Args:
		catalogue: names of models, families and options.
		data: number, version, contract_date, signing_place, language, currency, buyer and seller (name, address,
			tax_id), dealer, export, lines (line_no, model, grade, use, qty, unit_price, amount, delivery_date,
			delivery_lots, options, specials, livery_reference, livery_files, seat_plan), total, incoterm, payment_mode,
			payments (milestone, pct, amount, days, remark), deposit (kind, pct, amount), delivery_place,
			delivery_mode, acceptance, service_terms, liability, dispute_resolution.
		lang: zh or en.
		issued: the version was approved for signing; else it is marked as a draft and shows no checksum.
		printed: by whom and when, as it shall stand on the paper.
		review: makes it the internal copy, which is not for signing: ``differences`` from the intent orders, ``rounds``
			(number, day, who, changes), ``versions`` (version, day, pages, checksum).
	"""
	words = {code: say(WORDS, code, lang) for code in WORDS}
	issued = issued and review is None
	checksum = annex_checksum(data) if issued else ""
	return {
		"w": words,
		"number": data["number"],
		"version": data["version"],
		"issued": issued,
		"warning": _warning(data, words, lang, issued=issued, internal=review is not None),
		"review": _review(review, words, lang) if review is not None else None,
		"checksum": checksum,
		"qr": qr_svg(f"{data['number']}\nV{data['version']}\n{checksum or 'DRAFT'}"),
		"printed": printed,
		"head": _head(data, words),
		"parties": _parties(data, words),
		"lines": [_line(catalogue, line, data, lang) for line in data["lines"]],
		"total": _money(data["total"], data["currency"]),
		"total_qty": sum(line["qty"] for line in data["lines"]),
		"capitals": in_capitals(Decimal(str(data["total"])), data["currency"]),
		"tax": words["no_vat" if data.get("export") else "vat"],
		"price_term": _price_term(data, words),
		"deposit": _deposit(data, lang),
		"payment_mode": say(glossary.PAYMENT_MODES, data["payment_mode"], lang)
		if data["payment_mode"]
		else "–",
		"payments": [_payment(row, data["currency"], lang) for row in data["payments"]],
		"delivery": _delivery(data, words, lang),
		"acceptance": data.get("acceptance") or words["usual_acceptance"],
		"service": data.get("service_terms") or words["usual_service"],
		"liability": data.get("liability") or words["usual_liability"],
		"dispute": data.get("dispute_resolution") or words["usual_dispute"],
		"annexes": [_annex(catalogue, line, words, lang) for line in data["lines"]],
	}


def _warning(
	data: Mapping[str, Any], words: Mapping[str, str], lang: str, *, issued: bool, internal: bool
) -> str:
	"""What the paper must not be taken for; empty on the copy to sign."""
	if internal:
		return words["internal_copy"]
	if not issued:
		return words["draft"]
	return words["translation"] if lang != data["language"] else ""


def _review(review: Mapping[str, Any], words: Mapping[str, str], lang: str) -> dict[str, Any]:
	return {
		"differences": diff_view.html(review["differences"], lang),
		"rounds": [
			(words["round"].format(**one), diff_view.html(one["changes"], lang)) for one in review["rounds"]
		],
		"versions": list(review["versions"]),
	}


def _head(data: Mapping[str, Any], words: Mapping[str, str]) -> list[tuple[str, str]]:
	return [(words[name], str(data.get(name) or "–")) for name in ("contract_date", "signing_place")]


def _parties(data: Mapping[str, Any], words: Mapping[str, str]) -> list[dict[str, Any]]:
	rows = []
	for side in ("buyer", "seller"):
		party = data[side]
		details = [party.get("address") or "", f"{words['tax_id']}: {party.get('tax_id') or '–'}"]
		rows.append(
			{"role": words[side], "name": party["name"], "details": [line for line in details if line]}
		)
	if data.get("dealer"):
		rows.append({"role": words["dealer"], "name": data["dealer"], "details": []})
	return rows


def _line(
	catalogue: Catalogue, line: Mapping[str, Any], data: Mapping[str, Any], lang: str
) -> dict[str, Any]:
	return {
		"line_no": line["line_no"],
		"model": line["model"],
		"name": _model_name(catalogue, line["model"], lang),
		"grade": say(glossary.GRADES, line["grade"], lang) if line.get("grade") else "–",
		"use": say(glossary.USES, line["use"], lang) if line.get("use") else "–",
		"qty": line["qty"],
		"unit_price": _money(line["unit_price"], data["currency"]),
		"amount": _money(line["amount"], data["currency"]),
		"delivery_date": _day(line["delivery_date"]),
	}


def _price_term(data: Mapping[str, Any], words: Mapping[str, str]) -> str:
	"""The trade term with its named place, as FOB Shanghai; empty where none is agreed."""
	if not data.get("incoterm"):
		return ""
	term = " ".join(filter(None, (data["incoterm"], data.get("delivery_place"))))
	return words["price_term"].format(term=term)


def _model_name(catalogue: Catalogue, code: str, lang: str) -> str:
	model = catalogue.models.get(code)
	return "" if model is None else model.name_zh if lang == "zh" else model.name_en


def _deposit(data: Mapping[str, Any], lang: str) -> str:
	deposit = data["deposit"]
	if not deposit["amount"]:
		return _NO_DEPOSIT[0 if lang == "zh" else 1]
	sentence: str = say(DEPOSITS, deposit["kind"], lang)
	return sentence.format(pct=exact(deposit["pct"]), amount=_money(deposit["amount"], data["currency"]))


def _payment(row: Mapping[str, Any], currency: str, lang: str) -> dict[str, str]:
	return {
		"milestone": say(MILESTONES, row["milestone"], lang),
		"pct": f"{exact(row['pct'])} %",
		"amount": _money(row["amount"], currency),
		"days": str(row.get("days") or ""),
		"remark": row.get("remark") or "",
	}


def _delivery(data: Mapping[str, Any], words: Mapping[str, str], lang: str) -> list[tuple[str, str]]:
	mode = data.get("delivery_mode")
	rows = [
		(words["delivery_place"], data.get("delivery_place") or "–"),
		(words["delivery_mode"], say(MODES, mode, lang) if mode else "–"),
	]
	for line in data["lines"]:
		text = f"{line['qty']} × {_day(line['delivery_date'])}"
		lots = line.get("delivery_lots")
		rows.append(
			(f"{words['line']} {line['line_no']}", f"{text}; {words['lots']}: {lots}" if lots else text)
		)
	return rows


def _annex(
	catalogue: Catalogue, line: Mapping[str, Any], words: Mapping[str, str], lang: str
) -> dict[str, Any]:
	model = catalogue.models.get(line["model"])
	standard = frozenset(model.standard) if model else frozenset()
	return {
		"title": words["configuration_of"].format(line=line["line_no"]),
		"model": f"{line['model']} {_model_name(catalogue, line['model'], lang)}".strip(),
		"qty": line["qty"],
		"rows": [_option(catalogue, row, standard, lang) for row in _sorted(catalogue, line["options"])],
		"specials": list(line["specials"]),
		"livery": line.get("livery_reference") or words["none"],
		"livery_files": ", ".join(line.get("livery_files") or ()) or words["none"],
		"seat_plan": line.get("seat_plan") or words["none"],
	}


def _option(
	catalogue: Catalogue, row: Mapping[str, Any], standard: frozenset[str], lang: str
) -> dict[str, Any]:
	option = catalogue.options.get(row["option"])
	return {
		"family": family_name(catalogue, option.family, lang) if option else "",
		"code": row["option"],
		"name": option_name(catalogue, row["option"], lang),
		"remark": row.get("remark") or "",
		"chosen": row["option"] not in standard,
	}


def _sorted(catalogue: Catalogue, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
	def place(row: Mapping[str, Any]) -> tuple[int, str]:
		option = catalogue.options.get(row["option"])
		family = catalogue.families.get(option.family) if option else None
		return (family.sort if family else 10_000, row["option"])

	return sorted(rows, key=place)


def _money(value: Any, currency: str) -> str:
	text = amount(float(value or 0))
	return f"¥{text}" if currency == "CNY" else f"{currency} {text}"


def _day(value: Any) -> str:
	return value.isoformat() if isinstance(value, date) else str(value or "–")
