import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import { metafieldDefinitions } from "#app/writeback/plan/metafields.ts";

import { giveToken, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const shop = shopDomain("generated.myshopify.com");

let simulator: RunningSimulator;
let app: LoadedApp;
let admin: AdminApi;
let fit: () => Promise<void>;
let make: () => Promise<void>;

beforeAll(async () => {
  simulator = await startSimulator("generated", ["--customers", "5", "--plan", "enterprise"]);
  app = await loadApp(simulator);
  const [{ adminClient }, { adjustFilterable }, { ensureOurDefinitions }] = await Promise.all([
    import("#app/shopify/api/client.server.ts"),
    import("#app/writeback/send/filterable-definitions.server.ts"),
    import("#app/writeback/send/ensure-definitions.server.ts"),
  ]);
  admin = adminClient(shop);
  fit = () => adjustFilterable(admin);
  make = () => ensureOurDefinitions(admin);
});
beforeEach(async () => {
  await simulator.control("reset", {});
  await app.pool.query("truncate shops, sessions, target_segments, progress");
  await giveToken(app, simulator, shop);
  await app.ensureInstalled({ shop });
});
afterAll(async () => {
  await app.stopQueue();
  await app.closeDatabase();
  await simulator.stop();
});

type Definition = {
  key: string;
  name: string;
  metafieldsCount: number;
  capabilities: { adminFilterable: { enabled: boolean } };
};

async function definitions(): Promise<Definition[]> {
  const data = (await simulator.ask(
    `{ metafieldDefinitions(ownerType: CUSTOMER, namespace: "encore", first: 50) { nodes {
         key name metafieldsCount capabilities { adminFilterable { enabled } } } } }`,
  )) as { metafieldDefinitions: { nodes: Definition[] } };
  return data.metafieldDefinitions.nodes;
}

const filterable = async () =>
  (await definitions())
    .filter(({ capabilities }) => capabilities.adminFilterable.enabled)
    .map(({ key }) => key)
    .sort();

async function define(definition: Record<string, unknown>, filter = true): Promise<void> {
  const { metafieldDefinitionCreate } = (await simulator.ask(
    `mutation ($definition: MetafieldDefinitionInput!) {
       metafieldDefinitionCreate(definition: $definition) { userErrors { message } } }`,
    {
      definition: {
        ...{ namespace: "encore", ownerType: "CUSTOMER", ...definition },
        capabilities: { adminFilterable: { enabled: filter } },
      },
    },
  )) as { metafieldDefinitionCreate: { userErrors: unknown[] } };
  expect(metafieldDefinitionCreate.userErrors).toEqual([]);
}

/** As earlier versions left them: filterable where there was room. */
async function fromBefore(filters: (key: string) => boolean = () => true): Promise<void> {
  for (const { key, name, description, type } of metafieldDefinitions) {
    await define({ key, name, description, type }, filters(key));
  }
  await app.pool.query("update shops set definitions_made_at = now()");
}

async function segment(query: string): Promise<void> {
  await simulator.ask(
    `mutation ($query: String!) { segmentCreate(name: "Mine", query: $query) {
       userErrors { message } } }`,
    { query },
  );
}

describe("the definitions of our metafields", () => {
  it("use one of the shop's filterable definitions", async () => {
    await make();
    await fit();
    expect(await definitions()).toHaveLength(7);
    expect(await filterable()).toEqual(["scored_at"]);
  });

  it("release those that an earlier version used, and lose nothing else", async () => {
    await fromBefore();
    const { customers } = (await simulator.ask(`{ customers(first: 1) { nodes { id } } }`)) as {
      customers: { nodes: { id: string }[] };
    };
    await simulator.ask(
      `mutation ($metafields: [MetafieldsSetInput!]!) {
         metafieldsSet(metafields: $metafields) { userErrors { message } } }`,
      {
        metafields: [
          { ownerId: customers.nodes[0]?.id, namespace: "encore", key: "clv_tier", value: "high" },
        ],
      },
    );
    const before = await definitions();
    await make();
    await fit();
    expect(await filterable()).toEqual(["scored_at"]);
    const kept = ({ key, name, metafieldsCount }: Definition) => [key, name, metafieldsCount];
    expect((await definitions()).map(kept)).toEqual(before.map(kept));
    expect(before.find(({ key }) => key === "clv_tier")?.metafieldsCount).toBe(1);
  });

  it("stay filterable where a segment of the merchant uses them", async () => {
    await fromBefore();
    await segment("metafields.encore.expected_spend > 100 OR number_of_orders > 3");
    await fit();
    expect(await filterable()).toEqual(["expected_spend", "scored_at"]);
  });

  it("are unchanged where the merchant created or changed them", async () => {
    const [tier, spend] = [metafieldDefinitions[0]!, metafieldDefinitions[2]!];
    await define({ key: tier.key, name: "Our own tier", type: tier.type });
    await define({ ...spend, filterable: undefined, description: "What we think." });
    await make();
    await fit();
    expect(await filterable()).toEqual(["clv_tier", "expected_spend", "scored_at"]);
  });

  it("make room in a full shop for the one that segments need, so that these can be updated", async () => {
    await fromBefore((key) => key !== "scored_at");
    for (let at = 1; at <= 44; at += 1) {
      const key = `own_${String(at)}`;
      await define({ namespace: "shop", key, name: key, type: "single_line_text_field" });
    }
    await app.pool.query(
      `insert into target_segments (shop, target_key, name, query, segment_id, ours, empties_itself)
       values ($1, 'clv:high', 'x', 'x', '1', true, false), ($1, 'clv:low', 'x', 'x', '2', false, false)`,
      [shop],
    );
    await fit();
    expect(await filterable()).toEqual(["scored_at"]);
    const { rows } = await app.pool.query(
      "select empties_itself from target_segments order by target_key",
    );
    expect(rows).toEqual([{ empties_itself: null }, { empties_itself: false }]);
  });

  it("are adjusted once per installation: later changes by the merchant are kept", async () => {
    await fromBefore();
    await fit();
    const change = `mutation { metafieldDefinitionUpdate(definition: {
      namespace: "encore", key: "clv_tier", ownerType: CUSTOMER,
      capabilities: { adminFilterable: { enabled: true } } }) { userErrors { message } } }`;
    await simulator.ask(change);
    await fit();
    expect(await filterable()).toEqual(["clv_tier", "scored_at"]);
    await app.pool.query("update shops set installed_at = now() + interval '1 second'");
    await fit();
    expect(await filterable()).toEqual(["scored_at"]);
  });

  it("can be adjusted with an interruption", async () => {
    await fromBefore((key) => !["clv_tier", "buy_tier"].includes(key));
    await fit();
    await app.pool.query("update shops set filters_fitted_at = null");
    await fit();
    expect(await filterable()).toEqual(["scored_at"]);
  });
});
