"""Opinions of departments: what each judges, when a round is joined, what is carried into the next round."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

AGREE, CONDITION, OBJECT, NOT_CONCERNED = "Agree", "Agree With Condition", "Object", "Not Concerned"
OPINIONS = (AGREE, CONDITION, OBJECT, NOT_CONCERNED)

BLOCKING = frozenset({"TECH", "FIN"})
"""Departments whose objection nobody overrules."""

OPEN, ANSWERED = "Open", "Answered"
WAITING, CLEAR, OBJECTIONS = "waiting", "clear", "objections"
"""What a join says."""

SCOPES: Mapping[str, tuple[str, ...]] = {
	"TECH": ("vehicle", "configuration", "specials"),
	"PLAN": ("delivery", "qty", "lead_time"),
	"FIN": ("prices", "payment", "configuration", "qty", "specials", "special_prices"),
	"MKTPLAN": ("specials", "special_prices", "policies"),
	"SUPPLY": ("specials", "qty"),
	"SERVICE": ("warranty", "service_terms"),
	"QA": ("specials", "livery", "qty", "market"),
	"PRODMGT": ("specials", "livery", "qty"),
	"MKTMGT": ("customer", "stock"),
}
"""Department → groups of facts it judges; a department that is not named judges all of them."""


@dataclass(frozen=True)
class Opinion:
	"""A review task as the join sees it."""

	department: str
	is_required: bool
	status: str
	opinion: str = ""
	is_overruled: bool = False
	scope_hash: str = ""

	@property
	def objects(self) -> bool:
		"""Whether it is an objection that stands."""
		return self.status == ANSWERED and self.opinion == OBJECT and not self.is_overruled

	@property
	def blocks(self) -> bool:
		"""Whether it is an objection nobody overrules."""
		return self.objects and self.department in BLOCKING


def scope_hash(department: str, facts: Mapping[str, Any]) -> str:
	"""SHA-256 of the facts a department judges.

	Args:
		facts: group → plain data.
	"""
	groups = SCOPES.get(department, tuple(sorted(facts)))
	judged = {group: facts.get(group) for group in groups}
	text = json.dumps(judged, sort_keys=True, ensure_ascii=False, default=str)
	return hashlib.sha256(text.encode()).hexdigest()


def join(opinions: Iterable[Opinion], open_issues: int = 0) -> str:
	"""Whether a round is over, and how: nobody's silence counts as agreement.

	Args:
		open_issues: technical issues that block and are not closed.
	"""
	opinions = [one for one in opinions if one.status in (OPEN, ANSWERED)]
	if open_issues or any(one.is_required and one.status == OPEN for one in opinions):
		return WAITING
	return OBJECTIONS if any(one.objects for one in opinions) else CLEAR


def is_carried(before: Opinion, now: str) -> bool:
	"""Whether an earlier round's opinion holds for what a department would judge now; objections are asked again."""
	return before.status == ANSWERED and before.opinion != OBJECT and before.scope_hash == now
