import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import { installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const shop = shopDomain("generated.myshopify.com");
const quick = [
  ...["--customers", "300", "--seed", "3", "--plan", "enterprise"],
  ...["--bulk-latency-ms", "20", "--bulk-mutation-lines-per-second", "20000"],
];
const running = new AbortController().signal;

let simulator: RunningSimulator;
let app: LoadedApp;
let more: Awaited<ReturnType<typeof loadMore>>;
let requests = 0;

/** It reads Shopify's address when it is loaded. */
async function loadMore() {
  const [privacy, cleanUp, exclusion, follow, tables] = await Promise.all([
    import("#app/privacy/handle-requests.server.ts"),
    import("#app/campaigns/clean-up.server.ts"),
    import("#app/scoring/exclusion/exclusion-tag.server.ts"),
    import("#app/orders/webhooks/follow-orders.server.ts"),
    import("#tests/setup/every-table.ts"),
  ]);
  return { ...privacy, ...cleanUp, ...exclusion, ...follow, ...tables };
}

beforeAll(async () => {
  simulator = await startSimulator("generated", quick);
  app = await loadApp(simulator);
  more = await loadMore();
  await installAndImport(app, simulator, shop);
  await app.runScoring(shop);
});

afterAll(async () => {
  await app.stopQueue();
  await app.closeDatabase();
  await simulator.stop();
});

/** Each test erases another customer, who has all our tags and metafields. */
let customerId = "";
beforeEach(async () => {
  await app.agreeToWriting(shop);
  expect(await app.runWriteback(shop)).toEqual({ kind: "written" });
  const { rows } = await app.pool.query<{ customer_id: string }>(
    "select customer_id from scores order by customer_id limit 1",
  );
  customerId = rows[0]?.customer_id ?? "";
});

const gid = () => `gid://shopify/Customer/${customerId}`;

async function say(topic: string): Promise<void> {
  requests += 1;
  await app.pool.query(
    "insert into webhook_inbox (shop, webhook_id, topic, resource_id) values ($1, $2, $3, $4)",
    [shop, `said-${String(requests)}`, topic, customerId],
  );
}

async function erase(): Promise<void> {
  await say("customers/redact");
  await more.runPrivacy(shop);
  expect(await more.tablesWith(customerId)).toEqual([]);
}

/** Our tags, one of the merchant's, and the keys of our metafields in Shopify. */
async function inShopify(): Promise<{ tags: string[]; keys: string[] }> {
  const { customer } = (await simulator.ask(
    `query ($id: ID!) { customer(id: $id) {
       tags metafields(first: 20, namespace: "encore") { nodes { key } } } }`,
    { id: gid() },
  )) as { customer: { tags: string[]; metafields: { nodes: { key: string }[] } } };
  const tags = customer.tags.filter((tag) => /^(vip|(clv|buy):.*)$/.test(tag));
  return { tags, keys: customer.metafields.nodes.map(({ key }) => key) };
}

async function addTags(...tags: string[]): Promise<void> {
  await simulator.ask(
    `mutation ($id: ID!, $tags: [String!]!) {
       tagsAdd(id: $id, tags: $tags) { userErrors { message } } }`,
    { id: gid(), tags },
  );
}

/** As after a write whose file Shopify executed late. */
async function putOnAgain(): Promise<void> {
  await addTags("clv:high", "vip");
  await simulator.ask(
    `mutation ($metafields: [MetafieldsSetInput!]!) {
       metafieldsSet(metafields: $metafields) { userErrors { message } } }`,
    {
      metafields: [
        {
          ...{ ownerId: gid(), namespace: "encore", key: "clv_tier", value: "high" },
          type: "single_line_text_field",
        },
      ],
    },
  );
  expect(await inShopify()).toEqual({ tags: ["clv:high", "vip"], keys: ["clv_tier"] });
}

describe("a customer who is erased", () => {
  it("loses our tags and metafields in Shopify, and keeps the merchant's", async () => {
    await addTags("vip");
    const before = await inShopify();
    expect(before.tags.filter((tag) => /^(clv|buy):/.test(tag))).toHaveLength(2);
    expect(before.keys.length).toBeGreaterThan(3);
    await erase();
    expect(await inShopify()).toEqual({ tags: ["vip"], keys: [] });
  });

  it("is erased also where the customer is no longer in Shopify", async () => {
    customerId = "999999999";
    await app.pool.query(
      "insert into written_states (shop, customer_id, tags) values ($1, $2, '{clv:high}')",
      [shop, customerId],
    );
    await erase();
  });

  it("is not recorded when what an earlier install left is read, and loses it then", async () => {
    await erase();
    await putOnAgain();
    await app.pool.query("update shops set installed_at = now()");
    expect(await app.runWriteback(shop)).toEqual({ kind: "written" });
    expect(await more.tablesWith(customerId)).toEqual([]);
    expect(await inShopify()).toEqual({ tags: ["vip"], keys: [] });
  });

  it("is not recorded as a carrier of the exclusion tag", async () => {
    const other = await app.prisma.score.findFirstOrThrow({
      where: { shop, customerId: { not: customerId } },
    });
    await erase();
    await addTags("no scores");
    await simulator.ask(
      `mutation ($id: ID!) { tagsAdd(id: $id, tags: ["no scores"]) { userErrors { message } } }`,
      { id: `gid://shopify/Customer/${other.customerId}` },
    );
    await more.chooseExclusionTag(shop, "no scores");
    await more.readTaggedExclusions(shop);
    expect(await more.tablesWith(customerId)).toEqual([]);
    expect(await more.readExclusionView(shop)).toMatchObject({ byTag: 1 });
    await more.chooseExclusionTag(shop, null);
  });

  it("is not recorded when Shopify later reports that the customer was deleted or merged", async () => {
    customerId = "90071992547409937";
    await erase();
    await say("customers/delete");
    await say("customers/merge");
    await app.pool.query(
      `update webhook_inbox set related_id = $1 || '1' where topic = 'customers/merge'`,
      [customerId],
    );
    await more.runFollow(shop);
    expect(await more.tablesWith(customerId)).toEqual([]);
  });

  it("is found by a clean-up, which removes everything and records nothing", async () => {
    await erase();
    await putOnAgain();
    const { rows } = await app.pool.query<{ count: string }>(
      "select count(*) from written_states where tags <> '{}'",
    );
    await more.startCleanUp(shop);
    await more.runCleanUp(shop, running);
    expect(await inShopify()).toEqual({ tags: ["vip"], keys: [] });
    expect(await more.tablesWith(customerId)).toEqual([]);
    expect(await more.readCleanUp(shop)).toMatchObject({
      customers: Number(rows[0]?.count) + 1,
      left: [],
    });
  });
});
