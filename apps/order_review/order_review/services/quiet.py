"""What another app says on the way of a step that is ours is no news to who takes the step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def quiet() -> Iterator[None]:
	"""Of what is said inside nothing is shown, but why it failed where it fails."""
	said = len(frappe.local.message_log)
	try:
		yield
	except Exception:
		reasons = [message for message in frappe.local.message_log[said:] if message.get("raise_exception")]
		frappe.local.message_log[said:] = reasons
		raise
	del frappe.local.message_log[said:]
