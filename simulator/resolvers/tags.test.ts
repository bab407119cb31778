import { describe, expect, it } from "vitest";

import { askWith } from "#tests/simulator/ask.ts";
import { customer, order, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

const ask = askWith(["write_customers", "write_orders"]);

function open() {
  const store = sampleStore(new Date("2026-11-21T12:00:00Z"));
  const customers = [customer("7"), customer("8", { tags: ["CLV:High"] })];
  const orders = [
    order("1", {
      ...{ customerId: "7", processedAt: "2026-11-01T10:00:00Z", totalMinor: 1 },
      tags: ["Gift"],
    }),
  ];
  return { store, shop: shopOf({ customers, orders, store }) };
}

async function change(place: ReturnType<typeof open>, name: string, [id, tag]: [string, string]) {
  const mutation = `mutation { ${name}(id: "gid://shopify/${id}", tags: ["${tag}"]) { userErrors { message } } }`;
  return ask(place, mutation);
}

describe("a tag", () => {
  it("takes the case of an equal tag that the shop already has", async () => {
    const place = open();
    await change(place, "tagsAdd", ["Customer/7", "clv:high"]);
    await change(place, "tagsAdd", ["Customer/7", "buy:low"]);
    await change(place, "tagsAdd", ["Customer/8", "BUY:Low"]);
    const tags = [...place.shop.customers.values()].map((one) => one.tags);
    expect(tags).toEqual([
      ["buy:low", "CLV:High"],
      ["buy:low", "CLV:High"],
    ]);
    await change(place, "tagsRemove", ["Customer/7", "clv:HIGH"]);
    expect(place.shop.customers.get("7")?.tags).toEqual(["buy:low"]);
  });

  it("of an order is removed only in its exact case", async () => {
    const place = open();
    await change(place, "tagsRemove", ["Order/1", "gift"]);
    expect(place.shop.orders.get("1")?.tags).toEqual(["Gift"]);
    await change(place, "tagsRemove", ["Order/1", "Gift"]);
    expect(place.shop.orders.get("1")?.tags).toEqual([]);
  });

  it.each(["Segment/1", "Nonsense/1"])("cannot be added to a %s", async (id) => {
    const { errors } = await change(open(), "tagsAdd", [id, "a"]);
    expect(errors).toMatchObject([
      { message: "invalid id", extensions: { code: "RESOURCE_NOT_FOUND" } },
    ]);
  });
});
