frappe.query_reports["Authority Log"] = {
	filters: [
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To Date", null, "Order Review"), fieldtype: "Date" },
		{ fieldname: "intent_order", label: __("Intent Order"), fieldtype: "Link", options: "Intent Order" },
		{ fieldname: "decision", label: __("Decision"), fieldtype: "Select", options: order_review.in_words_of("Price Approval", ["Approved", "Rejected"]) },
		{ fieldname: "approval_level", label: __("Approval Level"), fieldtype: "Select", options: ["", "L0", "L1", "L2", "L3", "L4"] },
		{ fieldname: "approver", label: __("Approver"), fieldtype: "Data" },
		{ fieldname: "only_valid", label: __("Only Decisions That Hold"), fieldtype: "Check" },
	],

	formatter(value, row, column, data, default_formatter) {
		const text = default_formatter(value, row, column, data);
		return data && data.is_void ? `<s class="text-muted">${text}</s>` : text;
	},
};
