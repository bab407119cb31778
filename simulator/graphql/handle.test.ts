import { describe, expect, it } from "vitest";

import { impliedScopes } from "#simulator/graphql/access.ts";
import { Executor } from "#simulator/graphql/execute.ts";
import { type GraphqlResponse, handleGraphql } from "#simulator/graphql/handle.ts";
import { resolvers } from "#simulator/resolvers/all.ts";
import { customer, order, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

const executor = new Executor(resolvers);
const all = ["read_orders", "read_all_orders", "write_customers"];

type Cost = {
  requestedQueryCost: number;
  actualQueryCost: number | null;
  throttleStatus: { maximumAvailable: number; currentlyAvailable: number; restoreRate: number };
};

function open(scopes: readonly string[] = all) {
  const store = sampleStore(new Date("2026-11-21T12:00:00Z"));
  const customers = Array.from({ length: 300 }, (_, index) => customer(String(index + 1)));
  const orders = [
    order("1", { customerId: "1", processedAt: "2025-01-05T10:00:00Z", totalMinor: 1000 }),
    order("2", { customerId: "1", processedAt: "2026-11-01T10:00:00Z", totalMinor: 2550 }),
  ];
  const shop = shopOf({ customers, orders, store });
  const send = (query: string, variables: Record<string, unknown> = {}): Promise<GraphqlResponse> =>
    handleGraphql(
      executor,
      { query, variables, operationName: undefined },
      { store, shop, scopes: impliedScopes(scopes), searchNotes: [] },
    );
  return { store, shop, send };
}

const costOf = (answer: GraphqlResponse) => answer.extensions?.cost as Cost;

describe("the cost of a request", () => {
  it.each([
    [1, 3],
    [2, 4],
    [5, 5],
    [10, 7],
    [50, 9],
    [250, 13],
  ])("is as recorded for a page of %i customers: %i", async (first, cost) => {
    const { send } = open();
    const answer = await send(
      "query Q($first: Int!) { customers(first: $first) { nodes { id } } }",
      { first },
    );
    expect(costOf(answer)).toMatchObject({ requestedQueryCost: cost, actualQueryCost: cost });
  });

  it.each([
    [
      "a mutation",
      `mutation { tagsAdd(id: "gid://shopify/Customer/1", tags: ["a"]) { node { id } userErrors { message } } }`,
      10,
    ],
    [
      "nested fields of a payload",
      `mutation { stagedUploadsCreate(input: []) { stagedTargets { parameters { name } } } }`,
      11,
    ],
    ["one object", "{ shop { name } }", 1],
    ["a count", "{ customersCount { count } }", 10],
  ])("is as recorded for %s", async (_, query, cost) => {
    const { send } = open();
    expect(costOf(await send(query)).requestedQueryCost).toBe(cost);
  });

  it("refunds what was reserved and not used", async () => {
    const { send } = open();
    const answer = await send(`{ customers(first: 250, query: "tag:nobody") { nodes { id } } }`);
    expect(costOf(answer)).toMatchObject({
      requestedQueryCost: 13,
      actualQueryCost: 2,
      throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 1998, restoreRate: 100 },
    });
  });
});

describe("the throttle", () => {
  const dear = "{ customers(first: 250) { nodes { metafields(first: 250) { nodes { id } } } } }";

  it("answers 200, THROTTLED and no data once the bucket is empty, and refills with time", async () => {
    const { store, shop, send } = open();
    shop.throttle.available = 12;
    const page = "{ customers(first: 250) { nodes { id } } }";
    const refused = await send(page);
    expect(refused).not.toHaveProperty("data");
    expect(refused.errors).toEqual([
      {
        message: "Throttled",
        extensions: {
          code: "THROTTLED",
          documentation: "https://shopify.dev/api/usage/rate-limits",
        },
      },
    ]);
    expect(costOf(refused)).toMatchObject({
      requestedQueryCost: 13,
      actualQueryCost: null,
      throttleStatus: { currentlyAvailable: 12 },
    });
    store.clock.advance(20);
    expect(await send(page)).toHaveProperty("data");
  });

  it("refuses a single request above a thousand points, however full the bucket", async () => {
    const { send } = open();
    const nested = dear.replace(
      "{ id }",
      "{ id definition { metafields(first: 250) { nodes { id } } } }",
    );
    const refused = await send(nested);
    expect(refused.errors).toMatchObject([{ extensions: { code: "MAX_COST_EXCEEDED" } }]);
    expect(costOf(refused).throttleStatus.currentlyAvailable).toBe(2000);
  });

  it("throttles when that fault is set", async () => {
    const { store, send } = open();
    store.faults.plan({ throttle: { count: 1 } });
    expect((await send("{ shop { name } }")).errors).toMatchObject([{ message: "Throttled" }]);
    expect(await send("{ shop { name } }")).toMatchObject({ data: { shop: { name: "Sample" } } });
  });
});

describe("what a token may see", () => {
  it("is refused by field, in Shopify's format, where its scope is missing", async () => {
    const { send } = open(["read_orders"]);
    const { data, errors } = await send("{ shop { name } customersCount { count } }");
    expect(data).toMatchObject({ shop: { name: "Sample" }, customersCount: null });
    expect(errors).toEqual([
      {
        message:
          "Access denied for customersCount field. Required access: `read_customers` access scope.",
        locations: [{ line: 1, column: 17 }],
        path: ["customersCount"],
        extensions: {
          code: "ACCESS_DENIED",
          documentation: "https://shopify.dev/api/usage/access-scopes",
          requiredAccess: "`read_customers` access scope.",
        },
      },
    ]);
  });

  it("is refused below a permitted object, for lists of objects that are not permitted", async () => {
    const { send } = open(["read_customers"]);
    const { errors } = await send("{ customers(first: 1) { nodes { id lastOrder { id } } } }");
    expect(errors).toMatchObject([
      { path: ["customers", "nodes", 0, "lastOrder"], extensions: { code: "ACCESS_DENIED" } },
    ]);
  });

  it("can write with only the scope that writes to the owner", async () => {
    const { shop, send } = open(["read_customers"]);
    const add = `mutation { tagsAdd(id: "gid://shopify/Customer/1", tags: ["a"]) { node { id } userErrors { message } } }`;
    expect((await send(add)).errors).toMatchObject([{ extensions: { code: "ACCESS_DENIED" } }]);
    const set = `mutation { metafieldsSet(metafields: [{ ownerId: "gid://shopify/Customer/1", namespace: "encore", key: "clv_tier", type: "single_line_text_field", value: "high" }]) { userErrors { message } } }`;
    expect((await send(set)).errors).toMatchObject([{ extensions: { code: "ACCESS_DENIED" } }]);
    expect(shop.customers.get("1")).toMatchObject({ tags: [], metafields: new Map() });
  });

  const history =
    '{ orders(first: 5) { nodes { id } } ordersCount { count } customer(id: "gid://shopify/Customer/1") { orders(first: 5) { nodes { id } } } old: order(id: "gid://shopify/Order/1") { id } }';

  it("is only the orders of sixty days without read_all_orders", async () => {
    const recent = [{ id: "gid://shopify/Order/2" }];
    const { data } = await open(["read_orders", "read_customers"]).send(history);
    expect(data).toEqual({
      orders: { nodes: recent },
      ordersCount: { count: 1 },
      customer: { orders: { nodes: recent } },
      old: null,
    });
    const whole = await open().send(history);
    expect(whole.data).toMatchObject({
      ordersCount: { count: 2 },
      old: { id: "gid://shopify/Order/1" },
    });
  });

  it("leaves out protected data the app was not approved for", async () => {
    const { store, send } = open();
    store.settings.withheldData = new Set(["name"]);
    const { errors } = await send("{ customers(first: 1) { nodes { id firstName } } }");
    expect(errors).toMatchObject([
      { message: "This app is not approved to use the firstName field." },
    ]);
  });
});

describe("a field that the simulator does not implement", () => {
  it("fails loudly with a code of its own", async () => {
    const { send } = open();
    const { errors } = await send("{ customers(first: 1) { nodes { id image { url } } } }");
    expect(errors).toMatchObject([
      {
        message: "The simulator does not implement Customer.image.",
        extensions: { code: "SIMULATOR_NOT_IMPLEMENTED", typeName: "Customer", fieldName: "image" },
      },
    ]);
  });
});
