const CONCERNS = [
	"Sales Contract",
	"Production Configuration",
	"Livery Design",
	"Production Milestone",
	"Expedite Request",
	"Intent Order",
	"Sales Order",
];

frappe.ui.form.on("Coordination Item", {
	setup(frm) {
		order_review.guarded_form.say_options("Coordination Item", "status", "kind");
		frm.set_query("reference_doctype", () => ({ filters: { name: ["in", CONCERNS] } }));
	},

	refresh(frm) {
		order_review.guarded_form.open_own_fields(frm);
		if (frm.is_new()) return;
		const { reference_doctype, reference_name } = frm.doc;
		frm.add_custom_button(__("Open {0}", [reference_name], "Order Review"), () => frappe.set_route("Form", reference_doctype, reference_name));
	},

	before_workflow_action: (frm) => order_review.guarded_form.before_action(frm),
});
