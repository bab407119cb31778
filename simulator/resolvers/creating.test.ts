import { describe, expect, it } from "vitest";

import { controlPlane } from "#simulator/control/routes.ts";
import { type PlanName, plans } from "#simulator/plans.ts";
import { shopActions } from "#simulator/shop-actions.ts";
import type { ShopEvent } from "#simulator/state.ts";
import { askWith } from "#tests/simulator/ask.ts";
import { customer, order, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

const ask = askWith(["read_all_orders", "write_orders", "write_customers"]);

function open(plan: PlanName = "partner-development") {
  const store = sampleStore(new Date("2026-11-21T12:00:00Z"));
  const orders = [
    order("1", { customerId: "7", processedAt: "2026-11-01T10:00:00Z", totalMinor: 2000 }),
  ];
  const shop = shopOf({ customers: [customer("7"), customer("8")], orders, store });
  shop.plan = plans[plan];
  const events: ShopEvent[] = [];
  store.subscribe((event) => events.push(event));
  return { store, shop, events };
}

type Made = {
  order: Record<string, unknown> | null;
  userErrors: { field: string[] | null; message: string; code: string | null }[];
};
const price = (amount: string) => ({ shopMoney: { amount, currencyCode: "GBP" } });
const usual = {
  customer: { toAssociate: { id: "gid://shopify/Customer/7" } },
  lineItems: [
    { title: "Mug", quantity: 2, priceSet: price("12.50") },
    { title: "Tea", quantity: 1, priceSet: price("3.00") },
  ],
  processedAt: "2025-03-02T09:00:00Z",
  tags: ["seed run-1"],
};

async function make(place: ReturnType<typeof open>, parts: object = {}): Promise<Made> {
  const mutation = `mutation Make($order: OrderCreateOrderInput!) {
    orderCreate(order: $order) {
      order { id name test processedAt createdAt displayFinancialStatus tags customer { id email }
              currentTotalPriceSet { shopMoney { amount } } }
      userErrors { field message code }
    }
  }`;
  const { data, errors } = await ask(place, mutation, { order: { ...usual, ...parts } });
  expect(errors).toBeUndefined();
  return (data as { orderCreate: Made }).orderCreate;
}

describe("an order created by the API", () => {
  it("belongs to the customer at once, has the given date, and triggers webhooks", async () => {
    const place = open();
    const { order: made } = await make(place);
    expect(made).toMatchObject({
      name: "#1001",
      test: false,
      processedAt: "2025-03-02T09:00:00Z",
      createdAt: "2026-11-21T12:00:00Z",
      displayFinancialStatus: "PAID",
      tags: ["seed run-1"],
      customer: { id: "gid://shopify/Customer/7" },
      currentTotalPriceSet: { shopMoney: { amount: "28.0" } },
    });
    expect(place.shop.ordersByCustomer.get("7")).toHaveLength(2);
    expect(place.events.map(({ topic }) => topic)).toEqual(
      expect.arrayContaining(["orders/create", "orders/paid", "customers/update"]) as string[],
    );
  });

  it("can create its customer, who is found by the e-mail address the next time", async () => {
    const place = open();
    const person = { email: "Nova@example.com", firstName: "Nova", lastName: "Fernhill" };
    const first = await make(place, { customer: { toUpsert: person } });
    const second = await make(place, { customer: { toUpsert: person } });
    expect(second.order?.customer).toEqual(first.order?.customer);
    expect(first.order?.customer).toMatchObject({ email: "nova@example.com" });
    expect(place.shop.customers.size).toBe(3);
    const nobody = await make(place, { customer: null, email: "guest@example.com" });
    expect(nobody.order?.customer).toBeNull();
  });

  it.each([
    [{ processedAt: "2026-11-21T12:00:01Z" }, "PROCESSED_AT_INVALID"],
    [{ customerId: "gid://shopify/Customer/7" }, "REDUNDANT_CUSTOMER_FIELDS"],
    [{ lineItems: [] }, "INVALID"],
    [{ lineItems: [{ quantity: 1 }] }, "INVALID"],
    [{ customer: { toAssociate: { id: "gid://shopify/Customer/99" } } }, "INVALID"],
  ])("is refused with %j", async (parts, code) => {
    const place = open();
    const { order: made, userErrors } = await make(place, parts);
    expect(made).toBeNull();
    expect(userErrors).toMatchObject([{ code }]);
    expect(place.shop.orders.size).toBe(1);
  });

  it("fails for fields that the simulator does not implement", async () => {
    const mutation = `mutation Make($order: OrderCreateOrderInput!) {
      orderCreate(order: $order) { order { id } } }`;
    for (const parts of [
      { poNumber: "1" },
      { currency: "EUR" },
      { lineItems: [{ quantity: 1, title: "A", variantId: "gid://shopify/ProductVariant/1" }] },
    ]) {
      const { errors } = await ask(open(), mutation, { order: { ...usual, ...parts } });
      expect(errors).toMatchObject([{ extensions: { code: "SIMULATOR_NOT_IMPLEMENTED" } }]);
    }
  });

  it("needs its own scope", async () => {
    const mutation = `mutation Make($order: OrderCreateOrderInput!) {
      orderCreate(order: $order) { order { id } } }`;
    const reading = askWith(["read_orders", "write_customers"]);
    const { errors } = await reading(open(), mutation, { order: usual });
    expect(errors).toMatchObject([{ extensions: { code: "ACCESS_DENIED" } }]);
  });
});

describe("a development store", () => {
  it("reports that it is one, and accepts five orders a minute", async () => {
    const place = open();
    const plan = "{ shop { plan { partnerDevelopment publicDisplayName shopifyPlus } } }";
    expect((await ask(place, plan)).data).toEqual({
      shop: {
        plan: { partnerDevelopment: true, publicDisplayName: "Development", shopifyPlus: false },
      },
    });
    const outcomes = async (count: number) => {
      const made: boolean[] = [];
      for (let at = 0; at < count; at += 1) made.push((await make(place)).order !== null);
      return made;
    };
    expect(await outcomes(6)).toEqual([true, true, true, true, true, false]);
    place.store.clock.advance(30_000);
    expect((await make(place)).userErrors).toEqual([
      { field: null, message: "Too many attempts. Please try again later.", code: null },
    ]);
    place.store.clock.advance(30_000);
    expect(await outcomes(5)).toEqual([true, true, true, true, true]);
  });

  it("is the only store with that limit", async () => {
    const place = open("standard");
    for (let at = 0; at < 7; at += 1) expect((await make(place)).userErrors).toEqual([]);
  });

  it.each([
    ["partner-development", undefined, true],
    ["partner-development", false, false],
    ["standard", undefined, false],
  ] as const)("has test orders for checkouts: %s, %s", async (plan, test, expected) => {
    const { store, shop } = open(plan);
    const request = new Request("http://127.0.0.1/__simulator/orders", {
      method: "POST",
      body: JSON.stringify({ shop: "sample", customerId: "7", amount: 5, test }),
    });
    await controlPlane({ store, reset: () => Promise.resolve() }).fetch(request);
    expect([...shop.orders.values()].at(-1)?.test).toBe(expected);
    const placed = shopActions(store).placeOrder(shop, { customerId: "7", amountMinor: 1 });
    expect(placed.test).toBe(plan === "partner-development");
  });
});

describe("created orders and customers", () => {
  const remove = (mutation: string) => `mutation { ${mutation} { userErrors { field message } } }`;

  it("can be deleted: orders, and then their customers", async () => {
    const place = open();
    const id = String((await make(place)).order?.id);
    const whose = 'customerDelete(input: { id: "gid://shopify/Customer/7" })';
    const blocked = await ask(place, remove(whose));
    expect(blocked.data).toEqual({
      customerDelete: {
        userErrors: [
          {
            field: ["id"],
            message: "Customer can’t be deleted because they have associated orders",
          },
        ],
      },
    });
    const orders = ["gid://shopify/Order/1", id];
    for (const orderId of orders) {
      const { data } = await ask(
        place,
        `mutation { orderDelete(orderId: "${orderId}") { deletedId } }`,
      );
      expect(data).toEqual({ orderDelete: { deletedId: orderId } });
    }
    const { data } = await ask(place, `mutation { ${whose} { deletedCustomerId } }`);
    expect(data).toEqual({ customerDelete: { deletedCustomerId: "gid://shopify/Customer/7" } });
    expect([...place.shop.customers.keys()]).toEqual(["8"]);
    expect(place.shop.orders.size).toBe(0);
    const topics = place.events.map(({ topic }) => topic);
    expect(topics.filter((topic) => topic === "orders/delete")).toHaveLength(2);
    expect(topics.at(-1)).toBe("customers/delete");
  });

  it("cannot be deleted twice", async () => {
    const place = open();
    const gone = await ask(
      place,
      `mutation {
        orderDelete(orderId: "gid://shopify/Order/9") { deletedId userErrors { field code } }
        customerDelete(input: { id: "gid://shopify/Customer/9" }) { deletedCustomerId userErrors { field } }
      }`,
    );
    expect(gone.data).toEqual({
      orderDelete: { deletedId: null, userErrors: [{ field: ["orderId"], code: "NOT_FOUND" }] },
      customerDelete: { deletedCustomerId: null, userErrors: [{ field: ["id"] }] },
    });
  });
});
