import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { readSegmentQueries } from "#app/shopify/resources/segments.server.ts";
import { metafieldDefinitions } from "#app/writeback/plan/metafields.ts";
import { adjustFilterable } from "#app/writeback/send/filterable-definitions.server.ts";

import { FakeShopify, giveSession } from "./fake-shopify.ts";

const shop = shopDomain("one.myshopify.com");
const admin = adminClient(shop);
const fake = new FakeShopify();

beforeAll(() => fake.start());
beforeEach(async () => {
  fake.reset();
  await pool.query("truncate shops, sessions");
  await giveSession(shop);
});
afterAll(async () => {
  await fake.stop();
  await closeDatabase();
});

/** A list with this number of pages; infinite without a number. */
function listed(pages = Infinity): void {
  fake.answers.set("EncoreSegmentQueries", ({ after }) => {
    const page = Number(after ?? 0) + 1;
    const pageInfo = { hasNextPage: page < pages, endCursor: String(page) };
    return { data: { segments: { nodes: [{ query: `page ${String(page)}` }], pageInfo } } };
  });
}

it("reads the queries of all segments, page by page", async () => {
  listed(3);
  expect(await readSegmentQueries(admin)).toEqual(["page 1", "page 2", "page 3"]);
});

it("abandons an infinite list, and then releases no filter", async () => {
  listed();
  expect(await readSegmentQueries(admin)).toBeNull();
  expect(fake.count("EncoreSegmentQueries")).toBe(30);
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
     values ($1, '1', 'One', 'EUR', 'Europe/London', true)`,
    [shop],
  );
  const nodes = metafieldDefinitions.map(({ key, name, description, type }) => ({
    ...{ id: `gid://shopify/MetafieldDefinition/${key}`, key, name, description },
    type: { name: type },
    capabilities: { adminFilterable: { enabled: key !== "scored_at" } },
  }));
  fake.answers.set("EncoreMetafieldDefinitions", () => ({
    data: { metafieldDefinitions: { nodes } },
  }));
  fake.answers.set("EncoreMetafieldDefinitionUpdate", () => ({
    data: { metafieldDefinitionUpdate: { userErrors: [] } },
  }));
  await adjustFilterable(admin);
  const changed = fake.calls.filter(
    ({ operation }) => operation === "EncoreMetafieldDefinitionUpdate",
  );
  expect(changed.map(({ variables }) => variables.definition)).toMatchObject([
    { key: "scored_at", capabilities: { adminFilterable: { enabled: true } } },
  ]);
});
