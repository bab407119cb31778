import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { writeDirectly } from "#app/writeback/send/direct-calls.server.ts";

import { FakeShopify, giveSession } from "./fake-shopify.ts";

const fake = new FakeShopify();
const shop = shopDomain("one.myshopify.com");
const plan = { add: ["clv:high"], remove: ["clv:low"], set: {}, unset: [], spentMinor: null };
const planned = [{ customerId: "7", plan }];
const done = (mutation: string) => () => ({ data: { [mutation]: { userErrors: [] } } });

beforeAll(() => fake.start());
afterAll(async () => {
  await fake.stop();
  await closeDatabase();
});
beforeEach(() => giveSession(shop));
afterEach(async () => {
  fake.reset();
  await pool.query("truncate written_states, sessions");
});

async function known() {
  const { rows } = await pool.query<Record<string, unknown>>(
    "select tags, doubtful from written_states",
  );
  return rows;
}

describe("writing to one customer", () => {
  it("adds before it removes, and records the written state", async () => {
    fake.answers.set("EncoreTagsAdd", done("tagsAdd"));
    fake.answers.set("EncoreTagsRemove", done("tagsRemove"));
    await writeDirectly(adminClient(shop), planned, { onCustomer: () => Promise.resolve() });
    expect(fake.calls.map(({ operation }) => operation)).toEqual([
      "EncoreTagsAdd",
      "EncoreTagsRemove",
    ]);
    expect(await known()).toEqual([{ tags: ["clv:high"], doubtful: [] }]);
  });

  it.each([
    ["EncoreTagsAdd", { tags: ["clv:high"], doubtful: ["clv:high", "clv:low"] }],
    ["EncoreTagsRemove", { tags: ["clv:high"], doubtful: ["clv:low"] }],
  ])("stops at %s when the lock is lost, and records what is doubtful", async (at, left) => {
    const stopping = new AbortController();
    fake.answers.set("EncoreTagsAdd", done("tagsAdd"));
    fake.answers.set(at, () => {
      setTimeout(() => stopping.abort(new Error("lost the lock")), 20);
      return { status: 503 };
    });
    const { signal } = stopping;
    const writing = writeDirectly(adminClient(shop), planned, {
      signal,
      onCustomer: () => Promise.resolve(),
    });
    await expect(writing).rejects.toThrow();
    expect(fake.count(at)).toBe(1);
    expect(await known()).toEqual([left]);
  });
});
