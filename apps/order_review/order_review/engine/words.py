"""The closed lists of words in orders and catalogue files. A word outside its list is bad input, never ignored."""

from __future__ import annotations

ORDER_TYPES = ("Direct", "Dealer", "Tender", "Internal", "Stock", "Export")
USES = ("intercity", "tourism", "staff", "city", "school", "export")
MARKETS = ("domestic", "export")
PAYMENT_MODES = ("full_before_delivery", "net_30", "instalment", "lc_sight", "internal")
CUSTOMER_CLASSES = ("normal", "key_account", "internal")

MODEL_TYPES = ("coach", "city", "school", "export", "chassis")
BUS_CLASSES = ("I", "II", "III", "A", "B", "school")
"""GB 13094 classes of a bus, and the school bus that stands beside them."""
RECORD_STATUSES = ("active", "draft", "phased_out")
"""Of models, options and rules."""
CERTIFICATE_STATUSES = ("valid", "suspended", "revoked", "cancelled", "expired")

RULE_TYPES = ("requires", "excludes", "at_least_one", "numeric", "legal", "grade", "ccc", "marketing")
SEVERITIES = ("error", "warning")
CONFIDENCES = ("source", "known", "demo")
JUDGES = ("evaluate",)

BOOK_STATUSES = ("draft", "released", "active", "expired")
POLICY_STATUSES = ("draft", "released", "suspended", "expired")
POLICY_TYPES = ("discount", "gift", "surcharge", "rebate", "price_basis")
EFFECTS = {
	"percent": ("pct",),
	"percent_by_qty": ("tiers",),
	"amount": ("amount",),
	"free_option": ("option",),
	"cost_plus": ("pct",),
}
"""Kinds of effect and what each needs."""
EFFECT_EXTRAS = {"percent": ("of",), "percent_by_qty": ("of",), "free_option": ("max_amount",)}
"""What a kind of effect may have besides; a figure another kind works with would be without effect."""
SHARES_OF = ("base", "configured")
STACKED = ("gift", "amount", "percent")

SLOT_KINDS = ("family", "optional", "combo")
TRANSLATION_KINDS = ("simple", "combo")

APPROVER_ROLES = (
	"Order Administrator",
	"Order Supervisor",
	"Market Department Manager",
	"Sales Operations Manager",
	"Finance Reviewer",
	"Marketing Planner",
	"Marketing VP",
	"Price Committee",
)
"""Roles that may stand on the approval ladder."""

CURRENCIES = frozenset(
	"""
	AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
	CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
	IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
	MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB
	RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
	UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
	""".split()
)
"""ISO 4217 codes of the currencies in use."""
