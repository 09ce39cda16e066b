from frappe.model.document import Document


class ExtraWorkingDay(Document):
	"""A day that is worked although it is a weekend or a holiday (调休, overtime)."""
