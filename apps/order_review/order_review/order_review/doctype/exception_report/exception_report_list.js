frappe.listview_settings["Exception Report"] = {
	add_fields: ["status", "is_automatic"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		const label = __(doc.status, null, "Exception Report");
		return [label, doc.status === "Open" ? "red" : "green", `status,=,${doc.status}`];
	},
};
