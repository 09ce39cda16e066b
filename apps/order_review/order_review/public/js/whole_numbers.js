// 2.7 typed where whole numbers are counted would become 2 without a word; the server refuses it, and so does the field.
const OURS = ["Order Review", "Contracts", "Production Entry", "Option Pricing", "Vehicle Catalogue"];

const is_ours = (doctype) => Boolean(doctype) && OURS.includes((frappe.get_meta(doctype) || {}).module);

frappe.ui.form.ControlInt = class extends frappe.ui.form.ControlInt {
	parse(value) {
		const number = Number(this.eval_expression(value));
		if (is_ours(this.df.parent) && Number.isFinite(number) && !Number.isInteger(number)) {
			frappe.throw(__("{0} is counted in whole numbers; {1} is none.", [__(this.df.label, null, this.df.parent), frappe.utils.escape_html(String(value))]));
		}
		return super.parse(value);
	}
};
