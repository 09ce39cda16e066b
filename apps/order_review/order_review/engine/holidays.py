"""The public calendar of a year: days off and the weekend days that are worked instead (调休), as ICS or JSON.

The JSON form is the one the State Council's notice is published in by several open projects:
``{"year": 2026, "days": [{"name": "元旦", "date": "2026-01-01", "isOffDay": true}, …]}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from .bilingual import Text
from .errors import BadInput
from .reading import Record

LARGEST_FILE = 2 * 1024 * 1024
MOST_DAYS = 1_000
LONGEST_HOLIDAY = 60
"""Days of one entry; a longer one is no holiday."""

_WORKED = re.compile(r"上班|补班|调班|[(\uff08]班[)\uff09]|班$|work", re.IGNORECASE)
_APPLE_WORKED = ("ALTERNATE-WORKDAY",)


@dataclass(frozen=True, order=True)
class SpecialDay:
	"""A day that differs from the week: off, or worked although it is a weekend."""

	day: date
	name: str
	is_off: bool


@dataclass(frozen=True)
class Year:
	"""The special days of a calendar year, in order, and how many entries were read over."""

	number: int
	days: tuple[SpecialDay, ...]
	skipped: int = 0

	@property
	def off(self) -> tuple[SpecialDay, ...]:
		"""Days off."""
		return tuple(day for day in self.days if day.is_off)

	@property
	def worked(self) -> tuple[SpecialDay, ...]:
		"""Days that are worked instead."""
		return tuple(day for day in self.days if not day.is_off)


def read_years(content: bytes, name: str) -> list[Year]:
	"""The years of a calendar file, by its content: JSON, or ICS.

	Raises:
		BadInput: it is neither, or holds no day.
	"""
	if len(content) > LARGEST_FILE:
		raise _refused("the file is too large", "文件过大", "a calendar of a few years", "几年的日历", name)
	try:
		text = content.decode("utf-8-sig").strip()
	except UnicodeDecodeError:
		raise _refused(
			"the file is not text in UTF-8", "文件不是 UTF-8 文本", "UTF-8", "UTF-8", name
		) from None
	if text.startswith(("{", "[")):
		days, skipped = list(_from_json(text, name)), 0
	elif text.upper().startswith("BEGIN:VCALENDAR"):
		days, skipped = _from_ics(text, name)
	else:
		raise _refused(
			"this is no calendar",
			"这不是日历文件",
			"an ICS file, or JSON with year and days",
			"ICS 文件,或含 year 与 days 的 JSON",
			name,
		)
	return _years(days, skipped, name)


def _refused(
	en: str, zh: str, expected_en: str, expected_zh: str, name: str, where: Text | None = None
) -> BadInput:
	return BadInput(Text(en, zh), source=name, where=where, expected=Text(expected_en, expected_zh))


def _years(days: list[SpecialDay], skipped: int, name: str) -> list[Year]:
	if not days:
		raise _refused(
			"the calendar holds no days",
			"日历中没有任何日期",
			"a year that has been published; try again when it is",
			"已公布的年度;公布后再导入",
			name,
		)
	if len(days) > MOST_DAYS:
		raise _refused(
			f"the calendar holds {len(days)} days",
			f"日历含 {len(days)} 天",
			f"at most {MOST_DAYS}",
			f"不超过 {MOST_DAYS} 天",
			name,
		)
	by_day: dict[date, SpecialDay] = {}
	for each in days:
		other = by_day.setdefault(each.day, each)
		if other.is_off != each.is_off:
			raise _refused(
				f"{each.day} is a day off ({other.name}) and worked ({each.name})",
				f"{each.day} 既放假({other.name})又上班({each.name})",
				"one of both",
				"二者之一",
				name,
			)
	numbers = sorted({day.year for day in by_day})
	return [
		Year(number, tuple(sorted(d for d in by_day.values() if d.day.year == number)), skipped)
		for number in numbers
	]


# --- JSON --------------------------------------------------------------------------------------------------


def _from_json(text: str, name: str) -> Iterator[SpecialDay]:
	try:
		data = json.loads(text)
	except (ValueError, RecursionError):
		raise _refused(
			"this is broken JSON", "JSON 语法错误", "year and days", "year 与 days", name
		) from None
	for part in data if isinstance(data, list) else [data]:
		yield from _from_record(part, name)


def _from_record(part: Any, name: str) -> Iterator[SpecialDay]:
	try:
		for row in Record(part).records("days"):
			row.required("isOffDay", "true or false")
			yield SpecialDay(row.date("date"), row.text("name", ""), row.flag("isOffDay"))
	except BadInput as error:
		raise error.located(source=name) from None


# --- ICS ---------------------------------------------------------------------------------------------------


def _from_ics(text: str, name: str) -> tuple[list[SpecialDay], int]:
	"""Days of whole-day events; events with a time of day, and repeated ones, are read over and counted."""
	days: list[SpecialDay] = []
	skipped = 0
	for line, event in _events(text):
		begin, end = _day(event.get("DTSTART")), _day(event.get("DTEND"))
		if begin is None or "RRULE" in event:
			skipped += 1
			continue
		last = end - timedelta(days=1) if end is not None and end > begin else begin
		if (last - begin).days >= LONGEST_HOLIDAY:
			raise _refused(
				f"an event lasts from {begin} to {last}",
				f"一项日程从 {begin} 延续到 {last}",
				f"holidays of at most {LONGEST_HOLIDAY} days",
				f"不超过 {LONGEST_HOLIDAY} 天的假期",
				name,
				Text(f"line {line}", f"第 {line} 行"),
			)
		summary = event.get("SUMMARY", "")
		special = next((value for key, value in event.items() if key.startswith("X-APPLE-SPECIAL-DAY")), "")
		worked = special in _APPLE_WORKED or (not special and bool(_WORKED.search(summary)))
		for offset in range((last - begin).days + 1):
			days.append(SpecialDay(begin + timedelta(days=offset), summary, not worked))
	return days, skipped


def _events(text: str) -> Iterator[tuple[int, dict[str, str]]]:
	"""The properties of each event, with the line it begins in; folded lines are put together."""
	event: dict[str, str] | None = None
	began = 0
	unfolded = re.sub(r"\r?\n[ \t]", "", text)
	for number, line in enumerate(unfolded.splitlines(), 1):
		key, _, value = line.partition(":")
		head = key.split(";")[0].strip().upper()
		if (head, value.strip().upper()) == ("BEGIN", "VEVENT"):
			event, began = {}, number
		elif (head, value.strip().upper()) == ("END", "VEVENT") and event is not None:
			yield began, event
			event = None
		elif event is not None and head:
			event[head] = _unescaped(value.strip())


def _unescaped(value: str) -> str:
	return re.sub(r"\\([\\;,nN])", lambda match: " " if match[1] in "nN" else match[1], value)


def _day(value: str | None) -> date | None:
	"""The day of a whole-day property; None for a moment or nothing."""
	if value is None or not re.fullmatch(r"\d{8}", value):
		return None
	try:
		return datetime.strptime(value, "%Y%m%d").date()
	except ValueError:
		return None
