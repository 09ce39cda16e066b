// Special options of an intent order: asked for, or taken from an earlier request.
frappe.ui.form.on("Intent Order", {
	refresh(frm) {
		if (frm.doc.docstatus || !frm.doc.model) return;
		if (frm.perm[0] && frm.perm[0].write) {
			frm.add_custom_button(__("Use a Priced Special Option"), () => use_priced(frm), __("Special Options"));
		}
		if (!frm.is_new() && frappe.model.can_create("Special Option Request")) {
			frm.add_custom_button(__("Request a Special Option"), () => request_new(frm), __("Special Options"));
		}
	},
});

function request_new(frm) {
	const { name, company, model, qty, market_department, sales_person, dealer } = frm.doc;
	frappe.new_doc("Special Option Request", { intent_order: name, company, model, qty, market_department, sales_person, dealer });
}

function use_priced(frm) {
	frappe.prompt(
		{
			fieldname: "request",
			fieldtype: "Link",
			options: "Special Option Request",
			label: __("Special Option Request"),
			reqd: 1,
			description: __("It must be priced, in date and for the same model."),
			get_query: () => ({
				filters: { model: frm.doc.model, status: "Priced", valid_to: [">=", frm.doc.order_date || frappe.datetime.get_today()] },
			}),
		},
		({ request }) => add_row(frm, request),
		__("Use a Priced Special Option"),
		__("Add")
	);
}

// The server takes name, price, validity and lead time from the request when the order is saved.
function add_row(frm, request) {
	if ((frm.doc.specials || []).some((row) => row.request_no === request)) return;
	frappe.db
		.get_value("Special Option Request", request, ["option_name", "list_price", "valid_to", "lead_days"])
		.then(({ message }) => {
			frm.add_child("specials", {
				request_no: request,
				name_zh: message.option_name,
				is_priced: 1,
				unit_price: message.list_price,
				valid_to: message.valid_to,
				lead_days: message.lead_days,
			});
			frm.refresh_field("specials");
			frm.dirty();
		});
}
