"""Amounts in Chinese capitals (人民币大写), as contracts and cheques write them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_HIGHEST = Decimal(10) ** 16

_NAMES = """
AED 阿联酋迪拉姆 ARS 阿根廷比索 AUD 澳大利亚元 AZN 阿塞拜疆马纳特 BDT 孟加拉塔卡 BOB 玻利维亚诺 BRL 巴西雷亚尔 BYN 白俄罗斯卢布
CAD 加拿大元 CHF 瑞士法郎 CLP 智利比索 CNY 人民币 COP 哥伦比亚比索 CUP 古巴比索 CZK 捷克克朗 DKK 丹麦克朗 DZD 阿尔及利亚第纳尔
EGP 埃及镑 ETB 埃塞俄比亚比尔 EUR 欧元 GBP 英镑 GEL 格鲁吉亚拉里 GHS 加纳塞地 HKD 港币 HUF 匈牙利福林 IDR 印度尼西亚卢比 ILS 以色列新谢克尔
INR 印度卢比 IQD 伊拉克第纳尔 IRR 伊朗里亚尔 JOD 约旦第纳尔 JPY 日元 KES 肯尼亚先令 KGS 吉尔吉斯索姆 KHR 柬埔寨瑞尔 KRW 韩元 KWD 科威特第纳尔
KZT 哈萨克斯坦坚戈 LAK 老挝基普 LKR 斯里兰卡卢比 MAD 摩洛哥迪拉姆 MMK 缅元 MNT 蒙古图格里克 MOP 澳门元 MXN 墨西哥比索 MYR 马来西亚林吉特
NGN 尼日利亚奈拉 NOK 挪威克朗 NPR 尼泊尔卢比 NZD 新西兰元 OMR 阿曼里亚尔 PEN 秘鲁索尔 PHP 菲律宾比索 PKR 巴基斯坦卢比 PLN 波兰兹罗提
QAR 卡塔尔里亚尔 RON 罗马尼亚列伊 RSD 塞尔维亚第纳尔 RUB 卢布 SAR 沙特里亚尔 SEK 瑞典克朗 SGD 新加坡元 THB 泰铢 TJS 塔吉克斯坦索莫尼
TMT 土库曼斯坦马纳特 TND 突尼斯第纳尔 TRY 土耳其里拉 TWD 新台币 TZS 坦桑尼亚先令 UAH 乌克兰格里夫纳 UGX 乌干达先令 USD 美元 UYU 乌拉圭比索
UZS 乌兹别克斯坦苏姆 VND 越南盾 XAF 中非法郎 XOF 西非法郎 ZAR 南非兰特 ZMW 赞比亚克瓦查
""".split()
CURRENCIES = dict(zip(_NAMES[::2], _NAMES[1::2], strict=True))
"""Currency code → word before the amount."""
WITHOUT_FRACTIONS = frozenset("CLP IDR IQD IRR JPY KRW LAK MMK UGX VND XAF XOF".split())
"""Currencies paid in whole units alone: no 角, no 分."""


def in_capitals(amount: Decimal | int | float, currency: str = "CNY") -> str:
	"""An amount in capitals: 8480000 → 人民币捌佰肆拾捌万元整.

	Args:
		amount: rounded half up to two decimals, or to whole units where there are no smaller ones; not negative, below ten thousand billions (10¹⁶).
		currency: its code.

	Raises:
		ValueError: the amount is negative or too large.
	"""
	smallest = Decimal(1) if currency in WITHOUT_FRACTIONS else Decimal("0.01")
	value = Decimal(str(amount)).quantize(smallest, ROUND_HALF_UP)
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
