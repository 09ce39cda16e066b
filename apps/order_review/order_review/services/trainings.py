"""The training plan (培训计划): which courses somebody new to a role passes, who has, and the qualification that follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, today

from order_review.constants import QUALIFICATION_RECORD, REVIEW_SETTINGS, TRAINING_SESSION
from order_review.exceptions import SmallRecordError
from order_review.services import notices, qualifications


@dataclass(frozen=True)
class Passed:
	"""A course somebody has passed: when, with which score, in which session."""

	held_on: date
	score: float
	session: str


@dataclass
class Progress:
	"""How far somebody is with the courses of a role."""

	user: str
	courses: tuple[str, ...]
	passed: dict[str, Passed] = field(default_factory=dict)

	@property
	def is_complete(self) -> bool:
		"""Whether every course is passed."""
		return all(course in self.passed for course in self.courses)

	@property
	def missing(self) -> list[str]:
		"""Courses that are not passed, in the plan's order."""
		return [course for course in self.courses if course not in self.passed]

	@property
	def score(self) -> float:
		"""Mean of the scores the courses were passed with."""
		return (
			round(sum(one.score for one in self.passed.values()) / len(self.passed), 1)
			if self.passed
			else 0.0
		)


def plan() -> dict[str, tuple[str, ...]]:
	"""Role → its courses, in the order of Order Review Settings."""
	found: dict[str, tuple[str, ...]] = {}
	for row in frappe.get_cached_doc(REVIEW_SETTINGS).get("training_plan") or ():
		found[row.role] = tuple(dict.fromkeys((*found.get(row.role, ()), row.course)))
	return found


def completion(role: str) -> list[Progress]:
	"""Everybody who has the role or has begun its courses, those who lack most last."""
	courses = plan().get(role, ())
	found = {user: Progress(user, courses) for user in notices.users_with(role)}
	for row in _attended(courses):
		one = found.setdefault(row.user, Progress(row.user, courses))
		if row.passed:
			one.passed[row.course] = Passed(row.held_on, flt(row.quiz_score), row.session)
	return sorted(found.values(), key=lambda one: (len(one.missing), one.user))


def progress_of(user: str, role: str) -> Progress:
	"""How far a user is with the courses of a role."""
	courses = plan().get(role, ())
	one = Progress(user, courses)
	for row in _attended(courses, user):
		if row.passed:
			one.passed[row.course] = Passed(row.held_on, flt(row.quiz_score), row.session)
	return one


def _attended(courses: Iterable[str], user: str | None = None) -> list[Any]:
	"""Who attended which course, the latest session last: it is the one that counts."""
	session, attendee = frappe.qb.DocType(TRAINING_SESSION), frappe.qb.DocType("Training Attendee")
	wanted = tuple(courses)
	if not wanted:
		return []
	query = (
		frappe.qb.from_(session)
		.join(attendee)
		.on(attendee.parent == session.name)
		.select(
			attendee.user, attendee.passed, attendee.quiz_score, session.course, session.held_on,
			session.name.as_("session"),
		)
		.where(session.course.isin(wanted))
		.orderby(session.held_on, session.creation)
	)  # fmt: skip
	if user:
		query = query.where(attendee.user == user)
	found: list[Any] = query.run(as_dict=True)
	return found


# --- what follows ---------------------------------------------------------------------------------------------


def after_session(session: Document) -> None:
	"""Propose a qualification to the order supervisors for whoever has passed the last course with this session."""
	before = session.get_doc_before_save()
	already = {row.user for row in before.attendees if row.passed} if before else set()
	fresh = [row.user for row in session.attendees if row.passed and row.user not in already]
	for role, courses in plan().items():
		if session.course not in courses:
			continue
		for user in fresh:
			if progress_of(user, role).is_complete and not qualifications.holds(user, role):
				_propose(session, user, role)


def _propose(session: Document, user: str, role: str) -> None:
	def said() -> str:
		return _(
			"{0} has passed all courses of the role {1}: write the qualification in Training Completion."
		).format(frappe.utils.get_fullname(user), _(role))

	notices.tell(session, notices.users_with("Order Supervisor"), said)


def qualify(user: str, role: str) -> str:
	"""Write the qualification record of somebody who has passed all courses of a role; gives its name.

	Raises:
		frappe.PermissionError: the session's user writes no qualification records.
		SmallRecordError: a course is missing, or the qualification is there.
	"""
	one = progress_of(user, role)
	if not one.courses:
		_refuse(
			_("The training plan in Order Review Settings has no course for the role {0}.").format(_(role))
		)
	if not one.is_complete:
		_refuse(
			_("{0} has not passed: {1}. Record the training session first.").format(
				frappe.utils.get_fullname(user),
				", ".join(_(course, context=TRAINING_SESSION) for course in one.missing),
			)
		)
	if qualifications.holds(user, role):
		_refuse(
			_("{0} is qualified for the role {1} already.").format(frappe.utils.get_fullname(user), _(role))
		)
	last = max(one.passed.values(), key=lambda passed: (passed.held_on, passed.session))
	record = frappe.get_doc(
		{
			"doctype": QUALIFICATION_RECORD,
			"user": user,
			"role": role,
			"result": "Passed",
			"score": one.score,
			"training_session": last.session,
			"qualified_on": today(),
		}
	)
	record.insert()
	return str(record.name)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Qualification", context="Order Review"), exc=SmallRecordError)
