const STEPS = {
	submit: __("Submit Request"),
	withdraw: __("Withdraw Request"),
	approve: __("Approve and Release"),
	reject: __("Reject", null, "Order Review"),
};

frappe.ui.form.on("Policy Adjustment Request", {
	setup(frm) {
		frm.set_query("policy", "rows", () => ({ filters: { status: "draft" } }));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		if (frm.doc.status !== "Draft") frm.disable_form();
		const may = (frm.doc.__onload || {}).may || [];
		for (const [step, label] of Object.entries(STEPS)) {
			if (may.includes(step)) frm.add_custom_button(label, () => ask(frm, step), __("Steps", null, "Order Review"));
		}
		if (may.includes("give_opinion")) frm.add_custom_button(__("Finance Opinion"), () => opinion(frm), __("Steps", null, "Order Review"));
		if (may.includes("rehearse")) frm.add_custom_button(__("Compute Effect on Orders"), () => order_review.rehearse(frm));
		show_effect(frm);
	},
});

function ask(frm, step) {
	if (["withdraw", "reject"].includes(step)) {
		frappe.prompt({ fieldname: "reason", label: __("Reason"), fieldtype: "Small Text", reqd: 1 }, ({ reason }) => take(frm, { step, reason }));
	} else {
		frappe.confirm(`${STEPS[step]}?`, () => take(frm, { step }));
	}
}

function opinion(frm) {
	const fields = [
		{ fieldname: "opinion", label: __("Finance Opinion"), fieldtype: "Select", options: ["Agree", "Agree with condition", "Object"], reqd: 1 },
		{ fieldname: "reason", label: __("Finance Note"), fieldtype: "Small Text" },
	];
	frappe.prompt(fields, (values) => take(frm, { step: "give_opinion", ...values }), __("Finance Opinion"));
}

function take(frm, args) {
	frappe.xcall("order_review.api.prices.take_request_step", { name: frm.doc.name, ...args }).then(() => frm.reload_doc());
}

function show_effect(frm) {
	const wrapper = frm.fields_dict.effect_html.$wrapper;
	if (!frm.doc.rehearsal || !frappe.model.can_read("Price Rehearsal")) {
		wrapper.html(`<p class="text-muted">${__("The effect on orders is not computed yet.")}</p>`);
		return;
	}
	frappe.db.get_doc("Price Rehearsal", frm.doc.rehearsal).then((found) => wrapper.html(order_review.rehearsal_html(found)));
}
