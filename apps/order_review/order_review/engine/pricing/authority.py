"""Who may approve a negotiated price: deviation and the rung of the approval ladder."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from ..catalogue import Rung

HUNDREDTH = Decimal("0.01")


def deviation(negotiated: Decimal, review: Decimal) -> Decimal | None:
	"""(N − R) / R in percent, half up to 0.01, from rounded N and R; None where R is not positive."""
	if review <= 0:
		return None
	return ((negotiated - review) / review * 100).quantize(HUNDREDTH, ROUND_HALF_UP)


def rung(ladder: tuple[Rung, ...], reached: Decimal | None) -> str | None:
	"""The first rung whose least percentage is not above the deviation; the last where there is none."""
	if reached is None:
		return last(ladder)
	return next((one.level for one in ladder if one.min_pct is None or one.min_pct <= reached), last(ladder))


def last(ladder: tuple[Rung, ...]) -> str | None:
	"""The highest authority."""
	return ladder[-1].level if ladder else None
