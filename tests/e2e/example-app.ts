import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** An embedded app with one page for every path, which uses each part of App Bridge once. */
export type ExampleApp = { url: string; close: () => Promise<void> };

/** `bridgeUrl` is a function because the admin needs the app's address first. */
export async function startExampleApp(bridgeUrl: () => string): Promise<ExampleApp> {
  let turnedAway = false;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://app").pathname;
    if (path === "/whoami") {
      // As the library does with an expired token: App Bridge must retry once.
      if (!turnedAway) response.writeHead(401, { "X-Shopify-Retry-Invalid-Session-Request": "1" });
      response.end(turnedAway ? (request.headers.authorization ?? "no token") : "");
      turnedAway = true;
      return;
    }
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(page(path, bridgeUrl()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

const page = (path: string, bridgeUrl: string) => `<!doctype html><html lang="en"><head>
<script src="${bridgeUrl}" data-api-key="example"></script><title>Example</title></head><body>
<ui-nav-menu><a href="/app" rel="home">Home</a><a href="/app/targets">Targets</a></ui-nav-menu>
<h1>${path}</h1><p id="said"></p>
<button id="toast">Toast</button> <button id="whoami">Who am I</button>
<button id="intent">Intent</button> <button id="top">Leave</button> <button id="modal">Modal</button>
<a href="shopify://admin/customers/11" target="_top">Customer</a>
<ui-modal id="sure"><p>Within the modal</p><ui-title-bar title="Sure?"><button variant="primary">Yes</button></ui-title-bar></ui-modal>
<ui-title-bar title="Example title"><button>Refresh</button></ui-title-bar>
<form data-save-bar><label>Name <input name="name"></label></form>
<script>
  const say = (text) => { document.getElementById("said").textContent = text; };
  const onClick = (selector, run) => document.querySelector(selector).addEventListener("click", run);
  onClick("#toast", () => shopify.toast.show("Segment created", {
    action: "Open segment",
    onAction: () => open("shopify://admin/customers/segments", "_top"),
  }));
  onClick("#whoami", () => fetch("/whoami").then((response) => response.text()).then(say));
  onClick("#intent", () => shopify.intents.invoke("create:shopify/Discount"));
  onClick("#top", () => open("https://admin.shopify.com/store/sample/orders", "_top"));
  onClick("#modal", () => shopify.modal.show("sure"));
  onClick("ui-modal button", () => { say("yes"); shopify.modal.hide("sure"); });
  onClick("body > ui-title-bar button", () => say("refreshed"));
  document.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); say("saved"); });
  addEventListener("shopify:navigate", (event) => {
    const href = event.target.getAttribute("href");
    history.pushState(null, "", href);
    document.querySelector("h1").textContent = href;
  });
</script></body></html>`;
