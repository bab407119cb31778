import { Hono } from "hono";
import { beforeEach, describe, expect, it } from "vitest";

import { shopActions } from "#simulator/shop-actions.ts";
import type { SimShop, Store } from "#simulator/state.ts";
import { customer, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

import { adminRoutes } from "./routes.ts";

const origin = "http://127.0.0.1:4000";
const home = "/store/sample";
const sharpName = `<img src=x onerror=alert(1)>"'&`;

let store: Store;
let shop: SimShop;
let admin: (request: Request) => Promise<Response | null>;

const ada = { firstName: "Ada", lastName: "Fern", email: "ada@example.com" };
const bo = { firstName: "Bo", lastName: "Reed", email: "bo@example.com" };

beforeEach(() => {
  store = sampleStore(new Date("2026-11-21T12:00:00Z"));
  shop = shopOf({ store, customers: [customer("11", ada), customer("12", bo)], orders: [] });
  store.settings.origin = origin;
  const elsewhere = new Response();
  const routes = new Hono().route("/", adminRoutes({ store, actions: shopActions(store) }));
  routes.notFound(() => elsewhere);
  admin = async (request) => {
    const response = await routes.fetch(request);
    return response === elsewhere ? null : response;
  };
});

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  const response = await admin(new Request(origin + path, { headers }));
  if (!response) throw new Error(`The admin has nothing at ${path}`);
  return response;
}

async function page(path: string): Promise<string> {
  return (await get(path)).text();
}

async function post(path: string, fields: Record<string, string>, headers = {}): Promise<Response> {
  const body = new URLSearchParams(fields);
  const response = await admin(new Request(origin + path, { method: "POST", body, headers }));
  if (!response) throw new Error(`The admin has nothing at ${path}`);
  return response;
}

const script = { accept: "application/json" };

describe("pages", () => {
  it("do not handle other paths of the simulator", async () => {
    expect(await admin(new Request(`${origin}/admin/api/2026-10/graphql.json`))).toBeNull();
    expect(await admin(new Request(`${origin}/__simulator/state`))).toBeNull();
  });

  it("list the customers the shop holds, with their tags", async () => {
    shop.customers.get("12")!.tags = ["clv:high"];
    const text = await page(`${home}/customers`);
    expect(text).toContain("Ada Fern");
    expect(text).toContain("Bo Reed");
    expect(text).toContain('data-item="clv:high"');
  });

  it("find customers by name, e-mail and exact tag", async () => {
    shop.customers.get("12")!.tags = ["clv:high"];
    for (const [search, found] of [
      ["reed", "Bo Reed"],
      ["ADA@", "Ada Fern"],
      ["tag:CLV:high", "Bo Reed"],
    ]) {
      const text = await page(`${home}/customers?q=${encodeURIComponent(search!)}`);
      expect(text).toContain(found);
      expect(text).toContain("1 of 2 customers");
    }
    expect(await page(`${home}/customers?q=tag:clv`)).toContain("No customers found");
  });

  it("are split when there are more customers than fit on one", async () => {
    for (let id = 100; id < 160; id++) shop.customers.set(`${id}`, customer(`${id}`));
    expect(await page(`${home}/customers`)).toContain("1–50 of 62");
    expect(await page(`${home}/customers?page=2`)).toContain("51–62 of 62");
    expect(await page(`${home}/customers?page=99`)).toContain("51–62 of 62");
  });

  it("show a customer's metafields under the names of their definitions, values untouched", async () => {
    shop.metafieldDefinitions.set("1", {
      id: "1",
      name: "Expected spend",
      namespace: "encore",
      key: "expected_spend",
      ownerType: "CUSTOMER",
      type: "number_decimal",
      description: null,
      pinnedPosition: null,
      validations: [],
      access: { admin: "PUBLIC_READ_WRITE", storefront: "NONE", customerAccount: "NONE" },
      capabilities: { adminFilterable: true, smartCollectionCondition: false, uniqueValues: false },
    });
    const at = store.clock.isoNow();
    const metafield = { id: "5", namespace: "encore", type: "number_decimal", createdAt: at };
    const { metafields } = shop.customers.get("11")!;
    metafields.set("encore.expected_spend", {
      ...metafield,
      key: "expected_spend",
      value: "12.30",
      updatedAt: at,
    });
    metafields.set("other.note", {
      ...metafield,
      namespace: "other",
      key: "note",
      value: "kept",
      updatedAt: at,
    });
    const text = await page(`${home}/customers/11`);
    expect(text).toContain('data-item="Expected spend: 12.30"');
    expect(text).toContain('data-item="other.note: kept"');
  });

  it("show a segment's query and exactly the customers that match it", async () => {
    shop.customers.get("12")!.tags = ["clv:high"];
    const query = "customer_tags CONTAINS 'clv:high'";
    shop.segments.set("7", segment("7", "High value", query));
    const text = await page(`${home}/customers/segments/7`);
    expect(text).toContain("customer_tags CONTAINS &#39;clv:high&#39;");
    expect(text).toContain('data-member-count="1"');
    expect(text).toContain("Bo Reed");
    expect(text).not.toContain("Ada Fern");
  });

  it("report an error in a segment's query instead of failing", async () => {
    shop.segments.set("7", segment("7", "Broken", "customer_tags OOPS"));
    expect(await page(`${home}/customers/segments/7`)).toContain("This query cannot be read");
    expect((await get(`${home}/customers/segments`)).status).toBe(200);
  });

  it("answer 404 with a page for unknown paths", async () => {
    for (const path of [
      "/customers/99",
      "/customers/segments/99",
      "/apps/other",
      "/nonsense",
      "/customers/%E0%A4%A",
    ]) {
      const response = await get(home + path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(await response.text()).toContain("Page not found");
    }
    expect((await get("/store/nobody")).status).toBe(404);
  });

  it("write names, tags, queries and searches as text, never as markup", async () => {
    Object.assign(shop.customers.get("11")!, { firstName: sharpName, tags: [sharpName] });
    shop.name = sharpName;
    shop.segments.set("7", segment("7", sharpName, sharpName));
    for (const path of [
      "",
      "/customers",
      "/customers/11",
      "/customers/segments",
      "/customers/segments/7",
      `/customers?q=${encodeURIComponent(sharpName)}`,
      `/customers/${encodeURIComponent(sharpName)}`,
      `/apps/encore/app?x=${encodeURIComponent(sharpName)}`,
    ]) {
      const text = await page(home + path);
      expect(text).not.toContain("<img");
      expect(text).not.toContain(`onerror=alert(1)>"`);
    }
  });

  it("forbid inline scripts and frames other than the app's", async () => {
    const policy = (await get(home)).headers.get("content-security-policy");
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain(`frame-src ${store.app.url};`);
    expect(policy).not.toContain("unsafe");
  });
});

describe("the language of the staff member", () => {
  it("is the requested one, is stored in a cookie, and is passed on to the app", async () => {
    const asked = await get(`${home}/apps/encore?locale=fr`);
    const text = await asked.text();
    expect(text).toContain('<html lang="fr">');
    expect(text).toContain("locale=fr&amp;");
    const cookie = asked.headers.get("set-cookie")!.split(";")[0]!;
    expect(await (await get(home, { cookie })).text()).toContain("Clients");
    expect(await page(home)).toContain('<html lang="en">');
  });
});

describe("the app's page", () => {
  it("points the iframe to the path after the app's handle, with a token", async () => {
    const text = await page(`${home}/apps/encore/app/targets/clv/high?x=1`);
    const source = /data-src="([^"]+)"/.exec(text)![1]!.replaceAll("&amp;", "&");
    const url = new URL(source);
    expect(url.pathname).toBe("/app/targets/clv/high");
    expect(url.searchParams.get("x")).toBe("1");
    expect(url.searchParams.get("id_token")!.split(".")).toHaveLength(3);
  });

  it("serves App Bridge as one script that other origins can load", async () => {
    const response = await get("/app-bridge.js");
    expect(response.headers.get("content-type")).toContain("text/javascript");
    expect(response.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    const text = await response.text();
    for (const name of ["shopify-reload", "ui-save-bar", "shopify:navigate"]) {
      expect(text).toContain(name);
    }
  });

  it("redirects to the simulator's own origin, so that origins agree", async () => {
    const response = await get(`${home}/apps/encore`, { host: "localhost:4000" });
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe(`${origin}${home}/apps/encore`);
  });
});

describe("the simulation's controls", () => {
  const place = (fields: Record<string, string>, headers = {}) =>
    post(`${home}/simulation/orders`, fields, headers);

  it("place an order for the chosen customer, which its page then shows", async () => {
    const response = await place({ customer: "Ada Fern (#11)", amount: "12,50" }, script);
    expect(response.status).toBe(200);
    const [order] = [...shop.orders.values()];
    expect(order).toMatchObject({ customerId: "11", currentTotalMinor: 1250 });
    expect((await response.json()).link.href).toBe(`${home}/customers/11`);
    const update = await (await get(`${home}/customers/11`, script)).json();
    expect(update.parts.facts).toContain("£12.50");
    expect(update.parts.orders).toContain(order!.name);
  });

  it("refund the last refundable order, and report when there is none", async () => {
    const refund = () => post(`${home}/simulation/refunds`, { customer: "ada fern" }, script);
    expect((await refund()).status).toBe(422);
    await place({ customer: "#11", amount: "10" });
    expect((await refund()).status).toBe(200);
    expect([...shop.orders.values()][0]).toMatchObject({ financialStatus: "REFUNDED" });
    expect((await refund()).status).toBe(422);
  });

  it("advance the shop's clock by a week", async () => {
    await post(`${home}/simulation/clock`, { days: "7" });
    expect(store.clock.isoNow()).toBe("2026-11-28T12:00:00Z");
  });

  it("refuse an unknown customer or an invalid amount", async () => {
    for (const fields of [
      { customer: "Nobody", amount: "10" },
      { customer: "#11", amount: "0" },
      { customer: "#11", amount: "-5" },
      { customer: "#11", amount: "1e9" },
      { customer: "#11", amount: "ten" },
    ]) {
      expect((await place(fields, script)).status).toBe(422);
    }
    expect(shop.orders.size).toBe(0);
  });

  it("refuse a form from another origin", async () => {
    const response = await place(
      { customer: "#11", amount: "10" },
      { origin: "http://evil.example" },
    );
    expect(response.status).toBe(403);
    expect(shop.orders.size).toBe(0);
  });

  it("work without scripts: a form is sent back to its page, and nowhere else", async () => {
    const fields = { customer: "#11", amount: "10" };
    const back = await place({ ...fields, return: `${home}/customers/11` });
    expect(back.status).toBe(303);
    expect(back.headers.get("location")).toBe(`${home}/customers/11`);
    const away = await place({ ...fields, return: "//evil.example/x" });
    expect(away.headers.get("location")).toBe(home);
  });

  it("delete a segment from its page", async () => {
    shop.segments.set("7", segment("7", "Gone", "number_of_orders > 1"));
    const response = await post(`${home}/customers/segments/7/delete`, {});
    expect(response.headers.get("location")).toBe(`${home}/customers/segments`);
    expect(shop.segments.size).toBe(0);
  });

  it("suggest customers for what was typed", async () => {
    const offered = await (await get(`${home}/simulation/customers?q=re`)).json();
    expect(offered).toEqual({ names: ["Bo Reed (#12)"] });
  });
});

function segment(id: string, name: string, query: string) {
  const at = store.clock.isoNow();
  return { id, name, query, creationDate: at, lastEditDate: at };
}
