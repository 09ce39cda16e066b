// Open work of everybody by due time, and what waits beside it.
frappe.pages["review-monitor"].on_page_load = function (wrapper) {
	frappe.ui.make_app_page({ parent: wrapper, title: __("Review Monitor"), single_column: true });
	$(wrapper).find(".page-head").addClass("orw-page-head");
};

frappe.pages["review-monitor"].on_page_show = function (wrapper) {
	const asked = frappe.route_options;
	frappe.route_options = null;
	frappe.require(["order_review_workplace.bundle.css", "order_review_workplace.bundle.js"], () => {
		if (!wrapper.monitor) wrapper.monitor = order_review.mount_monitor(wrapper.page);
		wrapper.monitor.show(asked);
	});
};

frappe.pages["review-monitor"].on_page_hide = function (wrapper) {
	if (wrapper.monitor) wrapper.monitor.rest();
};
