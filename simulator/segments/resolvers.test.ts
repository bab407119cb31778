import { beforeEach, describe, expect, it } from "vitest";

import type { ShopEvent } from "#simulator/state.ts";
import { ask, type Place } from "#tests/simulator/ask.ts";
import {
  customer,
  define,
  giveMetafield,
  order,
  sampleStore,
  shopOf,
} from "#tests/simulator/sample-shop.ts";

const now = new Date("2026-11-21T12:00:00Z");
let place: Place;
let events: ShopEvent[];

beforeEach(() => {
  const store = sampleStore(now);
  const customers = Array.from({ length: 5 }, (_, at) =>
    customer(String(at + 1), { tags: at < 3 ? ["clv:high"] : [] }),
  );
  const orders = [
    order("10", { customerId: "2", processedAt: "2026-11-01T10:00:00Z", totalMinor: 5000 }),
    order("11", { customerId: "2", processedAt: "2026-11-20T23:30:00Z", totalMinor: 1050 }),
    order("12", { customerId: "3", processedAt: "2026-10-01T10:00:00Z", totalMinor: 3000 }),
  ];
  const shop = shopOf({ customers, orders, store });
  define(shop, { key: "tier", type: "single_line_text_field" });
  giveMetafield(customers[0]!, "encore.tier", "high");
  place = { store, shop };
  events = [];
  store.subscribe((event) => events.push(event));
});

const create = `mutation Create($name: String!, $query: String!) {
  segmentCreate(name: $name, query: $query) {
    segment { id name query creationDate lastEditDate }
    userErrors { field message }
  }
}`;

type Created = { segment: { id: string; name: string } | null; userErrors: unknown[] };

async function createSegment(name: string, query = "customer_tags CONTAINS 'clv:high'") {
  const { data } = await ask(place, create, { name, query });
  return (data as { segmentCreate: Created }).segmentCreate;
}

const membersOf = `query Members(
  $segmentId: ID, $query: String, $queryId: ID, $first: Int, $last: Int, $after: String, $before: String,
  $sortKey: String, $reverse: Boolean, $timezone: String
) {
  customerSegmentMembers(
    segmentId: $segmentId, query: $query, queryId: $queryId, first: $first, last: $last, after: $after,
    before: $before, sortKey: $sortKey, reverse: $reverse, timezone: $timezone
  ) {
    totalCount
    statistics { amountSpent: attributeStatistics(attributeName: "amount_spent") { average sum } }
    edges { cursor node {
      id displayName numberOfOrders amountSpent { amount currencyCode } lastOrderId
      defaultEmailAddress { emailAddress marketingState }
    } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

type Members = {
  totalCount: number;
  statistics: { amountSpent: { average: number; sum: number } };
  edges: { cursor: string; node: { id: string } & Record<string, unknown> }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
};

async function members(variables: Record<string, unknown>): Promise<Members> {
  const answer = await ask(place, membersOf, variables);
  expect(answer.errors).toBeUndefined();
  return (answer.data as { customerSegmentMembers: Members }).customerSegmentMembers;
}

const numbers = (found: Members) =>
  found.edges.map(({ node }) => node.id.split("/").at(-1)).join("");

describe("segments", () => {
  it("get the next free name if theirs is taken, and keep it when they are edited", async () => {
    expect((await createSegment("VIP")).segment?.name).toBe("VIP");
    const second = (await createSegment("VIP")).segment;
    expect(second?.name).toBe("VIP (2)");
    expect((await createSegment(" VIP ")).segment?.name).toBe("VIP (3)");
    const update = `mutation($id: ID!, $name: String) {
      segmentUpdate(id: $id, name: $name) { segment { name } userErrors { message } }
    }`;
    const kept = await ask(place, update, { id: second?.id, name: "VIP (2)" });
    expect(kept.data).toMatchObject({ segmentUpdate: { segment: { name: "VIP (2)" } } });
    const moved = await ask(place, update, { id: second?.id, name: "VIP" });
    expect(moved.data).toMatchObject({ segmentUpdate: { segment: { name: "VIP (2)" } } });
  });

  it("refuse a name that cannot be made free within its length", async () => {
    const long = "x".repeat(255);
    await createSegment(long);
    expect(await createSegment(long)).toEqual({
      segment: null,
      userErrors: [{ field: ["name"], message: "Name has already been taken" }],
    });
  });

  it("refuse a metafield without a definition, and accept a filterable one", async () => {
    expect((await createSegment("a", "metafields.encore.nothing = 'x'")).userErrors).toEqual([
      {
        field: ["query"],
        message: "Query Line 1 Column 0: 'metafields.encore.nothing' filter cannot be found.",
      },
    ]);
    const { segment } = await createSegment("b", "metafields.encore.tier = 'high'");
    expect(numbers(await members({ segmentId: segment?.id, first: 10 }))).toBe("1");
  });

  it("are paged, found by name and counted", async () => {
    for (const name of ["Alpha", "Beta", "Encore: High"]) await createSegment(name);
    const list = `query($first: Int, $after: String, $query: String, $reverse: Boolean) {
      segments(first: $first, after: $after, query: $query, reverse: $reverse) {
        nodes { name } pageInfo { hasNextPage endCursor }
      }
      segmentsCount { count precision }
    }`;
    const first = await ask(place, list, { first: 2 });
    expect(first.data).toMatchObject({
      segments: { nodes: [{ name: "Alpha" }, { name: "Beta" }], pageInfo: { hasNextPage: true } },
      segmentsCount: { count: 3, precision: "EXACT" },
    });
    const after = (first.data as { segments: { pageInfo: { endCursor: string } } }).segments
      .pageInfo.endCursor;
    const rest = await ask(place, list, { first: 2, after });
    expect(rest.data).toMatchObject({
      segments: { nodes: [{ name: "Encore: High" }], pageInfo: { hasNextPage: false } },
    });
    const named = await ask(place, list, { first: 5, query: 'name:"Encore: High"' });
    expect(named.data).toMatchObject({ segments: { nodes: [{ name: "Encore: High" }] } });
    const newest = await ask(place, list, { first: 1, reverse: true });
    expect(newest.data).toMatchObject({ segments: { nodes: [{ name: "Encore: High" }] } });
  });

  it("send webhooks", async () => {
    const { segment } = await createSegment("VIP");
    await ask(place, "mutation($id: ID!) { segmentDelete(id: $id) { deletedSegmentId } }", {
      id: segment?.id,
    });
    expect(events.map((event) => event.topic)).toEqual(["segments/create", "segments/delete"]);
    expect(events[0]?.body()).toMatchObject({
      name: "VIP",
      creationDate: "2026-11-21T12:00:00.000Z",
    });
  });

  it("have filters, the first two as recorded", async () => {
    const answer = await ask(
      place,
      "{ segmentFilters(first: 2) { nodes { queryName localizedName multiValue } } }",
    );
    expect(answer.data).toEqual({
      segmentFilters: {
        nodes: [
          { queryName: "customer_tags", localizedName: "Customer tags", multiValue: true },
          { queryName: "orders_placed", localizedName: "Orders placed", multiValue: false },
        ],
      },
    });
  });
});

describe("the members of a segment", () => {
  it("are paged, forwards and backwards, with totals of all members", async () => {
    const { segment } = await createSegment("VIP");
    const one = await members({ segmentId: segment?.id, first: 2 });
    expect(numbers(one)).toBe("12");
    expect(one).toMatchObject({
      totalCount: 3,
      statistics: { amountSpent: { sum: 90.5, average: 90.5 / 3 } },
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
    const two = await members({ segmentId: segment?.id, first: 2, after: one.pageInfo.endCursor });
    expect(numbers(two)).toBe("3");
    expect(two.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const back = await members({ segmentId: segment?.id, last: 2, before: two.edges[0]?.cursor });
    expect(numbers(back)).toBe("12");
  });

  it("have the fields of their customers", async () => {
    const { edges } = await members({ query: "number_of_orders = 2", first: 10 });
    expect(edges.map(({ node }) => node)).toEqual([
      {
        id: "gid://shopify/CustomerSegmentMember/2",
        displayName: "Alba Rowanfield",
        numberOfOrders: "2",
        amountSpent: { amount: "60.5", currencyCode: "GBP" },
        lastOrderId: "gid://shopify/Order/11",
        defaultEmailAddress: { emailAddress: "alba.2@example.com", marketingState: "SUBSCRIBED" },
      },
    ]);
  });

  it("are sorted by the given key, those without a value first", async () => {
    const sorted = async (sortKey: string, reverse: boolean) =>
      numbers(await members({ query: "customer_tags IS NOT NULL", first: 9, sortKey, reverse }));
    expect(await sorted("amount_spent", false)).toBe("132");
    expect(await sorted("amount_spent", true)).toBe("231");
    expect(await sorted("last_order_date", false)).toBe("132");
    const wrong = await ask(place, membersOf, {
      query: "amount_spent > 1",
      first: 1,
      sortKey: "x",
    });
    expect(wrong.errors).toMatchObject([{ extensions: { code: "BAD_REQUEST" } }]);
  });

  it("use days in UTC unless a zone is given, as the schema says", async () => {
    const yesterday = { query: "last_order_date = yesterday", first: 9 };
    expect(numbers(await members(yesterday))).toBe("2");
    expect(numbers(await members({ ...yesterday, timezone: "Asia/Tokyo" }))).toBe("");
  });

  it("can be up to a thousand a page, not more", async () => {
    expect((await members({ query: "customer_tags IS NULL", first: 1000 })).totalCount).toBe(2);
    const wrong = await ask(place, membersOf, { query: "customer_tags IS NULL", first: 1001 });
    expect(wrong.errors).toHaveLength(1);
  });

  it("require exactly one of a segment, a query and a job", async () => {
    for (const variables of [
      {},
      { query: "amount_spent > 1", segmentId: "gid://shopify/Segment/1" },
    ]) {
      const wrong = await ask(place, membersOf, { ...variables, first: 1 });
      expect(wrong.errors).toMatchObject([{ extensions: { code: "BAD_REQUEST" } }]);
    }
    const unreadable = await ask(place, membersOf, { query: "nonsense", first: 1 });
    expect(unreadable.errors).toMatchObject([
      { message: "Line 1 Column 8: '<EOF>' is unexpected." },
    ]);
  });

  it("are returned by a finished job, in its order and as they were then", async () => {
    const start = `mutation($input: CustomerSegmentMembersQueryInput!) {
      customerSegmentMembersQueryCreate(input: $input) {
        customerSegmentMembersQuery { id currentCount done } userErrors { message }
      }
    }`;
    const input = {
      query: "customer_tags CONTAINS 'clv:high'",
      sortKey: "amount_spent",
      reverse: true,
    };
    const { data } = await ask(place, start, { input });
    const job = (
      data as { customerSegmentMembersQueryCreate: { customerSegmentMembersQuery: { id: string } } }
    ).customerSegmentMembersQueryCreate.customerSegmentMembersQuery;
    expect(job).toMatchObject({ currentCount: 0, done: false });
    const look = "query($id: ID!) { customerSegmentMembersQuery(id: $id) { currentCount done } }";
    place.store.clock.advance(1000);
    expect((await ask(place, look, { id: job.id })).data).toEqual({
      customerSegmentMembersQuery: { currentCount: 3, done: true },
    });
    place.shop.customers.get("1")!.tags = [];
    expect(numbers(await members({ queryId: job.id, first: 10 }))).toBe("231");
  });

  it("can be tested one by one, only for segments that exist", async () => {
    const { segment } = await createSegment("VIP");
    const query = `query($customerId: ID!, $segmentIds: [ID!]!) {
      customerSegmentMembership(customerId: $customerId, segmentIds: $segmentIds) {
        memberships { segmentId isMember }
      }
    }`;
    const segmentIds = [segment?.id, "gid://shopify/Segment/1"];
    const isMember = async (id: string) =>
      (await ask(place, query, { customerId: `gid://shopify/Customer/${id}`, segmentIds })).data;
    expect(await isMember("1")).toEqual({
      customerSegmentMembership: { memberships: [{ segmentId: segment?.id, isMember: true }] },
    });
    expect(await isMember("5")).toMatchObject({
      customerSegmentMembership: { memberships: [{ isMember: false }] },
    });
  });
});
