import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

const log = vi.hoisted(() => ({ debug: vi.fn(), error: vi.fn() }));
vi.mock("#app/lib/log.server.ts", () => ({ log }));
const { isForWebhooks, webhooks } = await import("./webhooks.server.ts");

const action = vi.fn<(args: { request: Request }) => Promise<Response>>();
const route = (path: string, module: object) => ({ id: path, path, module });
const routes = {
  orders: route("webhooks/orders", { action }),
  broken: route("webhooks/broken", { action: () => Promise.reject(new Error("jane@example.com")) }),
  page: route("webhooks/page", { default: () => null }),
  app: route("app", { action }),
};

let server: Server;
let url: string;

beforeAll(async () => {
  const answer = webhooks(routes as never, "https://encore.example.com");
  server = createServer((request, response) => {
    if (isForWebhooks(request)) void answer(request, response);
    else response.writeHead(418).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  vi.resetAllMocks();
});

const send = (path: string, init: RequestInit = { method: "POST", body: "{}" }) =>
  fetch(`${url}${path}`, init);

describe("webhooks", () => {
  it("go to their route's action with the raw body", async () => {
    let read = "";
    action.mockImplementation(async ({ request }) => {
      read = `${request.headers.get("x-shopify-topic") ?? ""} ${await request.text()}`;
      return new Response("what is wrong", { status: 202 });
    });
    const headers = { "x-shopify-topic": "orders/create" };
    const body = '{"id": 820982911946154508, "é": "\u{1F600}"}';
    const response = await send("/webhooks/orders?x=1", { method: "POST", body, headers });
    expect(response.status).toBe(202);
    expect(read).toBe(`orders/create ${body}`);
    expect(await response.text()).toBe("what is wrong");
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("are passed on with the needed headers only", async () => {
    let names: string[] = [];
    action.mockImplementation(({ request }) => {
      names = [...request.headers.keys()];
      return Promise.resolve(new Response());
    });
    const many = Array.from({ length: 90 }, (_, number) => [`x-shopify-${String(number)}`, "x"]);
    const headers = { ...Object.fromEntries(many), "x-shopify-topic": "orders/create" };
    await send("/webhooks/orders", { method: "POST", body: "{}", headers });
    expect(names).toEqual(["host", "x-shopify-topic"]);
  });

  it("must be sent by POST", async () => {
    for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
      const response = await send("/webhooks/orders", { method });
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST");
    }
    expect(action).not.toHaveBeenCalled();
  });

  it("have only declared paths", async () => {
    for (const path of ["/webhooks/", "/webhooks/none", "/webhooks/page", "/webhooks/orders/"]) {
      expect((await send(path)).status).toBe(404);
    }
    expect((await send("/app")).status).toBe(418);
  });

  it("are refused when they are too large", async () => {
    const response = await send("/webhooks/orders", {
      method: "POST",
      body: "x".repeat(1_000_001),
    });
    expect(response.status).toBe(413);
    expect(action).not.toHaveBeenCalled();
  });

  it("whose handling fails get a status without text, and the error is logged", async () => {
    const response = await send("/webhooks/broken");
    expect(response.status).toBe(500);
    expect(await response.text()).toBe("");
    expect(log.error).toHaveBeenCalledWith(
      { err: expect.any(Error) as Error, route: "/webhooks/broken" },
      "a webhook could not be answered",
    );
  });
});
