import { describe, expect, it } from "vitest";

import { shopActions } from "#simulator/shop-actions.ts";
import { ask } from "#tests/simulator/ask.ts";
import { customer, order, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

const store = () => sampleStore(new Date("2026-11-21T12:00:00Z"));

function open() {
  const own = store();
  const customers = [
    customer("3", { tags: ["vip"], updatedAt: "2026-11-02T00:00:00Z", lastName: "Ash" }),
    customer("1", { tags: ["Gold", "vip"], updatedAt: "2026-11-03T00:00:00Z", lastName: "Birch" }),
    customer("2", {
      updatedAt: "2026-11-01T00:00:00Z",
      lastName: "Cedar",
      emailMarketingState: "UNSUBSCRIBED",
    }),
  ];
  const orders = [
    order("11", { customerId: "1", processedAt: "2026-10-01T09:00:00Z", totalMinor: 1000 }),
    order("12", {
      customerId: "1",
      processedAt: "2026-10-05T09:00:00Z",
      totalMinor: 550,
      tags: ["gift"],
    }),
    order("13", {
      customerId: "3",
      processedAt: "2026-10-09T09:00:00Z",
      totalMinor: 700,
      test: true,
    }),
    order("14", {
      customerId: "3",
      processedAt: "2026-10-12T09:00:00Z",
      totalMinor: 900,
      cancelledAt: "2026-10-12T10:00:00Z",
      financialStatus: "VOIDED",
    }),
  ];
  return { store: own, shop: shopOf({ customers, orders, store: own }) };
}

type Listed = {
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
};

async function ids(root: "customers" | "orders", args: string): Promise<string[]> {
  const { data } = await ask(open(), `{ ${root}(first: 10, ${args}) { nodes { id } } }`);
  return (data as Record<string, Listed>)[root]!.nodes.map(({ id }) => id.split("/").at(-1)!);
}

describe("paging by the time of the last change", () => {
  const page = async (place: ReturnType<typeof open>, args: string) => {
    const list = `orders(first: 2, sortKey: UPDATED_AT, ${args})`;
    const { data } = await ask(place, `{ ${list} { nodes { id } pageInfo { endCursor } } }`);
    const { nodes, pageInfo } = (data as Record<string, Listed>).orders!;
    return { ids: nodes.map(({ id }) => id.split("/").at(-1)), cursor: pageInfo.endCursor };
  };

  it.each(["changed", "deleted"])(
    "continues where it was when the last item of a page is %s",
    async (how) => {
      const place = open();
      const first = await page(place, "reverse: false");
      expect(first.ids).toEqual(["11", "12"]);
      const actions = shopActions(place.store);
      if (how === "changed") actions.editOrder(place.shop, "12", 1);
      else actions.deleteOrder(place.shop, "12");
      const second = await page(place, `after: "${String(first.cursor)}"`);
      expect(second.ids).toEqual(["13", "14"]);
      const third = await page(place, `after: "${String(second.cursor)}"`);
      expect(third.ids).toEqual(how === "changed" ? ["12"] : []);
    },
  );
});

describe("customers", () => {
  it.each([
    ["sortKey: ID", ["1", "2", "3"]],
    ["sortKey: ID, reverse: true", ["3", "2", "1"]],
    ["sortKey: UPDATED_AT", ["2", "3", "1"]],
    ["sortKey: NAME", ["3", "1", "2"]],
    ['query: "tag:VIP"', ["1", "3"]],
    ['query: "tag:vip -tag:gold"', ["3"]],
    ['query: "tag:gold OR id:2"', ["1", "2"]],
    ['query: "orders_count:>=2"', ["1"]],
    ['query: "orders_count:0"', ["2"]],
    ['query: "updated_at:>=2026-11-02"', ["1", "3"]],
    ["query: \"updated_at:'2026-11-01T00:00:00Z'\"", ["2"]],
    ['query: "accepts_marketing:true (last_name:ash OR last_name:cedar)"', ["3"]],
    ['query: "birch"', ["1"]],
  ])("are listed with %s", async (args, expected) => {
    expect(await ids("customers", args)).toEqual(expected);
  });

  it("matches everything for an unknown search field, and says so", async () => {
    const { data, extensions } = await ask(
      open(),
      '{ customers(first: 5, query: "shoe_size:44") { nodes { id } } }',
    );
    expect((data as { customers: Listed }).customers.nodes.length).toBe(3);
    expect(extensions?.search).toMatchObject([
      { path: ["customers"], warnings: [{ field: "shoe_size", code: "invalid_field" }] },
    ]);
  });

  it("are paged forwards and backwards with opaque cursors", async () => {
    const place = open();
    const read = async (args: string) => {
      const page = `{ customers(${args}) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
      return ((await ask(place, page)).data as { customers: Listed }).customers;
    };
    const first = await read("first: 2");
    expect(first).toMatchObject({ pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const second = await read(`first: 2, after: "${first.pageInfo.endCursor ?? ""}"`);
    expect(second.nodes).toEqual([{ id: "gid://shopify/Customer/3" }]);
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const back = await read(`last: 1, before: "${second.pageInfo.endCursor ?? ""}"`);
    expect(back.nodes).toEqual([{ id: "gid://shopify/Customer/2" }]);
  });

  it("refuses pages beyond 250 and invalid cursors", async () => {
    const tooMany = await ask(open(), "{ customers(first: 251) { nodes { id } } }");
    expect(tooMany.errors).toMatchObject([{ extensions: { code: "BAD_REQUEST" } }]);
    const noCursor = await ask(open(), '{ customers(first: 1, after: "x") { nodes { id } } }');
    expect(noCursor.errors).toMatchObject([{ extensions: { code: "BAD_REQUEST" } }]);
  });

  it("are listed correctly after one was deleted and another order was added", async () => {
    const place = open();
    const all = "{ orders(first: 10, sortKey: ID) { nodes { id } } }";
    await ask(place, all);
    const actions = shopActions(place.store);
    actions.deleteOrder(place.shop, "11");
    const added = actions.placeOrder(place.shop, { customerId: "2", amountMinor: 100 });
    const { data } = await ask(place, all);
    const listed = (data as { orders: Listed }).orders.nodes.map(({ id }) => id.split("/").at(-1));
    expect(listed).toEqual(["12", "13", "14", added.id]);
  });

  it("count orders without test orders, and spend without cancelled ones", async () => {
    const { data } = await ask(
      open(),
      '{ nodes(ids: ["gid://shopify/Customer/1", "gid://shopify/Customer/3", "gid://shopify/Customer/9"]) { ... on Customer { numberOfOrders amountSpent { amount currencyCode } lastOrder { name } displayName } } }',
    );
    expect(data).toEqual({
      nodes: [
        {
          numberOfOrders: "2",
          amountSpent: { amount: "15.5", currencyCode: "GBP" },
          lastOrder: { name: "#12" },
          displayName: "Alba Birch",
        },
        {
          numberOfOrders: "1",
          amountSpent: { amount: "0.0", currencyCode: "GBP" },
          lastOrder: { name: "#14" },
          displayName: "Alba Ash",
        },
        null,
      ],
    });
  });
});

describe("orders", () => {
  it.each([
    ["sortKey: PROCESSED_AT, reverse: true", ["14", "13", "12", "11"]],
    ['query: "processed_at:>2026-10-05"', ["13", "14"]],
    ['query: "created_at:<=2026-10-05"', ["11", "12"]],
    ['query: "customer_id:1 tag:gift"', ["12"]],
    ['query: "test:true"', ["13"]],
    ['query: "financial_status:paid test:false"', ["11", "12"]],
    ['query: "status:cancelled"', ["14"]],
    ['query: "name:12"', ["12"]],
    ['query: "id:>12"', ["13", "14"]],
  ])("are listed with %s", async (args, expected) => {
    expect(await ids("orders", args)).toEqual(expected);
  });

  it("return what was charged, what remains after refunds, and what was received", async () => {
    const place = open();
    shopActions(place.store).refundOrder(place.shop, "11", 250);
    const { data } = await ask(
      place,
      `{ order(id: "gid://shopify/Order/11") {
        displayFinancialStatus
        totalPriceSet { shopMoney { amount } } currentTotalPriceSet { shopMoney { amount currencyCode } }
        totalReceivedSet { shopMoney { amount } } netPaymentSet { presentmentMoney { amount } }
        refunds { createdAt totalRefundedSet { shopMoney { amount } } }
      } }`,
    );
    expect(data).toEqual({
      order: {
        displayFinancialStatus: "PARTIALLY_REFUNDED",
        totalPriceSet: { shopMoney: { amount: "10.0" } },
        currentTotalPriceSet: { shopMoney: { amount: "7.5", currencyCode: "GBP" } },
        totalReceivedSet: { shopMoney: { amount: "10.0" } },
        netPaymentSet: { presentmentMoney: { amount: "7.5" } },
        refunds: [
          { createdAt: "2026-11-21T12:00:00Z", totalRefundedSet: { shopMoney: { amount: "2.5" } } },
        ],
      },
    });
  });
});
