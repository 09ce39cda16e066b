"""How files leave the server: what a browser could run is downloaded, never opened in the name of this site."""

from __future__ import annotations

from typing import Any

from order_review.services.files import addresses

_FOLDERS = (addresses.PUBLIC, addresses.PRIVATE)


def mark(response: Any = None, request: Any = None) -> None:
	"""Give an answer with a file the headers that keep a browser from running it."""
	if response is None or request is None or not request.path.startswith(_FOLDERS):
		return
	response.headers["X-Content-Type-Options"] = "nosniff"
	if addresses.is_active_type(response.headers.get("Content-Type", "")) or addresses.is_active(
		request.path
	):
		response.headers["Content-Disposition"] = "attachment"
		response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
