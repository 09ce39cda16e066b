// The configurator, for the Desk and for the portal alike.
import { createApp } from "vue";
import Configurator from "./configurator/Configurator.vue";
import { open_session } from "./configurator/session";
import { desk_source } from "./configurator/desk_source";

window.order_review = window.order_review || {};

order_review.configurator_sources = { desk: desk_source };

// Shows the configurator in an element and returns its session.
//   source: the data source, see session.js
//   start: { context, configuration, readonly }
//   on_change: called with the list of option codes after each change by the user
order_review.mount_configurator = function (element, { source, start, lang, on_change }) {
	const session = open_session({ source, lang, on_change });
	const app = createApp(Configurator, { session });
	app.config.globalProperties.__ = window.__;
	app.mount(element);
	session.start(start);
	session.unmount = () => app.unmount();
	return session;
};
