"""Every key a catalogue file may have, and the search for those it may not.

A key that is not known would be read over in silence: ``lead_day: 30`` makes no vehicle later. Keys that begin
with ``x_`` are the keeper's own: they are kept, and scalars of a model can be asked for in rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from .bilingual import Text
from .errors import BadInput
from .reading import Path, shown

OWN = "x_"
"""Beginning of a keeper's own keys."""

FREE: Mapping[str, Any] | None = None
"""Below such a key stands a value, or a mapping whose keys are names of the catalogue and checked as such."""


def _values(names: str) -> dict[str, Any]:
	return dict.fromkeys(names.split(), FREE)


_CERTIFICATE = _values("certificate valid_from valid_to status")
_ANNOUNCEMENT = _values("model batch valid_from valid_to status")
_MODEL = _values(
	"code alias name_zh name_en series status type energy market size_class size_class_zh bus_class engine_pos "
	"default_grade default_use length_mm width_mm height_mm wheelbase_mm gvw_kg kerb_kg front_axle_kg rear_axle_kg "
	"pax_kg lead_days min_deposit_pct grades families standard"
) | {
	"certification": {
		"ccc": _CERTIFICATE,
		"announcement": _ANNOUNCEMENT,
		"ccc_covered": FREE,
		"announcement_covered": FREE,
	}
}
_FAMILY = _values(
	"code name_zh name_en group select freeze ccc announcement shop assembly_group assembly_name_zh sort models"
)
_OPTION = _values("code family name_zh name_en status avail attrs lead_days livery_files")
_RULE = _values("code type status scope if then severity confidence basis msg_zh msg_en guard engine")
_LINE = _values("list floor cost")
_BOOK = _values("code name_zh name_en status valid_from valid_to") | {
	"base": [_LINE | _values("model")],
	"options": [_LINE | _values("option model")],
}
_POLICY = _values(
	"code name_zh name_en type group status approval_no fixed_level note_zh valid_from valid_to mandatory models "
	"order_types"
) | {
	"requires": _values("payment_mode evidence customer_class"),
	"effect": _values("kind of pct amount option max_amount") | {"tiers": [_values("min_qty pct")]},
}
_TRANSLATION = _values("code slot kind when noop models") | {
	"lines": [_values("model assembly name_zh qty shop")]
}

CATALOGUE_KEYS: Mapping[str, Any] = {
	"models": _values("currency grade_order grade_names") | {"models": [_MODEL]},
	"families": _values("freeze_points shops") | {"families": [_FAMILY]},
	"options": {"options": [_OPTION]},
	"rules": _values("version") | {"rules": [_RULE]},
	"prices": _values("currency rounding") | {"price_books": [_BOOK]},
	"policies": _values("currency price_protection_days above_warning_pct")
	| {
		"stacking": _values("cap_pct order"),
		"policies": [_POLICY],
		"approval_ladder": [_values("level min_pct role role_zh note_zh")],
	},
	"translations": {
		"slots": [_values("code name_zh name_en kind")],
		"rules": [_TRANSLATION],
	},
}
"""Key → keys below it; a list holds records of one shape."""


def unknown_keys(data: Any, shape: Any, path: Path = ()) -> Iterator[BadInput]:
	"""A fault for each key that the shape does not name, with its path."""
	if isinstance(shape, list):
		for index, item in enumerate(data if isinstance(data, list) else ()):
			yield from unknown_keys(item, shape[0], (*path, index))
	elif isinstance(data, Mapping):
		yield from _free(data, path) if shape is FREE else _named_keys(data, shape, path)


def _free(data: Mapping[Any, Any], path: Path) -> Iterator[BadInput]:
	"""Names of the catalogue as keys; what a comma has split is still told."""
	for key, error in split_number(data):
		yield BadInput(error.message, expected=error.expected, path=(*path, key))


def _named_keys(data: Mapping[Any, Any], shape: Mapping[str, Any], path: Path) -> Iterator[BadInput]:
	before: tuple[str, Any] = ("", None)
	open_keys = tuple(key for key in shape if key not in data)
	for key, value in data.items():
		if key in shape:
			yield from unknown_keys(value, shape[key], (*path, key))
		elif not str(key).startswith(OWN):
			yield _unknown(str(key), value, before, open_keys, (*path, key))
		before = (str(key), value)


def split_number(data: Mapping[Any, Any]) -> Iterator[tuple[str, BadInput]]:
	"""A fault for each number that a comma has split in two: ``{list: 16,000}`` is 16, and a key 000 without value."""
	before: tuple[str, Any] = ("", None)
	for key, value in data.items():
		if value is None and str(key).replace(".", "").isdigit() and _is_number(before[1]):
			written = f"{before[0]}: {before[1]},{key}"
			yield (
				str(key),
				BadInput(
					Text(f"the comma in '{written}' splits the number", f"“{written}”中的逗号把数字拆开了"),
					expected=Text(
						"digits without separators, such as 16000 or 1940.50",
						"不带千分位的数字,如 16000 或 1940.50",
					),
					path=(str(key),),
				),
			)
		before = (str(key), value)


def _unknown(key: str, value: Any, before: tuple[str, Any], known: tuple[str, ...], path: Path) -> BadInput:
	split = dict(split_number({before[0]: before[1], key: value})).get(key)
	if split is not None:
		return BadInput(split.message, expected=split.expected, path=path)
	if value is None and isinstance(before[1], str):
		written = f"{before[0]}: {before[1]}, {key}"
		return BadInput(
			Text(
				f"the key {shown(key)} is not known; or is it the rest of the text {shown(written)}?",
				f"不认识的键 {shown(key)};或者是文本 {shown(written)} 的后半部分?",
			),
			expected=_named(key, known, Text("; a text with a comma in quotes", ";含逗号的文本请加引号")),
			path=path,
		)
	return BadInput(
		Text(f"the key {shown(key)} is not known", f"不认识的键 {shown(key)}"),
		expected=_named(key, known),
		path=path,
	)


def _named(key: str, known: tuple[str, ...], more: Text | None = None) -> Text:
	more = more or Text("", "")
	close = did_you_mean(key, known)
	if close:
		return Text(f"{close}{more}", f"{close}{more.zh}")
	names = ", ".join(known)
	return Text(f"one of {names}{more}", f"以下之一:{names}{more.zh}")


def did_you_mean(word: str, known: tuple[str, ...]) -> str:
	"""The known word that was most likely meant; "" where none is close."""
	folded = {name.casefold(): name for name in known}
	close = get_close_matches(word.strip().casefold(), list(folded), 1, 0.6)
	return folded[close[0]] if close else ""


def _is_number(value: Any) -> bool:
	return isinstance(value, (int, float)) and not isinstance(value, bool)
