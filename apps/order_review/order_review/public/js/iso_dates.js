// A date typed as year-month-day is that day, whatever format the site shows dates in: 2027-03-20 never becomes the
// 20th of some other month. What is no day in this form nor in the site's is told, and never becomes another day.
const OURS = ["Order Review", "Contracts", "Production Entry", "Option Pricing", "Vehicle Catalogue"];
const ISO = /^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T](\d{1,2}:\d{2}(?::\d{2})?))?\s*$/;

const is_ours = (doctype) => Boolean(doctype) && OURS.includes((frappe.get_meta(doctype) || {}).module);
const belongs_to_us = (control) => is_ours(control.df.parent || (window.cur_frm && cur_frm.doctype));

// The day (and time) of a typed ISO date in the form it is stored in; null for anything else.
function typed_iso(value) {
	const found = typeof value === "string" && value.match(ISO);
	if (!found) return null;
	const [, year, month, day, time] = found;
	const then = moment([year, month.padStart(2, "0"), day.padStart(2, "0")].join("-"), "YYYY-MM-DD", true);
	return then.isValid() ? { day: then.format("YYYY-MM-DD"), time } : null;
}

const as_the_site_writes = (value) => moment(value, frappe.datetime.get_user_date_fmt().toUpperCase(), true).isValid();

frappe.ui.form.ControlDate = class extends frappe.ui.form.ControlDate {
	parse(value) {
		if (!value || !belongs_to_us(this)) return super.parse(value);
		const typed = typed_iso(value);
		if (typed) return typed.day;
		if (as_the_site_writes(value)) return super.parse(value);
		const day = frappe.utils.escape_html(String(value));
		frappe.show_alert({
			message: __("{0}: {1} is no day. Type year-month-day, for example 2027-03-20.", [__(this.df.label, null, this.df.parent), day]),
			indicator: "red",
		}, 10);
		return this.value; // what stood there before
	}
};
