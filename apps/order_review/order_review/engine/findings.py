"""Findings: code, reference, severity, department and a sentence in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .json_text import json_text

ERROR = "error"
WARNING = "warning"

DEPARTMENTS = {
	"TECH": (
		"CFG_RULE",
		"CFG_MISSING",
		"CFG_DOUBLE",
		"CFG_NOT_OFFERED",
		"GRADE_NOT_MET",
		"CCC_MISSING",
		"CFG_ADVICE",
	),
	"FIN": (
		"PRICE_BOOK_EXPIRED",
		"PRICE_BOOK_MISSING",
		"PRICE_MISMATCH",
		"PRICE_LINE_MISSING",
		"POLICY_EXPIRED",
		"POLICY_NOT_APPLICABLE",
		"BELOW_FLOOR",
		"PRICE_ABOVE_REVIEW",
		"DEPOSIT_LOW",
		"AUTHORITY_EXCEEDED",
		"FX_RATE",
		"PAYMENT_CONFLICT",
	),
	"MKTPLAN": ("SPECIAL_NO_PRICE", "SPECIAL_PRICE_EXPIRED", "SPECIAL_QTY_BELOW"),
	"PLAN": ("DELIVERY_TOO_SHORT",),
	"SALESOPS": ("LIVERY_MISSING", "CONTRACT_DIFFERS", "EVIDENCE_MISSING"),
}
DEPARTMENT_OF = {code: department for department, codes in DEPARTMENTS.items() for code in codes}
WARNINGS = frozenset({"CFG_ADVICE", "PRICE_ABOVE_REVIEW", "CONTRACT_DIFFERS", "EVIDENCE_MISSING"})
NOT_BLOCKING = frozenset(
	{
		"CCC_MISSING",
		"SPECIAL_NO_PRICE",
		"SPECIAL_PRICE_EXPIRED",
		"BELOW_FLOOR",
		"DELIVERY_TOO_SHORT",
		"AUTHORITY_EXCEEDED",
		"FX_RATE",
		"PAYMENT_CONFLICT",
		"SPECIAL_QTY_BELOW",
	}
)
"""Errors that a department settles, so that they do not keep an order from being sent to opinions."""

SECRET_FINDINGS = frozenset({"BELOW_FLOOR"})
"""Findings for readers of floor prices only."""
INTERNAL_SECRET_FINDINGS = SECRET_FINDINGS | {"PRICE_ABOVE_REVIEW"}
"""Of an internal order the review price comes from cost; a warning that compares with it would give it away."""

SENTENCES: dict[str, tuple[str, str]] = {
	"CFG_NOT_OFFERED": ("车型{model}不提供配置{option}", "Option {option} is not offered on {model}"),
	"CFG_MISSING": ("配置项{family}未选配置", "No option is chosen for {family}"),
	"CFG_DOUBLE": (
		"配置项{family}选了多个配置:{options}",
		"More than one option is chosen for {family}: {options}",
	),
	"PRICE_BOOK_EXPIRED": (
		"价格表{book}在{date}已不适用,按{used}计价",
		"Price book {book} does not apply on {date}; prices are taken from {used}",
	),
	"PRICE_BOOK_MISSING": ("{date}没有有效的价格表", "No price book is in force on {date}"),
	"PRICE_MISMATCH_BASE": (
		"填写的目录价{claimed}与价格表{listed}不符",
		"Claimed list price {claimed} differs from the book's {listed}",
	),
	"PRICE_MISMATCH": (
		"配置{option}填写的选装价{claimed}与价格表{listed}不符",
		"Claimed price {claimed} of {option} differs from the book's {listed}",
	),
	"PRICE_LINE_MISSING": (
		"价格表{book}没有{option}在{model}上的价格",
		"Price book {book} has no price for {option} on {model}",
	),
	"SPECIAL_NO_PRICE": ("特殊配置{request}尚未定价", "Special option {request} has no price yet"),
	"SPECIAL_PRICE_EXPIRED": (
		"特殊配置{request}的价格已于{date}到期",
		"The price of special option {request} expired on {date}",
	),
	"SPECIAL_QTY_BELOW": (
		"特殊配置{request}按{priced}台定价,本订单只有{qty}台,开发费用分摊不足",
		"Special option {request} was priced for {priced} vehicles, this is for {qty}: the development cost is not covered",
	),
	"FX_RATE": (
		"汇率{fx}与{date}的{currency}汇率{listed}相差{pct}%,超过允许的{most}%",
		"Exchange rate {fx} is {pct} % off the {listed} of {currency} on {date}; {most} % are allowed",
	),
	"FX_RATE_UNKNOWN": (
		"{date}没有{currency}的汇率,无法核对汇率{fx}",
		"There is no exchange rate of {currency} for {date} to check {fx} against",
	),
	"PAYMENT_LATE": (
		"付款方式为提车前全款,付款计划却有{pct}%在交车时或交车后支付",
		"The payment mode is full payment before delivery, yet {pct} % are due at or after delivery",
	),
	"PAYMENT_EARLY": (
		"付款方式为交车后付款,付款计划却在交车前全部付清",
		"The payment mode lets pay after delivery, yet the schedule has everything paid before",
	),
	"PAYMENT_TERM": (
		"付款计划的账期为交车后{days}天,付款方式只允许{most}天",
		"The schedule gives {days} days after delivery; the payment mode allows {most}",
	),
	"PAYMENT_DEPOSIT": (
		"约定定金{pct}%,付款计划在投产前只付{early}%",
		"A deposit of {pct} % is agreed; the schedule has {early} % paid before production",
	),
	"PAYMENT_POLICY": (
		"商务政策{policies}以付款方式为条件,付款计划与之不符",
		"Business policy {policies} depends on the payment mode, which the schedule contradicts",
	),
	"POLICY_EXPIRED": (
		"商务政策{policy}未发布或不在有效期内",
		"Business policy {policy} is not released or not in date",
	),
	"POLICY_NOT_APPLICABLE": (
		"商务政策{policy}不适用于本订单:{why_zh}",
		"Business policy {policy} does not apply to this order: {why_en}",
	),
	"BELOW_FLOOR": (
		"洽谈价{negotiated}低于底价{floor}",
		"Negotiated price {negotiated} is below the floor price {floor}",
	),
	"PRICE_ABOVE_REVIEW": (
		"洽谈价高于评审价{pct}%,请核对是否填错",
		"Negotiated price is {pct} % above the review price; is it an input error?",
	),
	"DELIVERY_TOO_SHORT": (
		"要求交货期{requested}早于最早可交货期{earliest}",
		"Requested delivery {requested} is before the earliest possible {earliest}",
	),
	"DEPOSIT_LOW": (
		"定金比例{pct}%低于最低要求{least}%",
		"Deposit of {pct} % is below the required {least} %",
	),
	"CONTRACT_DIFFERS": (
		"与意向订单{order}不一致:{what_zh}:{before_zh} → {after_zh}",
		"Differs from intent order {order}: {what_en}: {before_en} → {after_en}",
	),
	"AUTHORITY_EXCEEDED": (
		"合同价超出意向订单{order}的价格审批范围,须重新审批",
		"The contract price is not covered by the price authority of {order}; it needs approval",
	),
	"EVIDENCE_MISSING": ("缺少证明文件:{what_zh}", "Evidence is missing: {what_en}"),
	"LIVERY_MISSING": (
		"所选图案需要图案文件,订单未附",
		"The chosen livery needs livery files, none are attached",
	),
}
"""Chinese and English sentence per code; rule findings carry the rule's own message."""


@dataclass(frozen=True, order=True)
class Finding:
	"""One finding of a review; ``ref`` names the option, family, rule, book, policy or request it is about."""

	code: str
	ref: str
	message_zh: str
	message_en: str
	options: tuple[str, ...] = ()
	families: tuple[str, ...] = ()

	@property
	def severity(self) -> str:
		"""``error`` or ``warning``."""
		return WARNING if self.code in WARNINGS else ERROR

	@property
	def department(self) -> str:
		"""Code of the department that settles it."""
		return DEPARTMENT_OF[self.code]

	@property
	def blocks_opinions(self) -> bool:
		"""Whether an open one keeps the order from being sent to opinions."""
		return self.severity == ERROR and self.code not in NOT_BLOCKING

	@cached_property
	def text(self) -> str:
		"""The same as JSON, written once however many orders have the finding."""
		return json_text(self.as_dict())

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {
			"code": self.code,
			"ref": self.ref,
			"severity": self.severity,
			"message": {"zh": self.message_zh, "en": self.message_en},
			"options": list(self.options),
			"families": list(self.families),
			"department": self.department,
		}


def finding(
	code: str,
	ref: str = "",
	values: Mapping[str, object] | None = None,
	*,
	sentence: str | None = None,
	codes: Iterable[str] = (),
	families: Iterable[str] = (),
) -> Finding:
	"""A finding with its sentences filled in.

	Args:
		code: its code.
		ref: what it is about.
		values: what is put into the sentence.
		sentence: entry of SENTENCES to use instead of the code's own.
		codes: options that take part.
		families: families that take part.
	"""
	zh, en = SENTENCES[sentence or code]
	values = values or {}
	return Finding(code, ref, zh.format(**values), en.format(**values), tuple(codes), tuple(families))


def verdict(findings: Iterable[Finding]) -> str:
	"""``error`` if any error, else ``advice`` if any warning, else ``clear``."""
	severities = {found.severity for found in findings}
	return "error" if ERROR in severities else "advice" if WARNING in severities else "clear"
