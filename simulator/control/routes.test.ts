import { describe, expect, it } from "vitest";

import { controlPlane } from "#simulator/control/routes.ts";
import type { ShopEvent } from "#simulator/state.ts";
import { ask } from "#tests/simulator/ask.ts";
import { customer, order, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

function open() {
  const store = sampleStore(new Date("2026-11-21T12:00:00Z"));
  const orders = [
    order("1", { customerId: "7", processedAt: "2026-11-01T10:00:00Z", totalMinor: 2000 }),
  ];
  const shop = shopOf({ customers: [customer("7"), customer("8")], orders, store });
  shop.installed = true;
  const events: ShopEvent[] = [];
  store.subscribe((event) => events.push(event));
  let resets = 0;
  const reset = () => {
    resets += 1;
    return Promise.resolve();
  };
  const send = async (method: string, path: string, body?: unknown) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await controlPlane({ store, reset }).request(`/__simulator/${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { store, shop, events, send, resets: () => resets };
}

const topics = (events: readonly ShopEvent[]) => events.map(({ topic }) => topic);

describe("the control plane", () => {
  it("garbles an order's amount, and restores it", async () => {
    const { store, shop, events, send } = open();
    const amount = async () => {
      const query = `{ order(id: "gid://shopify/Order/1") { currentTotalPriceSet { shopMoney { amount } } } }`;
      return JSON.stringify((await ask({ store, shop }, query)).data);
    };
    expect(await amount()).toContain('"20.0"');
    expect((await send("POST", "orders/1/garble", { shop: "sample" })).status).toBe(200);
    expect(await amount()).toContain('"garbled"');
    expect(topics(events)).toContain("orders/updated");
    await send("POST", "orders/1/garble", { shop: "sample", garbled: false });
    expect(await amount()).toContain('"20.0"');
  });

  it("places an order now, in major units, and sends the webhooks", async () => {
    const { store, shop, events, send } = open();
    const { status, body } = await send("POST", "orders", {
      shop: "sample",
      customerId: "7",
      amount: "12.50",
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: "#1001",
      customerId: "7",
      processedAt: "2026-11-21T12:00:00Z",
      currentTotalMinor: 1250,
      financialStatus: "PAID",
    });
    expect(topics(events)).toEqual([
      "customers/update",
      "orders/create",
      "orders/paid",
      "orders/updated",
    ]);
    const { data } = await ask(
      { store, shop },
      `{ customer(id: "gid://shopify/Customer/7") { numberOfOrders amountSpent { amount } lastOrder { name } } }`,
    );
    expect(data).toEqual({
      customer: {
        numberOfOrders: "2",
        amountSpent: { amount: "32.5" },
        lastOrder: { name: "#1001" },
      },
    });
  });

  it("refunds a part, then the rest", async () => {
    const { send, events } = open();
    const part = await send("POST", "orders/1/refund", { shop: "sample", amount: 5 });
    expect(part.body).toMatchObject({
      financialStatus: "PARTIALLY_REFUNDED",
      currentTotalMinor: 1500,
    });
    const rest = await send("POST", "orders/1/refund", { shop: "sample" });
    expect(rest.body).toMatchObject({ financialStatus: "REFUNDED", currentTotalMinor: 0 });
    expect(topics(events).filter((topic) => topic === "refunds/create").length).toBe(2);
    const more = await send("POST", "orders/1/refund", { shop: "sample" });
    expect(more.status).toBe(422);
  });

  it("cancels, edits and deletes orders", async () => {
    const { send, events, shop } = open();
    await send("POST", "orders/1/edit", { shop: "sample", amount: 15 });
    expect(shop.orders.get("1")).toMatchObject({
      originalTotalMinor: 2000,
      currentTotalMinor: 1500,
    });
    await send("POST", "orders/1/cancel", { shop: "sample" });
    expect(shop.orders.get("1")).toMatchObject({
      cancelledAt: "2026-11-21T12:00:00Z",
      currentTotalMinor: 0,
    });
    await send("POST", "orders/1/delete", { shop: "sample" });
    expect(shop.orders.size).toBe(0);
    expect(shop.ordersByCustomer.get("7")).toEqual([]);
    expect(topics(events)).toEqual(
      expect.arrayContaining([
        "orders/edited",
        "orders/cancelled",
        "refunds/create",
        "orders/delete",
      ]) as string[],
    );
  });

  it("merges a customer into another, orders and all", async () => {
    const { send, events, shop } = open();
    shop.customers.get("7")!.tags = ["clv:high", "friend"];
    shop.customers.get("8")!.tags = ["CLV:High", "buy:low"];
    const before = shop.orders.get("1")?.updatedAt;
    await send("POST", "customers/7/merge", { shop: "sample", into: "8" });
    expect([...shop.customers.keys()]).toEqual(["8"]);
    expect(shop.orders.get("1")).toMatchObject({ customerId: "8", updatedAt: before });
    expect(shop.customers.get("8")?.tags).toEqual(["buy:low", "CLV:High", "friend"]);
    const [merged] = events;
    expect(merged?.topic).toBe("customers/merge");
    expect(merged?.body()).toMatchObject({
      admin_graphql_api_customer_kept_id: "gid://shopify/Customer/8",
      admin_graphql_api_customer_deleted_id: "gid://shopify/Customer/7",
      status: "completed",
    });
  });

  it("deletes a customer, but none with orders", async () => {
    const { send, events, shop } = open();
    await send("POST", "customers/8/delete", { shop: "sample" });
    expect(topics(events)).toEqual(["customers/delete"]);
    expect((await send("POST", "customers/7/delete", { shop: "sample" })).status).toBe(422);
    expect([...shop.customers.keys()]).toEqual(["7"]);
  });

  it("changes the shop's name, currency and time zone", async () => {
    const { send, events, shop } = open();
    const body = { shop: "sample", timeZone: "Asia/Tokyo", name: "Renamed" };
    expect((await send("POST", "shop", body)).body).toEqual({
      name: "Renamed",
      currency: "GBP",
      timeZone: "Asia/Tokyo",
    });
    expect(topics(events)).toEqual(["shop/update"]);
    expect(events[0]?.body()).toMatchObject({ iana_timezone: "Asia/Tokyo", currency: "GBP" });
    expect((await send("POST", "shop", { ...body, timeZone: "Moon/Far" })).status).toBe(422);
    expect(shop.timeZone).toBe("Asia/Tokyo");
  });

  it("advances the clock by days", async () => {
    const { send } = open();
    const { body } = await send("POST", "clock", { advanceDays: 7 });
    expect(body).toEqual({ now: "2026-11-28T12:00:00Z" });
  });

  it("changes the app's scopes, uninstalls it and sends privacy topics", async () => {
    const { send, events, shop } = open();
    await send("POST", "scopes", { scopes: ["read_orders"] });
    await send("POST", "webhooks", {
      shop: "sample",
      topic: "customers/redact",
      body: { shop_id: 1 },
    });
    await send("POST", "uninstall", { shop: "sample" });
    expect(topics(events)).toEqual(["app/scopes_update", "customers/redact", "app/uninstalled"]);
    expect(events[0]?.body()).toMatchObject({ current: ["read_orders"] });
    expect(shop.installed).toBe(false);
  });

  it("shows the state in counts, without data of single customers", async () => {
    const { send } = open();
    const { body } = await send("GET", "state?shop=sample");
    expect(body).toMatchObject({
      shops: [{ domain: "sample.myshopify.com", customers: 2, orders: 1 }],
    });
    expect(JSON.stringify(body)).not.toContain("@example.com");
  });

  it("creates a customer, who can be deleted again", async () => {
    const { shop, events, send } = open();
    const person = { firstName: "Elif", lastName: "Mossford", email: "elif@example.com" };
    const { body } = await send("POST", "customers", { shop: "sample", ...person });
    expect(shop.customers.get(String(body.id))).toMatchObject({ ...person, tags: [] });
    expect(topics(events)).toEqual(["customers/create"]);
    expect(
      (await send("POST", `customers/${String(body.id)}/delete`, { shop: "sample" })).status,
    ).toBe(200);
  });

  it("copies a shop, which is then independent", async () => {
    const { store, shop, send } = open();
    const { body } = await send("POST", "shops/sample/copy", { as: "twin" });
    expect(body).toEqual({ domain: "twin.myshopify.com" });
    const twin = store.shops.get("twin.myshopify.com")!;
    expect(twin.customers).toEqual(shop.customers);
    expect(twin.orders).toEqual(shop.orders);
    expect(twin.installed).toBe(false);
    await send("POST", "orders/1/cancel", { shop: "sample" });
    expect(twin.orders.get("1")).toMatchObject({ cancelledAt: null, currentTotalMinor: 2000 });
    expect((await send("POST", "shops/sample/copy", { as: "twin" })).status).toBe(422);
  });

  it("resets the shops", async () => {
    const { send, resets } = open();
    await send("POST", "reset");
    expect(resets()).toBe(1);
  });

  it("says what is wrong with a request", async () => {
    const { send } = open();
    expect(await send("POST", "orders", { shop: "nowhere", amount: 1 })).toEqual({
      status: 422,
      body: { error: "No shop nowhere" },
    });
    expect((await send("POST", "faults", { earthquake: 1 })).status).toBe(422);
    expect((await send("POST", "weather")).status).toBe(404);
  });
});
