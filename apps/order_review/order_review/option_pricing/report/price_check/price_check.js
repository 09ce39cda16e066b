frappe.query_reports["Price Check"] = {
	filters: [
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date", default: frappe.datetime.add_months(frappe.datetime.get_today(), -12) },
		{ fieldname: "to_date", label: __("To Date", null, "Order Review"), fieldtype: "Date" },
		{ fieldname: "market_department", label: __("Market Department"), fieldtype: "Autocomplete" },
		{ fieldname: "customer", label: __("Customer"), fieldtype: "Data" },
		{ fieldname: "dealer", label: __("Dealer"), fieldtype: "Autocomplete" },
		{ fieldname: "sales_person", label: __("Salesperson"), fieldtype: "Autocomplete" },
		{ fieldname: "model", label: __("Vehicle Model"), fieldtype: "Link", options: "Vehicle Model" },
		{ fieldname: "order_type", label: __("Order Type"), fieldtype: "Select", options: order_review.in_words_of("Intent Order", ["Direct", "Dealer", "Tender", "Internal", "Stock", "Export"]) },
		{ fieldname: "status", label: __("Status"), fieldtype: "Select", options: order_review.in_words_of("Intent Order", ["Draft", "Submitted", "Received", "Under Opinions", "Consolidating", "Price Approval", "Valid", "Converted", "Returned", "Vetoed", "Expired", "Withdrawn"]) },
		{ fieldname: "approval_level", label: __("Approval Level"), fieldtype: "Select", options: ["", "L0", "L1", "L2", "L3", "L4"] },
		{ fieldname: "price_book", label: __("Price Book"), fieldtype: "Link", options: "Price Book" },
		{ fieldname: "policy", label: __("Business Policy"), fieldtype: "Link", options: "Business Policy" },
		{ fieldname: "deviation_below", label: __("Deviation at Most (%)"), fieldtype: "Float" },
		{ fieldname: "below_floor", label: __("Below Floor"), fieldtype: "Check" },
		{ fieldname: "with_specials", label: __("With Special Options"), fieldtype: "Check" },
		{ fieldname: "sorting", label: __("Sorting"), fieldtype: "Select", options: ["Newest first", "Largest discount first", "Highest total first"], default: "Newest first" },
		{ fieldname: "page_size", label: __("Rows per Page"), fieldtype: "Select", options: ["100", "500", "1000", "5000"], default: "500" },
		{ fieldname: "page", label: __("Page", null, "Order Review"), fieldtype: "Int", default: 1 },
	],

	onload(report) {
		report.page.add_inner_button(__("Export All as CSV"), () => export_all(report));
		const asked = report.report_name;
		frappe.xcall("order_review.api.price_check.get_choices").then((choices) => order_review.offer_choices(report, asked, choices));
	},

	formatter(value, row, column, data, default_formatter) {
		const text = default_formatter(value, row, column, data);
		if (!data) return text;
		if (column.fieldname === "review_price" && data.review_price != null) {
			return `<a class="or-trace" data-order="${frappe.utils.escape_html(data.intent_order)}" title="${__("Why this price")}">${text}</a>`;
		}
		if (column.fieldname === "deviation_pct" && value != null) return mark(text, value < 0);
		if (["floor_price", "headroom"].includes(column.fieldname) && data.below_floor) return mark(text, true);
		return text;
	},

	after_datatable_render(table) {
		$(table.wrapper).off("click.trace").on("click.trace", ".or-trace", (event) => {
			show_trace($(event.currentTarget).data("order"));
		});
	},
};

function mark(text, bad) {
	if (!bad) return text;
	// A figure stands in a block of its own: the mark goes inside it, else it pushes the figure out of the cell.
	const block = /^\s*<div[^>]*>/.exec(text);
	const marked = block ? text.replace(block[0], `${block[0]}▼ `) : `▼ ${text}`;
	return `<span class="text-danger text-nowrap">${marked}</span>`;
}

function show_trace(order) {
	const dialog = new frappe.ui.Dialog({
		title: __("Why this price: {0}", [order]),
		size: "extra-large",
		fields: [{ fieldname: "panel", fieldtype: "HTML" }],
		primary_action_label: __("Open Order"),
		primary_action() {
			dialog.hide();
			frappe.set_route("Form", "Intent Order", order);
		},
	});
	order_review.show_panel(dialog.fields_dict.panel.$wrapper, order);
	dialog.show();
}

function export_all(report) {
	open_url_post("/api/method/order_review.api.price_check.export_all", {
		filters: JSON.stringify(report.get_values()),
	});
}
