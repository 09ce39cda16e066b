"""Payment schedules (付款计划): exact amounts of the shares, and where a schedule contradicts what else was agreed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .findings import Finding, finding

WHOLE = Decimal(100)
CENTS = 2
_RATE_PLACES = 6
"""Digits behind the point a rate is kept with."""

SIGNING, BEFORE_PRODUCTION, BEFORE_DELIVERY, ACCEPTANCE, AFTER_DELIVERY = (
	"Signing",
	"Before Production",
	"Before Delivery",
	"Acceptance",
	"After Delivery",
)
"""Milestones a payment is due at, in the order in which they are reached."""

FULL, NET_30, INSTALMENT = "full_before_delivery", "net_30", "instalment"
_NET_DAYS = 30
_DEPOSITS = frozenset({SIGNING, BEFORE_PRODUCTION})


@dataclass(frozen=True)
class Share:
	"""A row of a schedule: so many percent, so many days after a milestone."""

	milestone: str
	pct: Decimal
	days: int = 0

	@property
	def is_late(self) -> bool:
		"""Whether it is due once the vehicles are handed over."""
		return self.milestone in (ACCEPTANCE, AFTER_DELIVERY) or (
			self.milestone == BEFORE_DELIVERY and self.days > 0
		)


def portion(total: Decimal, pct: Decimal, places: int = CENTS) -> Decimal:
	"""So many percent of an amount, rounded half up."""
	return (total * pct / WHOLE).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def amounts(total: Decimal, shares: Sequence[Decimal], places: int = CENTS) -> tuple[Decimal, ...]:
	"""The amount of each share; of a whole schedule the last one takes what rounding leaves.

	Args:
		total: what is paid altogether.
		shares: percent of each row.
		places: digits behind the point the currency has.
	"""
	found = [portion(total, share, places) for share in shares]
	if found and sum(shares) == WHOLE:
		found[-1] = total - sum(found[:-1], Decimal(0))
	return tuple(found)


def average_rate(amounts: Sequence[Decimal], rates: Sequence[Decimal]) -> Decimal:
	"""The rate at which all amounts together are worth what each is at its own rate; the first one where nothing is paid."""
	total = sum(amounts, Decimal(0))
	if not total or len(set(rates)) == 1:
		return rates[0]
	worth = sum((amount * rate for amount, rate in zip(amounts, rates, strict=True)), Decimal(0))
	return (worth / total).quantize(Decimal(1).scaleb(-_RATE_PLACES), ROUND_HALF_UP)


def bad_shares(shares: Iterable[Decimal]) -> tuple[int, ...]:
	"""Places, from 0, of shares that are not above 0 and at most 100."""
	return tuple(at for at, share in enumerate(shares) if not 0 < share <= WHOLE)


def contradictions(
	mode: str, deposit_pct: Decimal, shares: Sequence[Share], policies: Sequence[str] = ()
) -> list[Finding]:
	"""Where the schedule says something else than the payment mode or the deposit.

	Args:
		mode: the payment mode.
		deposit_pct: deposit agreed, in percent.
		shares: the schedule; an empty one contradicts nothing.
		policies: claimed policies that count for this payment mode only.
	"""
	if not shares:
		return []
	found = []
	for why in (_mode_conflict(mode, shares), _deposit_conflict(deposit_pct, shares)):
		if why is not None:
			found.append(finding("PAYMENT_CONFLICT", why[0], why[1], sentence=why[0]))
	if found and policies and found[0].ref != "PAYMENT_DEPOSIT":
		codes = ", ".join(policies)
		found.append(finding("PAYMENT_CONFLICT", codes, {"policies": codes}, sentence="PAYMENT_POLICY"))
	return found


def _mode_conflict(mode: str, shares: Sequence[Share]) -> tuple[str, dict[str, object]] | None:
	late = sum((share.pct for share in shares if share.is_late), Decimal(0))
	if mode == FULL and late:
		return "PAYMENT_LATE", {"pct": _shown(late)}
	if mode in (NET_30, INSTALMENT) and not late:
		return "PAYMENT_EARLY", {}
	longest = max((share.days for share in shares if share.milestone == AFTER_DELIVERY), default=0)
	if mode == NET_30 and longest > _NET_DAYS:
		return "PAYMENT_TERM", {"days": longest, "most": _NET_DAYS}
	return None


def _deposit_conflict(deposit_pct: Decimal, shares: Sequence[Share]) -> tuple[str, dict[str, object]] | None:
	early = sum((share.pct for share in shares if share.milestone in _DEPOSITS), Decimal(0))
	if early >= deposit_pct:
		return None
	return "PAYMENT_DEPOSIT", {"pct": _shown(deposit_pct), "early": _shown(early)}


def _shown(pct: Decimal) -> str:
	return f"{pct.normalize():f}"
