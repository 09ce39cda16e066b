"""Business policies on one order: which count, what they bring, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..catalogue import Catalogue, Policy, PriceBook
from ..order import Order
from .figures import ZERO, Step, plain, shown_number

DISCOUNTS = ("discount", "gift")

EXPIRED = "expired"
NOT_APPLICABLE = "not_applicable"
NOT_CLAIMED = "not_claimed"
SHADOWED = "shadowed"
COUNTS = "counts"


@dataclass(frozen=True)
class Standing:
	"""Whether a policy may count on an order, and in both languages why not."""

	state: str
	why_zh: str = ""
	why_en: str = ""


@dataclass(frozen=True)
class Effect:
	"""What a policy brings: yuan per vehicle and the facts that explain it."""

	amount: Decimal
	detail: Mapping[str, str]


@dataclass(frozen=True)
class Outlook:
	"""One policy seen from one order: does it count, what does or would it bring, why not."""

	policy: str
	type: str
	group: str
	state: str
	amount: Decimal | None
	why_zh: str
	why_en: str

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		why = {"zh": self.why_zh, "en": self.why_en}
		fields = {"policy": self.policy, "type": self.type, "group": self.group, "state": self.state}
		return {**fields, "amount": plain(self.amount), "why": why}


def standing(policy: Policy, order: Order) -> Standing:
	"""Judge a policy against an order; whether it was claimed is not asked here."""
	if not policy.released_on(order.order_date):
		span = f"{policy.valid_from} – {policy.valid_to}"
		return Standing(EXPIRED, f"未发布或不在有效期内({span})", f"not released or not in date ({span})")
	why = _why_not(policy, order)
	return Standing(NOT_APPLICABLE, *why) if why else Standing(COUNTS)


def _why_not(policy: Policy, order: Order) -> tuple[str, str] | None:
	if order.model not in policy.models:
		return f"不含车型{order.model}", f"not for model {order.model}"
	if order.order_type not in policy.order_types:
		return f"不含订单类型{order.order_type}", f"not for order type {order.order_type}"
	for need, wanted in policy.requires.items():
		if not _meets(order, need, wanted):
			return f"要求{need}={wanted}", f"needs {need} = {wanted}"
	if policy.tiers and order.qty < policy.tiers[0][0]:
		return f"不足{policy.tiers[0][0]}台", f"needs {policy.tiers[0][0]} vehicles or more"
	return None


def _meets(order: Order, need: str, wanted: str) -> bool:
	if need == "evidence":
		return wanted in order.evidence
	if need in ("payment_mode", "customer_class"):
		return bool(getattr(order, need) == wanted)
	return bool(order.data.get(need) == wanted)


def effect(policy: Policy, order: Order, base: Decimal, configured: Decimal) -> Effect:
	"""What an amount or percentage policy brings; a percentage is taken on the base list or on ``configured``."""
	if policy.kind == "amount":
		return Effect(policy.amount, {"kind": "amount"})
	pct, detail = policy.pct, {"kind": "percent"}
	if policy.kind == "percent_by_qty":
		least, pct = max(tier for tier in policy.tiers if tier[0] <= order.qty)
		detail = {"kind": "percent", "tier": f">={least}"}
	taken_on = base if policy.of_base else configured
	taken = {
		"pct": shown_number(pct),
		"of": "A" if policy.of_base else "configured",
		"on": shown_number(taken_on),
	}
	return Effect(taken_on * pct / 100, {**detail, **taken})


def gift(policy: Policy, model: str, chosen: frozenset[str], book: PriceBook) -> Effect:
	"""A free option is worth its list price, at most the policy's maximum, if it is chosen."""
	assert policy.option is not None
	line = book.options.get((policy.option, model))
	detail = {"kind": "gift", "option": policy.option}
	if policy.option not in chosen or line is None:
		return Effect(ZERO, {**detail, "chosen": "no"})
	worth = line.list if policy.max_amount is None else min(line.list, policy.max_amount)
	return Effect(max(worth, ZERO), {**detail, "list": shown_number(line.list)})


def discount(
	policy: Policy, order: Order, chosen: frozenset[str], base: Decimal, configured: Decimal, book: PriceBook
) -> Effect:
	"""What a discount or gift brings before grouping and cap."""
	if policy.option:
		return gift(policy, order.model, chosen, book)
	return effect(policy, order, base, configured)


def best_of_groups(effects: Iterable[tuple[Policy, Effect]]) -> list[tuple[Policy, Effect]]:
	"""The largest of each group; of equal ones the first of the catalogue."""
	best: dict[str, tuple[Policy, Effect]] = {}
	for policy, brings in effects:
		if policy.group not in best or brings.amount > best[policy.group][1].amount:
			best[policy.group] = (policy, brings)
	return list(best.values())


def outlook(
	catalogue: Catalogue,
	order: Order,
	chosen: frozenset[str],
	book: PriceBook,
	base: Decimal,
	configured: Decimal,
	trace: Iterable[Step],
) -> list[Outlook]:
	"""Every policy of the catalogue seen from an order: "why not that discount".

	Args:
		catalogue: the catalogue.
		order: the order.
		chosen: its configuration.
		book: the price book its figures use.
		base: its base list price.
		configured: its configured list price CL.
		trace: the trace of its price, which tells what counted.
	"""
	counted = {step.ref: step for step in trace if step.source == "policy"}
	by_group = {dict(step.detail).get("group"): step.ref for step in counted.values()}
	seen: list[Outlook] = []
	for policy in catalogue.policies.values():
		judged = standing(policy, order)
		amount: Decimal | None = None
		state, why_zh, why_en = judged.state, judged.why_zh, judged.why_en
		if policy.code in counted:
			amount = counted[policy.code].amount
		elif state == COUNTS and policy.type in DISCOUNTS:
			amount = discount(policy, order, chosen, base, configured, book).amount
			better = by_group.get(policy.group)
			if policy.code in order.policies or policy.mandatory:
				state, why_zh, why_en = SHADOWED, f"同组{better}更优", f"{better} of the same group is better"
			else:
				state, why_zh, why_en = NOT_CLAIMED, "订单未申请", "the order does not claim it"
		elif state == COUNTS:
			state, why_zh, why_en = NOT_CLAIMED, "不进入评审价", "does not enter the review price"
		seen.append(Outlook(policy.code, policy.type, policy.group, state, amount, why_zh, why_en))
	return seen
