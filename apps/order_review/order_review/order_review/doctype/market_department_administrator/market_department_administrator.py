from frappe.model.document import Document


class MarketDepartmentAdministrator(Document):
	"""An order administrator to whom submitted orders of a market department go (分工)."""
