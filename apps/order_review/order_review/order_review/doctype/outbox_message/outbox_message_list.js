frappe.listview_settings["Outbox Message"] = {
	add_fields: ["status", "error"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		const colours = { Waiting: "orange", Sending: "blue", Sent: "green", Failed: "red" };
		return [__(doc.status, null, "Outbox Message"), colours[doc.status], `status,=,${doc.status}`];
	},
};
