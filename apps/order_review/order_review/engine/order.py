"""The intent order as the engine sees it: checked, frozen, with exact numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from .catalogue import Catalogue, Model
from .errors import BadInput
from .language import Value
from .reading import Record, shown
from .words import CUSTOMER_CLASSES, ORDER_TYPES, PAYMENT_MODES, USES

OPERATING_USES = ("intercity", "tourism")
HOME_CURRENCY = "CNY"
HIGHEST_QTY = 9_999
HIGHEST_UNIT_PRICE = Decimal(100_000_000)


@dataclass(frozen=True)
class Special:
	"""A special option (特殊配置) of an order; prices in yuan per vehicle, None where not priced yet."""

	request_no: str
	name_zh: str
	unit_price: Decimal | None
	floor_price: Decimal | None
	cost: Decimal | None
	valid_to: date | None
	lead_days: int
	priced_qty: int | None = None
	"""Vehicles its price was made for; the development cost is spread over them."""


@dataclass(frozen=True)
class Exchange:
	"""What an order's exchange rate is checked against.

	Attributes:
		currency: the foreign currency.
		listed: yuan for one unit of it on the order date; None where no rate is on record.
		tolerance_pct: how far the order's rate may be from it.
	"""

	currency: str
	listed: Decimal | None
	tolerance_pct: Decimal


@dataclass(frozen=True)
class Order:
	"""An intent order (意向订单). Prices in yuan per vehicle unless ``fx`` converts ``negotiated_unit``."""

	id: str
	model: str
	grade: str
	use: str
	order_type: str
	order_date: date
	quotation_date: date | None
	requested_delivery: date | None
	qty: int
	dest_stage: Decimal | None
	picks: tuple[str, ...]
	drops: tuple[str, ...]
	price_book: str | None
	claimed_base: Decimal | None
	claimed_options: Mapping[str, Decimal]
	policies: tuple[str, ...]
	payment_mode: str
	customer_class: str
	evidence: tuple[str, ...]
	deposit_pct: Decimal
	specials: tuple[Special, ...]
	services: Mapping[str, Decimal]
	livery_files: tuple[str, ...]
	negotiated_unit: Decimal | None
	fx: Decimal
	exchange: Exchange | None
	data: Mapping[str, Any]

	@property
	def internal(self) -> bool:
		"""Whether it is an internal order (内部订单)."""
		return self.order_type == "Internal"

	@cached_property
	def context(self) -> dict[str, Value | None]:
		"""The order fields a rule may ask for."""
		return context(
			use=self.use,
			grade=self.grade,
			qty=self.qty,
			dest_stage=self.dest_stage,
			order_type=self.order_type,
		)

	@classmethod
	def from_data(cls, data: Mapping[str, Any], catalogue: Catalogue) -> Order:
		"""Read one order in the shape of ``orders.yaml``.

		Raises:
			BadInput: with the path of the first value that cannot be understood.
		"""
		r = Record(data)
		model = _model(r, catalogue)
		grades = catalogue.grade_order or (model.default_grade,)
		order = cls(
			id=r.text("id"),
			model=model.code,
			grade=r.choice("grade", grades, model.default_grade),
			use=r.choice("use", USES, model.default_use),
			order_type=r.choice("order_type", ORDER_TYPES),
			order_date=r.date("order_date"),
			quotation_date=r.optional_date("quotation_date"),
			requested_delivery=r.optional_date("requested_delivery"),
			qty=r.integer("qty", lowest=1, highest=HIGHEST_QTY),
			dest_stage=r.optional_decimal("dest_stage"),
			picks=r.codes("picks"),
			drops=r.codes("drops"),
			price_book=_known(r, "price_book", catalogue.price_books, "price book"),
			claimed_base=r.record("claimed").optional_decimal("base"),
			claimed_options=r.record("claimed").decimals("options"),
			policies=_policies(r, catalogue),
			payment_mode=r.word("payment_mode", PAYMENT_MODES),
			customer_class=r.word("customer_class", CUSTOMER_CLASSES),
			evidence=r.texts("evidence"),
			deposit_pct=_within(r, "deposit_pct", Decimal(100)),
			specials=tuple(_special(special) for special in r.records("specials")),
			services=_services(r),
			livery_files=r.texts("livery_files"),
			negotiated_unit=_price(r, "negotiated_unit"),
			fx=_fx(r),
			exchange=_exchange(r),
			data=data,
		)
		return order


def context(
	use: str | None = None,
	grade: str | None = None,
	qty: int | None = None,
	dest_stage: Decimal | int | None = None,
	order_type: str | None = None,
) -> dict[str, Value | None]:
	"""Order fields by their names in rules; what is not given is None (unknown)."""
	return {
		"market": None if use is None else "export" if use == "export" else "domestic",
		"use": use,
		"operating": None if use is None else use in OPERATING_USES,
		"grade": grade,
		"qty": None if qty is None else Fraction(qty),
		"dest_stage": None if dest_stage is None else Fraction(dest_stage),
		"order_type": order_type,
	}


def _model(r: Record, catalogue: Catalogue) -> Model:
	code = r.code("model")
	model = catalogue.models.get(code)
	if model is None:
		raise r.fail(
			"model", f"model {shown(code)} is not in the catalogue", "one of " + ", ".join(catalogue.models)
		)
	if not model.active:
		raise r.fail("model", f"model {code} is not active", "a model that may be sold")
	return model


def _known(r: Record, key: str, among: Mapping[str, Any], what: str) -> str | None:
	if not r.has(key):
		return None
	code = r.code(key)
	if code not in among:
		raise r.fail(key, f"{what} {shown(code)} is not in the catalogue", "one of " + ", ".join(among))
	return code


def _policies(r: Record, catalogue: Catalogue) -> tuple[str, ...]:
	codes = tuple(dict.fromkeys(r.codes("policies")))
	for index, code in enumerate(codes):
		if code not in catalogue.policies:
			path = (*r.path, "policies", index)
			raise BadInput(
				f"policy {shown(code)} is not in the catalogue",
				expected="the code of a business policy",
				path=path,
			)
	return codes


def _special(r: Record) -> Special:
	return Special(
		request_no=r.text("request_no"),
		name_zh=r.text("name_zh", ""),
		unit_price=_price(r, "unit_price"),
		floor_price=_price(r, "floor_price"),
		cost=_price(r, "cost"),
		valid_to=r.optional_date("valid_to"),
		lead_days=r.integer("lead_days", 0, highest=3650),
		priced_qty=r.integer("priced_qty", lowest=1) if r.has("priced_qty") else None,
	)


def _services(r: Record) -> dict[str, Decimal]:
	record = r.record("services")
	return {name: _within(record, name, HIGHEST_UNIT_PRICE) for name in record}


def _price(r: Record, key: str) -> Decimal | None:
	return _within(r, key, HIGHEST_UNIT_PRICE) if r.has(key) else None


def _within(r: Record, key: str, highest: Decimal) -> Decimal:
	value = r.decimal(key, 0)
	if not 0 <= value <= highest:
		raise r.fail(key, f"{key} is {value}", f"a number from 0 to {highest}")
	return value


def _fx(r: Record) -> Decimal:
	currency = r.text("currency", HOME_CURRENCY)
	if not r.has("fx") and currency != HOME_CURRENCY:
		raise r.fail("fx", f"fx is missing for an order in {currency}", "yuan for one unit of the currency")
	value = r.decimal("fx", 1)
	if currency == HOME_CURRENCY and value != 1:
		raise r.fail("fx", f"fx is {value} for an order in {currency}", "1")
	if not 0 < value <= 1_000_000:
		raise r.fail("fx", f"fx is {value}", "yuan for one unit of the currency, more than 0")
	return value


def _exchange(r: Record) -> Exchange | None:
	"""What the rate is checked against; None where nobody says it, as in an order file."""
	if not r.has("exchange"):
		return None
	told = r.record("exchange")
	return Exchange(
		r.text("currency", HOME_CURRENCY), told.optional_decimal("listed"), told.decimal("tolerance_pct", 0)
	)
