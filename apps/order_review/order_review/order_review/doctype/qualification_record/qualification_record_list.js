frappe.listview_settings["Qualification Record"] = {
	add_fields: ["result", "is_revoked", "valid_to"],
	formatters: {
		result: (value) => __(value || "", null, "Qualification Record"),
		role: (value) => __(value || ""),
		user: (value) => frappe.utils.escape_html(frappe.user.full_name(value) || value || ""),
	},
	get_indicator(doc) {
		if (doc.is_revoked) return [__("Revoked", null, "Order Review"), "red", "is_revoked,=,1"];
		if (doc.result === "Failed") return [__("Failed", null, "Qualification Record"), "orange", "result,=,Failed"];
		const over = doc.valid_to && doc.valid_to < frappe.datetime.get_today();
		return over ? [__("Expired"), "gray", "result,=,Passed"] : [__("Passed", null, "Qualification Record"), "green", "result,=,Passed"];
	},
};
