frappe.listview_settings["Sales Contract"] = {
	add_fields: ["status", "verdict", "docstatus", "change_pending"],
	// A contract is made on the form of a valid intent order, never from nothing.
	refresh(listview) {
		listview.page.clear_primary_action();
	},
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
	get_indicator(doc) {
		const colours = {
			Draft: "gray",
			Submitted: "blue",
			Received: "blue",
			"Under Opinions": "cyan",
			"Approved for Signing": "orange",
			"Seal Pending": "orange",
			Signed: "purple",
			Effective: "green",
			"In Fulfilment": "green",
			Completed: "darkgrey",
			Returned: "yellow",
			Vetoed: "red",
			Withdrawn: "darkgrey",
			Cancelled: "red",
		};
		const word = __(doc.status, null, "Sales Contract");
		const label = doc.change_pending ? `${word} · ${__("Change Pending")}` : word;
		return [label, colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
	formatters: {
		verdict: (value, _df, doc) => order_review.verdict.pill("Sales Contract", doc),
	},
};
