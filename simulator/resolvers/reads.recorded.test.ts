import { describe, expect, it } from "vitest";

import type { SimCustomer, SimOrder } from "#simulator/state.ts";
import { type Exchange, readUpstream, replayIn } from "#tests/simulator/replay.ts";
import { customer, order, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

type Node = {
  id: string;
  name?: string;
  displayName?: string;
  email?: string;
  createdAt?: string;
  updatedAt?: string;
  tags?: string[];
};

/** Every node of a recorded response once, with all its fields merged. */
function nodesIn(value: unknown, found = new Map<string, Node>()): Map<string, Node> {
  if (typeof value !== "object" || value === null) return found;
  if ("id" in value && typeof value.id === "string") {
    found.set(value.id, { ...found.get(value.id), ...value, id: value.id });
  }
  for (const inner of Object.values(value)) nodesIn(inner, found);
  return found;
}

const numberOf = ({ id }: Node) => id.split("/").at(-1) ?? "";
const mergedNodes = (exchanges: readonly Exchange[]) => [
  ...nodesIn(exchanges.map(({ answer }) => answer.data)).values(),
];

/** Without the fields that the simulator does not have: they are omitted on both sides. */
function without(fields: RegExp, exchanges: readonly Exchange[]): Exchange[] {
  const key = new RegExp(`^(${fields.source})$`);
  return exchanges.map((exchange) => ({
    ...exchange,
    query: exchange.query.replaceAll(new RegExp(`^ *(${fields.source})( \\{[^}]*\\})?$`, "gm"), ""),
    answer: JSON.parse(
      JSON.stringify(exchange.answer, (name, value: unknown) =>
        key.test(name) ? undefined : value,
      ),
    ) as Exchange["answer"],
  }));
}

function namedAs({ displayName = "", email }: Node): Partial<SimCustomer> {
  // A customer without a name is shown by the e-mail address.
  if (displayName.includes("@")) return { firstName: "", lastName: "", email: displayName };
  const [firstName = "", lastName = ""] = displayName.split(" ");
  return { firstName, lastName, email: email ?? null };
}

async function expectAlike(
  exchanges: readonly Exchange[],
  contents: { customers: SimCustomer[]; orders: SimOrder[]; currency?: string },
) {
  const store = sampleStore(new Date("2026-07-03T12:26:58Z"));
  const shop = shopOf({ ...contents, store });
  shop.currency = contents.currency ?? shop.currency;
  for (const { name, expected, actual } of await replayIn({ store, shop }, exchanges)) {
    expect(actual, name).toEqual(expected);
  }
}

describe("recorded exchanges about customers", () => {
  const absent = /defaultPhoneNumber|defaultAddress/;

  it("has the recorded response for one customer", async () => {
    const exchanges = without(absent, readUpstream("customers-2025-01/customer-detail.json"));
    const [recorded] = mergedNodes(exchanges);
    const { createdAt = "", updatedAt = "" } = recorded!;
    const one = customer(numberOf(recorded!), { ...namedAs(recorded!), createdAt, updatedAt });
    const spent = [1_188_490 - 12 * 1000, ...Array<number>(12).fill(1000)];
    const orders = spent.map((totalMinor, at) =>
      order(String(at + 1), { customerId: one.id, processedAt: updatedAt, totalMinor }),
    );
    await expectAlike(exchanges, { customers: [one], orders, currency: "CAD" });
  });

  it("has the recorded response for a search, the last updated first", async () => {
    const exchanges = without(absent, readUpstream("customers-2025-01/customers-search.json"));
    const customers = mergedNodes(exchanges).map((node) =>
      customer(numberOf(node), { ...namedAs(node), updatedAt: node.updatedAt ?? "" }),
    );
    // The recording has another page.
    const earlier = customer("1", { updatedAt: "2026-01-01T00:00:00Z" });
    await expectAlike(exchanges, { customers: [earlier, ...customers], orders: [] });
  });

  it("has the recorded response in the order of names and ids", async () => {
    const [recorded] = without(absent, readUpstream("customers-2025-01/customers-sort-keys.json"));
    const { query, answer } = recorded!;
    // Places are those of addresses, which the simulator does not have.
    const { locationOrder, ...data } = answer.data as Record<string, unknown>;
    expect(locationOrder).toBeDefined();
    const asked = `${query.slice(0, query.indexOf("locationOrder"))}}`;
    const exchanges = [{ ...recorded!, query: asked, answer: { ...answer, data } }];
    const customers = mergedNodes(exchanges).map((node) =>
      customer(numberOf(node), { ...namedAs(node), country: null }),
    );
    await expectAlike(exchanges, { customers, orders: [] });
  });
});

describe("recorded exchanges about orders", () => {
  it("has the recorded response for pages, searches and counts", async () => {
    const exchanges = without(
      /displayFulfillmentStatus/,
      readUpstream("orders-2026-04/order-catalog-count-read.json"),
    );
    const nodes = mergedNodes(exchanges);
    const customers = nodes.map((node) => customer(numberOf(node), { email: node.email ?? null }));
    const orders = nodes.map((node) =>
      order(numberOf(node), {
        name: node.name ?? "",
        customerId: numberOf(node),
        createdAt: node.createdAt ?? "2026-07-01T00:00:00Z",
        updatedAt: node.updatedAt ?? "2026-07-01T00:00:00Z",
        processedAt: node.createdAt ?? "2026-07-01T00:00:00Z",
        tags: node.tags ?? [],
        totalMinor: 5500,
      }),
    );
    await expectAlike(exchanges, { customers, orders, currency: "CAD" });
  });
});
