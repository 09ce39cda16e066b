from frappe.model.document import Document


class OutboxMessage(Document):
	"""An e-mail that is to go out (待发邮件), written in the transaction of what it tells of."""
