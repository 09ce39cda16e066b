"""Frappe's page renderer for the dealers' portal."""

from __future__ import annotations

from frappe.website.page_renderers.template_page import TemplatePage

LIST, DOCUMENT = "dealer", "dealer/order"
"""Pages of the portal below www/."""


class PortalPage(TemplatePage):
	"""A page of the portal, which no browser keeps."""

	def __init__(self, path: str, http_status_code: int | None = None) -> None:
		super().__init__(path, http_status_code)
		self.headers = {"Cache-Control": "no-store"}

	def can_render(self) -> bool:
		"""Whether a page of the portal was asked for."""
		return self.path in (LIST, DOCUMENT) and bool(super().can_render())
