from frappe.model.document import Document


class QualityGrade(Document):
	pass
