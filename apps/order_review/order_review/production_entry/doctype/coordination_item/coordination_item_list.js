frappe.listview_settings["Coordination Item"] = {
	add_fields: ["status", "due_date"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		const colours = { Open: "blue", "In Progress": "cyan", Done: "green", Cancelled: "gray" };
		const open = ["Open", "In Progress"].includes(doc.status);
		const late = open && doc.due_date < frappe.datetime.get_today();
		const label = __(doc.status, null, "Coordination Item");
		return [late ? `${label} · ${__("Overdue", null, "Order Review")}` : label, late ? "red" : colours[doc.status], `status,=,${doc.status}`];
	},
};
