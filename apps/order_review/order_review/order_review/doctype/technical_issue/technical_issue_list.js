frappe.listview_settings["Technical Issue"] = {
	add_fields: ["status", "blocking", "is_overdue", "due_at", "kind"],
	has_indicator_for_draft: 1,
	formatters: {
		due_at: (value) => (value ? moment(value).format("YYYY-MM-DD HH:mm") : "–"),
	},
	get_indicator(doc) {
		const colours = { Open: "orange", Reopened: "orange", Answered: "blue", Closed: "green" };
		const late = doc.is_overdue && doc.status !== "Closed";
		const label = __(doc.status, null, "Technical Issue") + (late ? ` · ${__("Overdue", null, "Order Review")}` : "");
		return [label, late ? "red" : colours[doc.status], `status,=,${doc.status}`];
	},
};
