frappe.listview_settings["Delivery Date Commitment"] = {
	add_fields: ["status", "wish", "committed_date", "is_over_capacity"],
	has_indicator_for_draft: 1,
	formatters: {
		committed_date(value, df, doc) {
			if (!value) return "–";
			const days = doc.wish ? frappe.datetime.get_day_diff(value, doc.wish) : 0;
			const late = days > 0 ? ` <span class="text-danger">+${days} ${__("days")}</span>` : "";
			return frappe.datetime.str_to_user(value) + late;
		},
	},
	get_indicator(doc) {
		const colours = { Requested: "orange", Proposed: "blue", Accepted: "cyan", Confirmed: "green", Broken: "red", Withdrawn: "gray" };
		const label = __(doc.status, null, "Delivery Date Commitment");
		return [label, colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
