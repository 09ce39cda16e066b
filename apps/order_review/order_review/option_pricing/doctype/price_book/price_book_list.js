frappe.listview_settings["Price Book"] = {
	add_fields: ["status", "approval_status"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		if (doc.status === "draft" && doc.approval_status) {
			const colour = doc.approval_status === "Requested" ? "orange" : "red";
			return [__(doc.approval_status, null, "Price Book"), colour, `status,=,draft|approval_status,=,${doc.approval_status}`];
		}
		const colours = { draft: "gray", released: "blue", active: "green", expired: "darkgrey" };
		return [__(doc.status, null, "Price Book"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
