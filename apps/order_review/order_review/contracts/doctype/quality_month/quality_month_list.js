frappe.listview_settings["Quality Month"] = {
	add_fields: ["status"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		const colours = { Open: "blue", Closed: "orange", Confirmed: "green", Reopened: "yellow" };
		return [__(doc.status, null, "Quality Month"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
