from frappe.model.document import Document


class TranslationRuleLine(Document):
	pass
