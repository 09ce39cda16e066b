"""What a special option costs and what it is listed at. Amounts are yuan per vehicle unless said otherwise."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from .errors import BadInput

STEP = Decimal(100)
"""List prices of special options are whole hundreds."""

_HUNDRED = Decimal(100)


def full_cost(unit_cost: Decimal, dev_cost: Decimal, qty: int) -> Decimal:
	"""Cost of one vehicle's special option: purchase and its share of the development.

	Args:
		unit_cost: purchase price for one vehicle.
		dev_cost: development cost for the whole request.
		qty: vehicles that share the development.

	Raises:
		BadInput: an amount is negative or no number, or there are no vehicles.
	"""
	if qty < 1:
		raise BadInput(f"{qty} vehicles", expected="at least 1", path=("qty",))
	_check_amount(unit_cost, "unit_cost")
	_check_amount(dev_cost, "dev_cost")
	return unit_cost + dev_cost / qty


def list_price(unit_cost: Decimal, dev_cost: Decimal, qty: int, markup_pct: Decimal) -> Decimal:
	"""List price: cost with its share of the development, plus the markup, to the nearest hundred (half goes up).

	Args:
		unit_cost: purchase price for one vehicle.
		dev_cost: development cost for the whole request.
		qty: vehicles that share the development.
		markup_pct: markup on the cost, in percent.

	Raises:
		BadInput: an amount is negative or no number, or there are no vehicles.
	"""
	_check_amount(markup_pct, "markup_pct")
	price = full_cost(unit_cost, dev_cost, qty) * (1 + markup_pct / _HUNDRED)
	return (price / STEP).quantize(Decimal(1), rounding=ROUND_HALF_UP) * STEP


def _check_amount(amount: Decimal, name: str) -> None:
	if not amount.is_finite() or amount < 0:
		raise BadInput(f"{amount}", expected="a number of 0 or more", path=(name,))
