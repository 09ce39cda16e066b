// A date typed as year-month-day is that day, whatever format the site shows dates in: 2027-03-20 never becomes the
// 20th of some other month.
const OURS = ["Order Review", "Contracts", "Production Entry", "Option Pricing", "Vehicle Catalogue"];
const ISO = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}:\d{2}(?::\d{2})?))?\s*$/;

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

frappe.ui.form.ControlDate = class extends frappe.ui.form.ControlDate {
	parse(value) {
		const typed = belongs_to_us(this) && typed_iso(value);
		return typed ? typed.day : super.parse(value);
	}
};
