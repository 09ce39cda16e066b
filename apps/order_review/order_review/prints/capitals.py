"""Amounts in Chinese capitals (人民币大写), as contracts and cheques write them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_HIGHEST = Decimal(10) ** 16

CURRENCIES = {"CNY": "人民币", "USD": "美元", "EUR": "欧元", "HKD": "港币", "JPY": "日元", "GBP": "英镑"}
"""Currency code → word before the amount."""


def in_capitals(amount: Decimal | int | float, currency: str = "CNY") -> str:
	"""An amount in capitals: 8480000 → 人民币捌佰肆拾捌万元整.

	Args:
		amount: rounded half up to two decimals; not negative, below ten thousand billions (10¹⁶).
		currency: its code.

	Raises:
		ValueError: the amount is negative or too large.
	"""
	value = Decimal(str(amount)).quantize(Decimal("0.01"), ROUND_HALF_UP)
	if not 0 <= value < _HIGHEST:
		raise ValueError(f"no capitals for {amount}")
	whole, cents = divmod(int(value * 100), 100)
	return CURRENCIES.get(currency, currency) + _yuan(whole, cents) + _cents(whole, cents)


def _yuan(whole: int, cents: int) -> str:
	if not whole:
		return "" if cents else "零元"
	return _integer(whole) + "元"


def _cents(whole: int, cents: int) -> str:
	if not cents:
		return "整"
	tens, ones = divmod(cents, 10)
	text = _DIGITS[tens] + "角" if tens else "零" if whole else ""
	return text + (_DIGITS[ones] + "分" if ones else "")


def _integer(number: int) -> str:
	"""What stands before 亿, before 万 and after it; one 零 for any run of noughts between digits."""
	for unit, size in (("亿", 100_000_000), ("万", 10_000)):
		if number >= size:
			high, low = divmod(number, size)
			gap = "零" if 0 < low < size // 10 else ""
			return _integer(high) + unit + gap + (_integer(low) if low else "")
	return _section(number)


def _section(section: int) -> str:
	text, is_gap = "", False
	for place in range(3, -1, -1):
		digit = section // 10**place % 10
		if digit:
			text += ("零" if is_gap and text else "") + _DIGITS[digit] + _PLACES[place]
			is_gap = False
		else:
			is_gap = True
	return text
