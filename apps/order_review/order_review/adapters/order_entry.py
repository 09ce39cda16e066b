"""One order as found in a file: its data and where each part of it stands."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..engine.bilingual import Text, in_language
from ..engine.errors import BadInput

Path_ = tuple[str | int, ...]
Places = Mapping[Path_, Text]

MIB = 1024 * 1024

# Every key an order of ``orders.yaml`` may have; another one is most likely a slip of the pen.
ORDER_KEYS = (
	"id", "title_zh", "title_en", "planted", "order_type", "customer", "dealer", "end_customer", "market_department",
	"salesperson", "order_date", "quotation_date", "requested_delivery", "model", "grade", "use", "qty", "dest_stage",
	"dest_country", "incoterm", "tender_no", "customer_class", "picks", "drops", "livery_files", "evidence",
	"specials", "internal", "price_book", "claimed", "policies", "payment_mode", "currency", "fx", "deposit_pct",
	"services", "negotiated_unit", "note", "expected",
)  # fmt: skip
INNER_KEYS = {
	"claimed": ("base", "options"),
	"specials": (
		"request_no", "name_zh", "name_en", "unit_price", "floor_price", "cost", "valid_to", "lead_days", "qty",
	),
	"internal": ("cost_centre", "purpose_zh", "disposal_zh"),
	"customer": ("name", "class", "new"),
}  # fmt: skip
"""The keys below some of them."""


@dataclass(frozen=True)
class OrderEntry:
	"""An order read from a file, not yet judged.

	Attributes:
		source: the file (and sheet) as the user named it.
		data: plain order data with the keys of ``orders.yaml``; None where ``fault`` says why it cannot be read.
		places: gives the places of the file, keyed by path below the order; called only for an error.
	"""

	source: str
	data: Any
	places: Callable[[], Places] = field(repr=False, compare=False)
	fault: BadInput | None = None

	@property
	def id(self) -> str:
		"""The order's own id, or an empty text where it has none that can be read."""
		value = self.data.get("id") if isinstance(self.data, dict) else None
		return value if isinstance(value, str) else ""

	def place(self, path: Path_ = ()) -> Text | None:
		"""Where ``path`` stands, or else the nearest part around it."""
		places = self.places()
		for end in range(len(path), -1, -1):
			if path[:end] in places:
				return places[path[:end]]
		return None

	def located(self, error: BadInput) -> BadInput:
		"""``error`` with this order's file, id and line or cell filled in."""
		return error.located(source=self.name, where=self.place(error.path))

	@property
	def name(self) -> Text:
		"""File (and sheet) with the order's id, for messages."""
		source_zh = in_language(self.source, "zh")
		if not self.id:
			return Text(self.source, source_zh)
		return Text(f"{self.source}, {self.id}", f"{source_zh},{self.id}")


@dataclass(frozen=True)
class OrderFile:
	"""What one file held: orders, and remarks that do not stop the work."""

	entries: tuple[OrderEntry, ...]
	warnings: tuple[Text, ...] = ()


def read_bounded(path: str | os.PathLike[str], limit: int) -> bytes:
	"""The bytes of a file that is there, is a file and holds at most ``limit`` bytes.

	Raises:
		BadInput: the file is missing, a folder or a device, may not be read, is empty or too large.
	"""
	source = os.fspath(path)
	try:
		status = os.stat(path)
		_refuse_unreadable_kind(source, status, limit)
		with Path(path).open("rb") as stream:
			content = stream.read(limit + 1)
	except FileNotFoundError:
		raise BadInput(
			Text("there is no such file", "文件不存在"),
			source=source,
			expected=Text("an order file (.yaml, .json or .xlsx)", "订单文件(.yaml、.json 或 .xlsx)"),
		) from None
	except (OSError, ValueError) as error:
		reason = getattr(error, "strerror", None) or str(error)
		raise BadInput(
			Text(f"the file cannot be opened ({reason})", f"无法打开文件({reason})"), source=source
		) from None
	if len(content) > limit:
		raise too_large(source, len(content), limit)
	if not content.strip():
		raise BadInput(
			Text("the file is empty", "文件为空"),
			source=source,
			expected=Text("at least one order", "至少一张订单"),
		)
	return content


def _refuse_unreadable_kind(source: str, status: os.stat_result, limit: int) -> None:
	expected = Text("an order file (.yaml, .json or .xlsx)", "订单文件(.yaml、.json 或 .xlsx)")
	if stat.S_ISDIR(status.st_mode):
		raise BadInput(Text("this is a folder", "这是文件夹"), source=source, expected=expected)
	if not (stat.S_ISREG(status.st_mode) or stat.S_ISFIFO(status.st_mode)):
		raise BadInput(
			Text("this is a device, not a file", "这是设备,不是文件"), source=source, expected=expected
		)
	if status.st_size > limit:
		raise too_large(source, status.st_size, limit)


def too_large(source: str, size: int, limit: int) -> BadInput:
	"""The refusal of a file of ``size`` bytes where ``limit`` bytes are allowed."""
	found, most = f"{size / MIB:,.1f} MB", f"{limit / MIB:,.0f} MB"
	return BadInput(
		Text(f"the file has {found}; the limit is {most}", f"文件大小 {found},上限 {most}"),
		source=source,
		expected=Text(
			f"a file of at most {most}; split the orders over several files",
			f"不超过 {most} 的文件;请拆分成多个文件",
		),
	)
