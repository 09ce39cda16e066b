// The one address a browser needs: pages from gunicorn, live updates (/socket.io) from Frappe's realtime server.
// A deployment puts nginx here; on a developer's machine this spares one more server.
// node front.mjs WEB_PORT GUNICORN_PORT SOCKETIO_PORT DEFAULT_SITE
import http from "node:http";
import net from "node:net";

const [webPort, gunicornPort, socketioPort] = process.argv.slice(2, 5).map(Number);
const defaultSite = process.argv[5];
const LOOPBACK = "127.0.0.1";

const hostName = (address) => address?.replace(/^[a-z]+:\/\//, "").replace(/:\d+$/, "");
const isRealtime = (request) => request.url.startsWith("/socket.io");
const RUN_BY_BROWSERS = /html|\/xml|\+xml|svg|javascript/;

function isPublicFile(request) {
	try {
		return decodeURIComponent(request.url).startsWith("/files/");
	} catch {
		return false;
	}
}

// localhost and 127.0.0.1 show the default site, so the system is also reachable where *.localhost is not resolved.
function siteOf(request) {
	const host = hostName(request.headers.host);
	return host === "localhost" || host === LOOPBACK ? defaultSite : host;
}

// Whether a page of another address tries to listen in: the realtime server's own check, made before its headers change.
function isForeign(request) {
	const { origin, host } = request.headers;
	return isRealtime(request) && origin !== undefined && hostName(origin) !== hostName(host);
}

function headersFor(request) {
	const headers = {
		...request.headers,
		"x-frappe-site-name": siteOf(request),
		"x-forwarded-for": request.socket.remoteAddress,
		"x-forwarded-proto": "http",
	};
	if (isPublicFile(request)) headers.host = siteOf(request); // Frappe finds the files of a site by this name
	if (isRealtime(request)) {
		// It asks its Origin who the user is; this address is one it can always resolve.
		headers.host = `${LOOPBACK}:${webPort}`;
		headers.origin = `http://${LOOPBACK}:${webPort}`;
	}
	return headers;
}

function target(request) {
	return {
		host: LOOPBACK,
		port: isRealtime(request) ? socketioPort : gunicornPort,
		method: request.method,
		path: request.url,
		headers: headersFor(request),
		agent: false, // a connection of its own: one that is kept may be closed at the other end as we write to it
	};
}

// What a browser could run is downloaded, as nginx does it in a deployment.
function headersBack(request, answer) {
	if (!isPublicFile(request)) return answer.headers;
	const headers = { ...answer.headers, "x-content-type-options": "nosniff" };
	if (RUN_BY_BROWSERS.test(headers["content-type"] ?? "")) headers["content-disposition"] = "attachment";
	return headers;
}

const server = http.createServer((request, response) => {
	if (isForeign(request)) {
		response.writeHead(403).end("Another origin may not listen here.");
		return;
	}
	const onward = http.request(target(request), (answer) => {
		// where no file lies, Frappe's middleware breaks off
		const isMissing = isPublicFile(request) && answer.statusCode === 500;
		response.writeHead(isMissing ? 404 : answer.statusCode, headersBack(request, answer));
		answer.pipe(response);
	});
	onward.on("error", () => {
		if (response.headersSent) response.destroy();
		else response.writeHead(502).end("Order Review is starting or has stopped; see logs/web.log.");
	});
	response.on("close", () => onward.destroy());
	request.pipe(onward);
});

server.on("upgrade", (request, socket, head) => {
	if (!isRealtime(request) || isForeign(request)) {
		socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
		return;
	}
	const onward = net.connect(socketioPort, LOOPBACK, () => {
		const lines = Object.entries(headersFor(request)).map(([name, value]) => `${name}: ${value}`);
		onward.write([`${request.method} ${request.url} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
		onward.write(head);
		onward.pipe(socket).pipe(onward);
	});
	onward.on("error", () => socket.destroy());
	socket.on("error", () => onward.destroy());
	socket.on("close", () => onward.destroy());
});

server.requestTimeout = 0; // long uploads are gunicorn's to judge
server.listen(webPort, LOOPBACK, () => console.log(`Serving http://${defaultSite}:${webPort}`));
