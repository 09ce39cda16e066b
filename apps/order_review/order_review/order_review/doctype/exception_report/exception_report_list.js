frappe.listview_settings["Exception Report"] = {
	add_fields: ["status", "is_automatic"],
	has_indicator_for_draft: 1,
	formatters: {
		kind: (value) => __(value || "", null, "Exception Report"),
		recipient: (value) => __(value || "", null, "Exception Report"),
	},
	get_indicator(doc) {
		const label = __(doc.status, null, "Exception Report");
		return [label, doc.status === "Open" ? "red" : "green", `status,=,${doc.status}`];
	},
};
