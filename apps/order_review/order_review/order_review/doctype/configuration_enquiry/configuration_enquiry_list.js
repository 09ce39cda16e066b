frappe.listview_settings["Configuration Enquiry"] = {
	add_fields: ["status", "is_published", "reuse_count"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		const label = __(doc.status, null, "Configuration Enquiry") + (doc.is_published ? ` · ${__("FAQ")}` : "");
		return [label, doc.status === "Open" ? "orange" : doc.is_published ? "green" : "blue", `status,=,${doc.status}`];
	},
};
