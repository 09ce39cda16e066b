// Starting a price rehearsal from a draft, following it, and drawing its result.
frappe.provide("order_review");

const EVENT = "order_review_prices";
const esc = (text) => frappe.utils.escape_html(text == null ? "" : String(text));
const amount = (value) => (value == null ? "–" : esc(Number(value).toLocaleString("en-US", { maximumFractionDigits: 2 })));

order_review.rehearse = function (frm) {
	const modes = ["As if in force for every order", "By the dates of draft and order"];
	const field = {
		fieldname: "mode",
		label: __("Question", null, "Order Review"),
		fieldtype: "Select",
		options: modes.map((mode) => ({ value: mode, label: __(mode) })),
		default: modes[0],
		reqd: 1,
	};
	frappe.prompt(field, ({ mode }) => {
		frappe
			.xcall("order_review.api.prices.start_rehearsal", { doctype: frm.doctype, name: frm.doc.name, mode })
			.then((name) => frappe.set_route("Form", "Price Rehearsal", name));
	}, __("Rehearse on Orders"), __("Start"));
};

order_review.follow_rehearsal = function (name, done) {
	frappe.realtime.off(EVENT);
	frappe.realtime.on(EVENT, (message) => {
		if (message.name !== name) return;
		if (message.percent != null) frappe.show_progress(__("Rehearsing"), message.percent, 100, message.what);
		if (message.finished) {
			frappe.hide_progress();
			frappe.realtime.off(EVENT);
			done();
		}
	});
};

order_review.rehearsal_html = function (found) {
	const rows = (found.rows || [])
		.map((row) => `<tr><td><a href="/app/intent-order/${encodeURIComponent(row.intent_order)}">${esc(row.intent_order)}</a></td><td>${esc(row.title)}</td>
			<td class="text-right">${amount(row.before)}</td><td class="text-right">${amount(row.after)}</td>
			<td class="text-right">${amount(row.delta)}</td><td class="text-right">${amount(row.delta_pct)}</td>
			<td>${row.falls_below_floor ? `<span class="indicator-pill red">${__("Below Floor")}</span>` : esc(row.fault || row.new_findings)}</td></tr>`)
		.join("");
	return `<p>${__("{0} orders, {1} change: {2} dearer, {3} cheaper, {4} fall below floor; {5} CNY in all.", [
		found.orders, found.changed, found.dearer, found.cheaper, found.below_floor, amount(found.total_delta),
	])} <a href="/app/price-rehearsal/${encodeURIComponent(found.name)}">${esc(found.name)}</a></p>
	<table class="table table-bordered table-condensed"><thead><tr><th>${__("Intent Order")}</th><th>${__("Subject", null, "Order Review")}</th>
	<th class="text-right">${__("Review Price Before")}</th><th class="text-right">${__("Review Price After")}</th>
	<th class="text-right">${__("Change")}</th><th class="text-right">%</th><th>${__("New Findings")}</th></tr></thead><tbody>${rows}</tbody></table>`;
};
