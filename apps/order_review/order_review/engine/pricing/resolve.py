"""What an order costs: review price, floor, deviation and authority, every figure with its trace.

All amounts are exact yuan per vehicle; rounding to the books' unit happens once, at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from ..catalogue import Catalogue, Model, Policy, PriceBook, PriceLine
from ..findings import Finding, finding
from ..order import Order
from . import authority
from .figures import ZERO, Price, Step, rounded, shown_number
from .policies import (
	COUNTS,
	DISCOUNTS,
	EXPIRED,
	Outlook,
	best_of_groups,
	discount,
	effect,
	outlook,
	standing,
)


def price(catalogue: Catalogue, order: Order, chosen: frozenset[str]) -> tuple[Price | None, list[Finding]]:
	"""Price an order.

	Args:
		catalogue: prices and policies.
		order: the order.
		chosen: codes of its complete configuration.

	Returns:
		The price, None when no price book is in force, and the findings about prices.
	"""
	return _Pricing(catalogue, order, chosen).run()


def policy_outlook(catalogue: Catalogue, order: Order, chosen: frozenset[str]) -> list[Outlook]:
	"""Every business policy seen from an order: what counts, what would bring more, and why the rest does not.

	Empty where the order has no price.
	"""
	run = _Pricing(catalogue, order, chosen)
	priced, _ = run.run()
	if priced is None:
		return []
	book = catalogue.price_books[priced.book]
	return outlook(catalogue, order, chosen, book, priced.base_list, priced.configured_list, priced.trace)


@dataclass
class _Pricing:
	"""One pricing run: figures are added in the order of the specification."""

	catalogue: Catalogue
	order: Order
	chosen: frozenset[str]
	findings: list[Finding] = field(default_factory=list)
	trace: list[Step] = field(default_factory=list)

	def run(self) -> tuple[Price | None, list[Finding]]:
		self.model: Model = self.catalogue.models[self.order.model]
		book = self.book()
		specials = self.specials()
		policies = self.applicable()
		if book is None:
			return None, self.findings
		return self.with_book(book, specials, policies), self.findings

	def with_book(self, book: PriceBook, specials: PriceLine, policies: list[Policy]) -> Price | None:
		base = book.base.get(self.model.code)
		if base is None:
			self.find(
				"PRICE_LINE_MISSING",
				self.model.code,
				book=book.code,
				option=self.model.code,
				model=self.model.code,
			)
			return None
		self.step("base_list", "book", self.model.code, base.list, book=book.code)
		self.check_claim("base", self.order.claimed_base, base.list, sentence="PRICE_MISMATCH_BASE")
		options = self.options(book)
		listed = base.list + options.list + specials.list
		surcharges = self.surcharges(policies, base.list, listed)
		configured = self.formula("configured_list", listed + surcharges, "A+B+C+S")
		discounts = self.discounts(policies, base.list, configured, book)
		services = self.services()
		review: Decimal | None = configured - discounts + services
		floor = _sum([base.floor, options.floor, specials.floor, surcharges, services])
		level = None
		if basis := next((policy for policy in policies if policy.type == "price_basis"), None):
			review, floor, level = self.cost_plus(basis, (base.cost, options.cost, specials.cost), services)
			formula = "cost*(1+pct)+G"
		else:
			formula = "CL-D+G"
		if review is None:
			return None
		asked = self.rounded("review_price", review, formula)
		floor = (
			None if floor is None else self.rounded("floor_price", floor, "cost" if level else "floors+S+G")
		)
		negotiated, deviation, level = self.deviate(asked, floor, level)
		return Price(
			base_list=base.list,
			options_list=options.list,
			specials_list=specials.list,
			surcharges=surcharges,
			configured_list=self.round(configured),
			discounts=self.round(discounts),
			services=services,
			review_price=asked,
			floor_price=floor,
			negotiated=negotiated,
			deviation_pct=deviation,
			approval_level=level,
			total=None if negotiated is None else negotiated * self.order.qty,
			book=book.code,
			trace=tuple(self.trace),
		)

	def find(
		self,
		code: str,
		ref: str = "",
		codes: Iterable[str] = (),
		sentence: str | None = None,
		**values: object,
	) -> None:
		codes = tuple(codes)
		families = dict.fromkeys(
			self.catalogue.options[c].family for c in codes if c in self.catalogue.options
		)
		self.findings.append(finding(code, ref, values, sentence=sentence, codes=codes, families=families))

	def step(self, figure: str, source: str, ref: str, amount: Decimal | None, **detail: object) -> None:
		self.trace.append(Step(figure, source, ref, amount, tuple((k, str(v)) for k, v in detail.items())))

	def formula(self, figure: str, amount: Decimal, formula: str) -> Decimal:
		self.step(figure, "formula", formula, amount)
		return amount

	@property
	def unit(self) -> Decimal:
		return self.catalogue.terms.rounding

	def round(self, amount: Decimal) -> Decimal:
		return rounded(amount, self.unit)

	def rounded(self, figure: str, amount: Decimal, formula: str) -> Decimal:
		whole = self.round(amount)
		self.step(
			figure,
			"formula",
			formula,
			whole,
			exact=shown_number(amount),
			rounding=f"half up to {shown_number(self.unit)}",
		)
		return whole

	def book(self) -> PriceBook | None:
		"""The book all figures use: the named one if it counts, else the one in force on the order date."""
		order = self.order
		in_force = self.catalogue.book_in_force(order.order_date)
		named = self.catalogue.price_books[order.price_book] if order.price_book else None
		if named is not None and (named.covers(order.order_date) or self.protected(named)):
			return named
		if in_force is None:
			self.find("PRICE_BOOK_MISSING", date=order.order_date)
		elif named is not None:
			self.find(
				"PRICE_BOOK_EXPIRED", named.code, book=named.code, date=order.order_date, used=in_force.code
			)
		return in_force

	def protected(self, book: PriceBook) -> bool:
		"""Price protection: the book covered the quotation date and that is not too long ago."""
		quoted = self.order.quotation_date
		if quoted is None or not book.covers(quoted):
			return False
		age = (self.order.order_date - quoted).days
		return 0 <= age <= self.catalogue.terms.price_protection_days

	def check_claim(
		self, ref: str, claimed: Decimal | None, listed: Decimal, sentence: str | None = None
	) -> None:
		if claimed is not None and claimed != listed:
			codes = () if ref == "base" else (ref,)
			amounts = {"claimed": shown_number(claimed), "listed": shown_number(listed)}
			self.find("PRICE_MISMATCH", ref, codes, sentence, option=ref, **amounts)

	def options(self, book: PriceBook) -> PriceLine:
		"""Σ of the increments of all chosen options, each checked against its claim."""
		claimed = self.order.claimed_options
		table = _table(self.catalogue, book, self.model)
		lines: list[PriceLine] = []
		for code in sorted(self.chosen):
			known = table.get(code)
			if known is None:
				self.find(
					"PRICE_LINE_MISSING", code, (code,), book=book.code, option=code, model=self.model.code
				)
				continue
			line, step = known
			lines.append(line)
			if step is not None:
				self.trace.append(step)
			if code in claimed:
				self.check_claim(code, claimed[code], line.list)
		for code in sorted(claimed.keys() - self.chosen):
			if (unchosen := table.get(code)) is not None:
				self.check_claim(code, claimed[code], unchosen[0].list)
		return _total(lines)

	def specials(self) -> PriceLine:
		"""Σ of the special options; one without a price counts 0."""
		lines: list[PriceLine] = []
		for special in self.order.specials:
			ref = special.request_no
			if special.unit_price is None:
				self.find("SPECIAL_NO_PRICE", ref, request=ref)
			elif special.valid_to is not None and special.valid_to < self.order.order_date:
				self.find("SPECIAL_PRICE_EXPIRED", ref, request=ref, date=special.valid_to)
			if special.unit_price is not None and self.order.qty < (special.priced_qty or 0):
				self.find(
					"SPECIAL_QTY_BELOW", ref, request=ref, priced=special.priced_qty, qty=self.order.qty
				)
			lines.append(
				PriceLine(special.unit_price or ZERO, special.floor_price or ZERO, special.cost or ZERO)
			)
			self.step("specials_list", "special", ref, special.unit_price)
		return _total(lines)

	def applicable(self) -> list[Policy]:
		"""Policies that count: claimed ones that may, and mandatory ones whether claimed or not."""
		claimed = set(self.order.policies)
		counting: list[Policy] = []
		for policy in self.catalogue.policies.values():
			if policy.code not in claimed and not policy.mandatory:
				continue
			judged = standing(policy, self.order)
			if judged.state == COUNTS:
				counting.append(policy)
			elif policy.code in claimed:
				code = "POLICY_EXPIRED" if judged.state == EXPIRED else "POLICY_NOT_APPLICABLE"
				self.find(code, policy.code, policy=policy.code, why_zh=judged.why_zh, why_en=judged.why_en)
		return counting

	def surcharges(self, policies: list[Policy], base: Decimal, listed: Decimal) -> Decimal:
		total = ZERO
		for policy in (policy for policy in policies if policy.type == "surcharge"):
			brings = effect(policy, self.order, base, listed)
			self.step("surcharges", "policy", policy.code, brings.amount, **brings.detail)
			total += brings.amount
		return total

	def discounts(
		self, policies: list[Policy], base: Decimal, configured: Decimal, book: PriceBook
	) -> Decimal:
		"""The largest of each group, summed and capped."""
		effects = [
			(policy, discount(policy, self.order, self.chosen, base, configured, book))
			for policy in policies
			if policy.type in DISCOUNTS
		]
		best = best_of_groups(effects)
		for policy, brings in best:
			self.step("discounts", "policy", policy.code, brings.amount, group=policy.group, **brings.detail)
		total = sum((brings.amount for _, brings in best), ZERO)
		cap = configured * self.catalogue.terms.cap_pct / 100
		if total > cap:
			pct = shown_number(self.catalogue.terms.cap_pct)
			self.step("discounts", "formula", "cap", cap - total, cap=shown_number(cap), pct=pct, of="CL")
		return min(total, cap)

	def services(self) -> Decimal:
		for name, amount in self.order.services.items():
			self.step("services", "service", name, amount)
		return sum(self.order.services.values(), ZERO)

	def cost_plus(
		self, basis: Policy, costs: Iterable[Decimal | None], services: Decimal
	) -> tuple[Decimal | None, Decimal | None, str | None]:
		"""Internal orders: review price from cost, floor at cost, a fixed level."""
		known = [cost for cost in costs if cost is not None]
		if len(known) < 3:
			return None, None, basis.fixed_level
		cost = self.formula("cost", sum(known, ZERO), "base+options+specials")
		self.step(
			"review_price",
			"policy",
			basis.code,
			cost * basis.pct / 100,
			kind="cost_plus",
			pct=shown_number(basis.pct),
		)
		return cost * (1 + basis.pct / 100) + services, cost, basis.fixed_level

	def deviate(
		self, review: Decimal, floor: Decimal | None, fixed: str | None
	) -> tuple[Decimal | None, Decimal | None, str | None]:
		"""Negotiated price, deviation and who may approve it."""
		order = self.order
		if order.negotiated_unit is None:
			return None, None, None
		negotiated = self.round(order.negotiated_unit * order.fx)
		self.step("negotiated", "formula", "negotiated_unit*fx", negotiated, fx=shown_number(order.fx))
		deviation = authority.deviation(negotiated, review)
		self.step("deviation_pct", "formula", "(N-R)/R*100", deviation, rounding="half up to 0.01")
		if deviation is not None and deviation > self.catalogue.terms.above_warning_pct:
			self.find("PRICE_ABOVE_REVIEW", pct=shown_number(deviation))
		return negotiated, deviation, self.level(negotiated, deviation, floor, fixed)

	def level(
		self, negotiated: Decimal, deviation: Decimal | None, floor: Decimal | None, fixed: str | None
	) -> str | None:
		ladder = self.catalogue.terms.ladder
		if floor is not None and negotiated < floor:
			self.find("BELOW_FLOOR", negotiated=shown_number(negotiated), floor=shown_number(floor))
			level, why = authority.last(ladder), "below floor"
		elif fixed:
			level, why = fixed, "fixed by policy"
		else:
			level, why = authority.rung(ladder, deviation), "deviation"
		self.step("approval_level", "ladder", level or "", None, why=why)
		return level


def _table(catalogue: Catalogue, book: PriceBook, model: Model) -> dict[str, tuple[PriceLine, Step | None]]:
	"""Options with a price on the model: their lines, and their steps where they cost anything."""
	key = ("price table", book.code, model.code)
	found: dict[str, tuple[PriceLine, Step | None]] | None = catalogue.derived.get(key)
	if found is None:
		found = catalogue.derived[key] = {}
		for (code, priced), line in book.options.items():
			if priced == model.code:
				step = Step("options_list", "book", code, line.list, (("book", book.code),))
				found[code] = line, step if line.list else None
	return found


def _total(lines: list[PriceLine]) -> PriceLine:
	return PriceLine(
		sum([line.list for line in lines], ZERO),
		_sum([line.floor for line in lines]),
		_sum([line.cost for line in lines]),
	)


def _sum(amounts: list[Decimal | None]) -> Decimal | None:
	"""The sum; None where any is not known."""
	total = ZERO
	for amount in amounts:
		if amount is None:
			return None
		total += amount
	return total
