// From a signed contract to what happens with it: board, livery, and new coordination items and expedite requests.
const STATES_ON_THE_WAY = ["Signed", "Effective", "In Fulfilment", "Completed"];

frappe.ui.form.on("Sales Contract", {
	refresh(frm) {
		if (!STATES_ON_THE_WAY.includes(frm.doc.status)) return;
		const group = __("Fulfilment");
		const contract = { sales_contract: frm.doc.name };
		const lists = { "Livery Design": contract, "Production Milestone": contract };
		frm.add_custom_button(__("Fulfilment Board"), () => {
			frappe.route_options = { ...contract, all_states: 1 };
			frappe.set_route("query-report", "Fulfilment Board");
		}, group);
		Object.entries(lists).forEach(([doctype, filters]) => {
			if (!frappe.model.can_read(doctype)) return;
			frm.add_custom_button(__(doctype), () => frappe.set_route("List", doctype, filters), group);
		});
		if (frappe.model.can_create("Coordination Item")) {
			const reference = { reference_doctype: "Sales Contract", reference_name: frm.doc.name };
			frm.add_custom_button(__("New {0}", [__("Coordination Item")], "Order Review"), () => frappe.new_doc("Coordination Item", reference), group);
		}
		if (frappe.model.can_create("Expedite Request")) {
			frm.add_custom_button(__("New {0}", [__("Expedite Request")], "Order Review"), () => frappe.new_doc("Expedite Request", contract), group);
		}
	},
});
