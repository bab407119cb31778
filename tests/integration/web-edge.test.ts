import { createHmac } from "node:crypto";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { startQueue } from "#app/queue/queue.server.ts";

import { type Claims, sessionToken } from "../setup/session-token.ts";
import { startWeb, type WebProcess } from "./web-process.ts";

const shop = shopDomain("one.myshopify.com");
const other = shopDomain("other.myshopify.com");
// Shopify's library treats Node's own user agent as a bot.
const browser = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0" };
const host = Buffer.from("admin.shopify.com/store/one").toString("base64").replace(/=+$/, "");

let web: WebProcess;

beforeAll(async () => {
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
  for (const name of [shop, other]) {
    await pool.query(
      `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
       values ($1, '1', 'One', 'EUR', 'UTC', true)`,
      [name],
    );
    await pool.query(
      "insert into sessions (id, shop, state, access_token) values ($1, $2, '', 'token')",
      [`offline_${name}`, name],
    );
  }
  web = await startWeb();
});
beforeEach(async () => {
  await pool.query("truncate excluded_customers, orders");
});
afterAll(async () => {
  await web.stop();
  await closeDatabase();
});

type Asked = { method?: string; body?: BodyInit; headers?: Record<string, string>; token?: string };

/** The response to the page's own script. */
function ask(path: string, { headers, token, ...init }: Asked = {}): Promise<Response> {
  return fetch(`${web.url}${path}`, {
    redirect: "manual",
    ...init,
    headers: {
      ...browser,
      authorization: `Bearer ${token ?? sessionToken(shop)}`,
      ...headers,
    },
  });
}

/** The response to the frame in the admin. */
function open(query: Record<string, string>, path = "/app"): Promise<Response> {
  const all = new URLSearchParams({ embedded: "1", shop, host, ...query });
  return fetch(`${web.url}${path}?${all.toString()}`, { headers: browser, redirect: "manual" });
}

const form = (fields: Record<string, string>) => ({
  method: "POST",
  body: new URLSearchParams(fields),
});
const SETTINGS = "/app/settings?_data=routes%2Fapp.settings";
const customer = (id: string) => `/app/customers/${id}?_data=routes%2Fapp.customers.%24id`;

describe("answers", () => {
  it("are not cached, and have the security headers, whatever they are", async () => {
    const answers = await Promise.all([
      open({ id_token: sessionToken(shop) }),
      open({}, "/auth/session-token"),
      open({}, "/nothing"),
      ask("/app/progress"),
      ask(SETTINGS),
      ask(SETTINGS, form({ exclusionTag: "left out" })),
      ask(SETTINGS, form({})),
      ask(customer("12")),
      ask("/app", { token: "none" }),
      fetch(`${web.url}/healthz`),
      fetch(`${web.url}/readyz`),
      fetch(`${web.url}/webhooks/orders`, { method: "POST" }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([
      200, 200, 404, 200, 200, 200, 400, 404, 401, 200, 200, 400,
    ]);
    for (const { headers } of answers) {
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("strict-transport-security")).toMatch(/^max-age=\d{8}/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("strict-origin");
    }
  });

  it("may be cached if they are the app's assets", async () => {
    const page = await (await open({ id_token: sessionToken(shop) })).text();
    const [asset = ""] = /\/assets\/[\w.-]+\.js/.exec(page) ?? [];
    const file = await fetch(`${web.url}${asset}`);
    expect(file.status).toBe(200);
    expect(file.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(file.headers.get("x-content-type-options")).toBe("nosniff");
    const missing = await fetch(`${web.url}/assets/none.js`);
    expect([missing.status, missing.headers.get("cache-control")]).toEqual([404, "no-store"]);
  });

  it("may be framed only by the admin and the shop itself, whatever the address says", async () => {
    const policy = async (query: Record<string, string>, path?: string) =>
      (await open(query, path)).headers.get("content-security-policy");
    for (const path of ["/app", "/auth/session-token"]) {
      const id_token = sessionToken(shop);
      expect(await policy({ id_token }, path)).toMatch(/^frame-ancestors .*https:\/\/one\.my/);
      for (const wrong of ["*", "evil.example", `${shop}; script-src *`, `${shop}\r\nx: y`]) {
        const answer = await open({ id_token, shop: wrong }, path);
        expect(answer.status).toBe(400);
        const said = answer.headers.get("content-security-policy") ?? "";
        expect(said).toMatch(/^frame-ancestors [^;]*https:\/\/admin\.shopify\.com;$/);
        expect(said).not.toMatch(/evil|script-src| \* /);
      }
    }
  });
});

describe("bad input", () => {
  const multipart = { "content-type": "multipart/form-data; boundary=x" };
  const json = { "content-type": "application/json" };
  const pages = ["/app?index&_data=routes%2Fapp._index", SETTINGS, customer("12")]
    .concat("/app/privacy/1?_data=routes%2Fapp.privacy.%24id")
    .concat("/app/targets/clv/high?_data=routes%2Fapp.targets.%24axis.%24tier");

  it.each(pages)("to %s is answered with 400 and the expected input", async (page) => {
    for (const asked of [
      { method: "POST", body: '{"intent":"agree"}', headers: json },
      { method: "POST", body: "--x\r\nbroken", headers: multipart },
      { method: "POST", body: "" },
      form({ intent: "a\0b", name: "a\0b", exclusionTag: "a\0b" }),
      form({ intent: "x".repeat(6_000), name: "x".repeat(6_000), exclusionTag: "x".repeat(6_000) }),
    ]) {
      const answer = await ask(page, asked);
      expect(answer.status).toBe(400);
      const said = await answer.text();
      expect(said).toMatch(/^found .*: expected /);
      expect(said.length).toBeLessThan(300);
    }
    const large = await ask(page, form({ intent: "x".repeat(1_000_000) }));
    expect(large.status).toBe(413);
  });

  it.each([
    ["NUL", "%00"],
    ["NUL within", "a%00b"],
    ["a line's end", "12%0A"],
    ["half a letter", "%E0%A4%A"],
    ["no UTF-8", "%ff"],
    ["6,000 letters", "x".repeat(6_000)],
    ["6,000 digits", "1".repeat(6_000)],
  ])("as an id is answered with 400 or 404, in data and in pages: %s", async (_, id) => {
    const data = [customer(id), `/app/privacy/${id}?_data=routes%2Fapp.privacy.%24id`];
    data.push(`/app/targets/clv/${id}?_data=routes%2Fapp.targets.%24axis.%24tier`);
    for (const path of data) {
      expect([400, 404]).toContain((await ask(path)).status);
      expect([400, 404]).toContain((await ask(path, form({ intent: "leave-out" }))).status);
    }
    for (const path of [`/app/customers/${id}`, `/app/privacy/${id}`, `/app/${id}`, `/${id}`]) {
      expect([400, 404]).toContain((await open({ id_token: sessionToken(shop) }, path)).status);
    }
  });

  it("as a host, an origin or a method is answered without a server error", async () => {
    const statusOf = async (answer: Promise<Response>) => (await answer).status;
    expect(await statusOf(open({ host: "AA" }))).toBe(400);
    expect(await statusOf(open({ exitIframe: "https://evil.example" }, "/auth/exit-iframe"))).toBe(
      404,
    );
    const forged = { ...form({ intent: "agree" }), headers: { origin: "https://evil.example" } };
    expect(await statusOf(ask("/app?index", forged))).toBe(403);
    expect(await statusOf(ask("/app", { method: "DELETE" }))).toBe(405);
    expect(await statusOf(fetch(`${web.url}/webhooks/orders`))).toBe(405);
  });
});

describe("a session token", () => {
  it.each<[string, Claims]>([
    ["without an end", { exp: undefined }],
    ["made by another shop", { iss: `https://${other}/admin` }],
    ["for another app", { aud: "another" }],
    ["for what is no shop", { dest: "https://evil.example", iss: "https://evil.example/admin" }],
  ])("is refused, though signed, %s", async (_, claims) => {
    expect((await ask("/app/progress")).status).toBe(200);
    const token = sessionToken(shop, { claims });
    expect((await ask("/app/progress", { token })).status).toBe(401);
    const page = await open({ id_token: token });
    expect(page.status).toBe(401);
    expect(await page.text()).not.toContain("ui-nav-menu");
  });
});

describe("a customer who is to be scored again", () => {
  const again = async (id: string) =>
    (await ask(customer(id), form({ intent: "score-again" }))).status;
  const marked = async () =>
    (await pool.query("select customer_id from changed_customers where shop = $1", [shop])).rows;

  it("must be one of the shop's: by an order, or as an opted-out customer", async () => {
    await pool.query(
      `insert into orders (shop, order_id, customer_id, processed_at, updated_at, day,
         amount_minor, test, tags)
       values ($1, '1', '12', now(), now(), current_date, 100, false, '{}'),
              ($2, '2', '13', now(), now(), current_date, 100, false, '{}')`,
      [shop, other],
    );
    await pool.query(
      "insert into excluded_customers (shop, customer_id, source) values ($1, '14', 'merchant')",
      [shop],
    );
    for (const [id, status] of Object.entries({ 12: 200, 13: 404, 14: 200, 99: 404 })) {
      expect([id, await again(id)]).toEqual([id, status]);
    }
    expect(await marked()).toEqual([{ customer_id: "12" }, { customer_id: "14" }]);
  });
});

describe("what the process prints", () => {
  const marker = "jane.doe@example.com";

  it("consists of log lines, without the input that it failed on", async () => {
    await pool.query("alter table webhook_inbox add constraint marked check (false) not valid");
    await pool.query("alter table shops add constraint marked check (false) not valid");
    const body = JSON.stringify({ admin_graphql_api_id: "gid://shopify/Order/1" });
    const secret = String(process.env.SHOPIFY_API_SECRET);
    const webhook = {
      "x-shopify-topic": "orders/create",
      "x-shopify-shop-domain": shop,
      "x-shopify-api-version": "2026-10",
      "x-shopify-webhook-id": marker,
      "x-shopify-hmac-sha256": createHmac("sha256", secret).update(body).digest("base64"),
    };
    const route = encodeURIComponent(marker);
    const answers = await Promise.all([
      fetch(`${web.url}/webhooks/orders`, { method: "POST", body, headers: webhook }),
      ask(SETTINGS, form({ exclusionTag: marker })),
      ask("/app/settings", form({ exclusionTag: marker })),
      ask(`/app?_data=${route}`),
      ask(`/app/${route}`, form({})),
      ask(`/%E0%A4%A${route}`),
      ask("/app", { token: marker }),
      open({ exitIframe: `https://${marker}/` }, "/auth/exit-iframe"),
      open({ shop: marker, host: marker }),
      fetch(`${web.url}/webhooks/${route}`, { method: "POST", body: marker }),
    ]);
    expect(answers.slice(0, 3).map(({ status }) => status)).toEqual([500, 500, 500]);
    for (const answer of answers.slice(0, 3)) expect(await answer.text()).not.toContain(marker);
    expect(answers.slice(3).filter(({ status }) => status >= 500)).toEqual([]);
    await pool.query("alter table webhook_inbox drop constraint marked");
    await pool.query("alter table shops drop constraint marked");

    const lines = web.printed().trim().split("\n");
    const failures = lines.map((line) => JSON.parse(line) as { level: number; err?: object });
    expect(failures.filter(({ level, err }) => level === 50 && err !== undefined)).toHaveLength(3);
    expect(web.printed()).not.toContain("jane");
    expect(web.printed()).not.toContain("evil");
  });
});
