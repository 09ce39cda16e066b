from frappe.model.document import Document


class TranslationRuleModel(Document):
	pass
