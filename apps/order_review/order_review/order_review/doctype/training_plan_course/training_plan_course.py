from frappe.model.document import Document


class TrainingPlanCourse(Document):
	pass
