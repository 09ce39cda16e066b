frappe.listview_settings["Intent Order"] = {
	add_fields: ["status", "verdict", "docstatus"],
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
	get_indicator(doc) {
		const colours = {
			Draft: "gray",
			Submitted: "blue",
			Received: "blue",
			"Under Opinions": "cyan",
			Consolidating: "purple",
			"Price Approval": "orange",
			Valid: "green",
			Converted: "darkgrey",
			Returned: "yellow",
			Vetoed: "red",
			Expired: "darkgrey",
			Withdrawn: "darkgrey",
		};
		return [__(doc.status, null, "Intent Order"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
	formatters: {
		verdict(value) {
			return value ? `<span class="indicator-pill ${order_review.verdict_colour(value)}">${__(value, null, "Intent Order")}</span>` : "";
		},
	},
};
