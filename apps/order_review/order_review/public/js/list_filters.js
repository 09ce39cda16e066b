// Quick filters of lists: buttons that put one set of filters in the place of what is there.
frappe.provide("order_review");

// entries: [[label, filters], …]; filters as the list takes them, without the DocType, or a function that gives them.
order_review.add_quick_filters = function (listview, entries) {
	const group = __("Show");
	entries.forEach(([label, filters]) =>
		listview.page.add_inner_button(label, () => apply(listview, typeof filters === "function" ? filters() : filters), group)
	);
};

function apply(listview, filters) {
	const whole = filters.map(([field, operator, value]) => [listview.doctype, field, operator, value]);
	return listview.filter_area.clear(false).then(() => (whole.length ? listview.filter_area.add(whole) : listview.refresh()));
}

// Day and minute; what is past says so in words too.
order_review.due_text = function (value, is_open) {
	if (!value) return "–";
	const text = moment(value).format("YYYY-MM-DD HH:mm");
	return is_open && value < frappe.datetime.now_datetime() ? `<span class="text-danger">${text} · ${__("Overdue", null, "Order Review")}</span>` : text;
};

order_review.has_any_role = (...roles) => frappe.session.user !== "Administrator" && roles.some((role) => frappe.user.has_role(role));
