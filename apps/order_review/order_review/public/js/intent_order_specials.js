// Special options of an intent order: asked for, or taken from an earlier request.
const REQUEST = "Special Option Request";
const TAKEN = ["option_name", "status", "list_price", "valid_to", "lead_days"];

frappe.ui.form.on("Intent Order", {
	refresh(frm) {
		const { grid } = frm.fields_dict.specials;
		grid.update_docfield_property("unit_price", "formatter", price_text);
		grid.refresh();
		if (frm.doc.docstatus || !frm.doc.model) return;
		if (may_add(frm)) {
			frm.add_custom_button(__("Use a Priced Special Option"), () => use_priced(frm), __("Special Options"));
		}
		if (!frm.is_new() && frappe.model.can_create(REQUEST)) {
			frm.add_custom_button(__("Request a Special Option"), () => request_new(frm), __("Special Options"));
		}
	},
});

frappe.ui.form.on("Intent Order Special", {
	request_no(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		if (row.request_no) take_from_request(frm, row);
	},
});

// What has no price yet costs something all the same.
function price_text(value, df, options, row) {
	return row && !row.is_priced ? `<div class="text-right text-muted">${__("not priced")}</div>` : frappe.form.formatters.Currency(value, df, options, row);
}

function may_add(frm) {
	if (frm.is_new()) return frm.perm[0] && frm.perm[0].write;
	return ((frm.doc.__onload && frm.doc.__onload.writable) || []).includes("specials");
}

// The new request says what the order knows; the server puts its number into the order when it is saved.
function request_new(frm) {
	const saved = frm.is_dirty() ? frm.save() : Promise.resolve();
	saved.then(() => frappe.model.with_doctype(REQUEST)).then(() => {
		const { name, company, model, qty, market_department, sales_person, dealer } = frm.doc;
		const request = frappe.model.get_new_doc(REQUEST, null, null, true);
		const known = { intent_order: name, company, model, qty, market_department, sales_person, dealer };
		// Nothing is looked up: not everybody who asks may read departments, salespersons and dealers.
		Object.assign(request, known, { __run_link_triggers: 0 });
		frappe.set_route("Form", REQUEST, request.name);
	});
}

function use_priced(frm) {
	frappe.prompt(
		{
			fieldname: "request",
			fieldtype: "Link",
			options: REQUEST,
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

function add_row(frm, request) {
	if ((frm.doc.specials || []).some((row) => row.request_no === request)) return;
	take_from_request(frm, frm.add_child("specials", { request_no: request })).then(() => frm.dirty());
}

// The server takes name, price, validity and lead time from the request when the order is saved; here they are shown before.
function take_from_request(frm, row) {
	return frappe.db.get_value(REQUEST, row.request_no, TAKEN).then(({ message }) => {
		if (!message || !message.option_name) return;
		const { option_name, status, list_price, valid_to, lead_days } = message;
		const is_priced = ["Priced", "Expired", "Catalogued"].includes(status) ? 1 : 0;
		Object.assign(row, { name_zh: option_name, is_priced });
		Object.assign(row, is_priced ? { unit_price: list_price, valid_to, lead_days } : { unit_price: 0, valid_to: null, lead_days: 0 });
		frm.refresh_field("specials");
	});
}
