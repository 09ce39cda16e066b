// Data source of the Desk: the whitelisted functions of order_review.api.configurator.
export function desk_source(order) {
	const ask = (method, { context, configuration }, more = {}) =>
		frappe.xcall(
			`order_review.api.configurator.${method}`,
			{ order, context: JSON.stringify(context), configuration: JSON.stringify(configuration), ...more },
			"POST"
		);
	return {
		load: (state) => ask("load", state),
		look: (state) => ask("look", state),
		why: (state, option) => ask("why", state, { option }),
		repairs: (state, by) => ask("repairs", state, { by }),
		switch_to: (state, option) => ask("switch", state, { option }),
		complete: (state) => ask("complete", state),
		compare: (state, with_order) => ask("compare", state, { with_order }),
		earlier_orders: ({ context }) =>
			frappe.xcall(
				"order_review.api.configurator.earlier_orders",
				{ order, model: context.model, customer: context.customer || null },
				"POST"
			),
	};
}
