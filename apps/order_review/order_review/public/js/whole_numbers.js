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

// 85万 is 850000; any other word in an amount is told, where Frappe would take the figures before it.
const IN_WORDS = /^\s*([\d.,]+)\s*([万亿])\s*元?\s*$/;
const FIGURES = /^[\s\d.,'+\-*/()%eE=]*$/;
const TIMES = { 万: 1e4, 亿: 1e8 };

const reads_words = (Control) =>
	class extends Control {
		parse(value) {
			if (typeof value !== "string" || !is_ours(this.df.parent) || FIGURES.test(value)) return super.parse(value);
			const [, figures, unit] = IN_WORDS.exec(value) || [];
			if (figures) return super.parse(String(flt(super.parse(figures) * TIMES[unit], 6)));
			frappe.show_alert({
				message: __("{0}: {1} is no number.", [__(this.df.label, null, this.df.parent), frappe.utils.escape_html(value)]),
				indicator: "red",
			}, 10);
			return this.value; // what stood there before
		}
	};

for (const name of ["ControlFloat", "ControlCurrency", "ControlPercent"]) {
	frappe.ui.form[name] = reads_words(frappe.ui.form[name]);
}
