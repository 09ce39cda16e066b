frappe.listview_settings["Business Policy"] = {
	add_fields: ["status", "approval_status", "valid_from", "valid_to"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		if (doc.status === "draft" && doc.approval_status) {
			const colour = doc.approval_status === "Requested" ? "orange" : "red";
			return [__(doc.approval_status, null, "Business Policy"), colour, `status,=,draft|approval_status,=,${doc.approval_status}`];
		}
		const today = frappe.datetime.get_today();
		if (doc.status === "released" && doc.valid_to && doc.valid_to < today) {
			return [__("expired", null, "Business Policy"), "darkgrey", `status,=,released|valid_to,<,${today}`];
		}
		if (doc.status === "released" && doc.valid_from && doc.valid_from > today) {
			return [__("released", null, "Business Policy"), "blue", `status,=,released|valid_from,>,${today}`];
		}
		const colours = { draft: "gray", released: "green", suspended: "red", expired: "darkgrey" };
		return [__(doc.status, null, "Business Policy"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
