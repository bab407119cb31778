import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { closeDatabase, pool, prisma } from "#app/lib/db.server.ts";
import { customerId, shopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { enqueueDueReconciliations } from "#app/orders/reconcile/enqueue-due.server.ts";
import { runFollow } from "#app/orders/webhooks/follow-orders.server.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";
import {
  chooseExclusionTag,
  readTaggedExclusions,
} from "#app/scoring/exclusion/exclusion-tag.server.ts";
import { enqueueDueScoring } from "#app/scoring/run/enqueue-due.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { readNames } from "#app/shopify/resources/customers.server.ts";
import { readTaggedCustomers } from "#app/shopify/resources/tagged-customers.server.ts";
import { packLines } from "#app/writeback/send/batch-file.server.ts";
import { applyResult } from "#app/writeback/send/batch-result.server.ts";
import { readBatch } from "#app/writeback/send/batches.server.ts";

import { FakeShopify, giveSession } from "./fake-shopify.ts";
import { ended, OPERATION, shopWithExport } from "./orders-export.ts";

// One invalid item among many valid ones must not affect the others.

const fake = new FakeShopify();
const shop = shopDomain("one.myshopify.com");
const admin = adminClient(shop);
const gid = (id: number | string) => `gid://shopify/Customer/${String(id)}`;

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await pool.query<Record<string, unknown>>(sql)).rows;
}

async function install(name = shop, timeZone = "Europe/London"): Promise<void> {
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
     values ($1, '1', 'One', 'EUR', $2, true)`,
    [name, timeZone],
  );
  await pool.query(
    `insert into order_imports (shop, id, state, full_history, as_of, started_at)
     values ($1, 'i', 'done', true, now() - interval '3 days', now() - interval '3 days')`,
    [name],
  );
}

beforeAll(async () => {
  await fake.start();
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  fake.reset();
  shopWithExport(fake, []);
  await pool.query(
    `truncate shops, orders, order_imports, webhook_inbox, gone_customers, changed_customers,
              excluded_customers, scoring_runs, write_batches, written_states, sessions`,
  );
  await pool.query("delete from pgboss.job");
  await giveSession(shop);
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});

/** The result of a bulk query. */
function finds(lines: string[]): void {
  const url = fake.serve("/found.jsonl", lines.map((each) => `${each}\n`).join(""));
  fake.answers.set("EncoreBulkOperation", () => ended(url, lines.length));
}

describe("customers who are looked up", () => {
  it("count as existing, even with an invalid id", async () => {
    await install();
    fake.answers.set("EncoreCustomersById", () => ({
      data: { nodes: [{ id: gid(1) }, { id: "gid://shopify/Company/2" }, null] },
    }));
    for (const id of ["1", "2", "3"]) {
      await pool.query(
        `insert into webhook_inbox (shop, webhook_id, topic, resource_id)
         values ($1, $2, 'customers/delete', $3)`,
        [shop, `w${id}`, id],
      );
    }
    await runFollow(shop);
    expect(await rows("select customer_id as id from gone_customers")).toEqual([{ id: "3" }]);
    expect(await rows("select 1 from webhook_inbox where handled_at is null")).toEqual([]);
  });

  it("have their names, except one that is unreadable", async () => {
    fake.answers.set("EncoreCustomerNames", () => ({
      data: {
        nodes: [
          { id: gid(1), displayName: "Ann" },
          { id: "7", displayName: "Bob" },
        ],
      },
    }));
    const names = await readNames(admin, [customerId("1"), customerId("7")]);
    expect([...names]).toEqual([["1", "Ann"]]);
  });
});

describe("customers with a tag", () => {
  const search = { tags: ["clv:high"], namespace: "encore", intentId: "standing_1" };

  it("are read, except unreadable lines", async () => {
    const warned = vi.spyOn(log, "warn");
    finds([JSON.stringify({ id: gid(1), tags: ["clv:high"] }), '{"id":', '{"id":"2","tags":[]}']);
    const found = [];
    for await (const page of readTaggedCustomers(admin, search)) found.push(...page);
    expect(found).toEqual([{ customerId: "1", tags: ["clv:high"] }]);
    expect(warned).toHaveBeenCalledWith(expect.objectContaining({ lines: 2 }), expect.anything());
  });

  it("stay opted out where an unreadable line may be theirs, and are opted out where the search finds them", async () => {
    await install();
    await chooseExclusionTag(shop, "no");
    const excluded = async () =>
      (await rows("select customer_id as id from excluded_customers order by 1")).map(
        ({ id }) => id,
      );
    const carrier = (id: number) => JSON.stringify({ id: gid(id), tags: ["no"] });
    finds([carrier(1), carrier(2)]);
    await readTaggedExclusions(shop);
    finds([carrier(1), '{"id":', JSON.stringify({ id: gid(3), tags: {} })]);
    await readTaggedExclusions(shop);
    expect(await excluded()).toEqual(["1", "2", "3"]);
    finds([carrier(1)]);
    await readTaggedExclusions(shop);
    expect(await excluded()).toEqual(["1"]);
  });
});

describe("the result of a write", () => {
  const done = (line: number) =>
    JSON.stringify({ data: { tagsAdd: { userErrors: [] } }, __lineNumber: line });

  async function result(lines: string[]): Promise<Record<string, unknown>[]> {
    const sent = [1, 2, 3].map((id) => [{ customerId: String(id), add: ["clv:high"] }]);
    await prisma.writeBatch.create({
      data: {
        shop,
        id: "b",
        kind: "tags-add",
        state: "running",
        lines: packLines(sent),
        lineCount: sent.length,
      },
    });
    const url = fake.serve("/result.jsonl", lines.map((each) => `${each}\n`).join(""));
    const { bulkOperation } = ended(url, lines.length).data;
    const operation = { ...bulkOperation, id: OPERATION, status: "COMPLETED" as const };
    await applyResult(await readBatch(shop, "b"), operation);
    return rows(
      "select customer_id as id, tags, doubtful from written_states order by customer_id",
    );
  }

  it("is processed, except an unreadable line, whose writes become doubtful", async () => {
    expect(await result([done(0), "<html>", done(2)])).toEqual([
      { id: "1", tags: ["clv:high"], doubtful: [] },
      { id: "2", tags: ["clv:high"], doubtful: ["clv:high"] },
      { id: "3", tags: ["clv:high"], doubtful: [] },
    ]);
    expect(await rows("select state from write_batches")).toEqual([{ state: "lost" }]);
  });

  it("is processed, except a line about a write that was not sent", async () => {
    expect(await result([done(0), done(17), done(-1), done(1), done(2)])).toHaveLength(3);
    expect(await rows("select state from write_batches")).toEqual([{ state: "finished" }]);
  });

  it("is refused when more than single lines are unreadable", async () => {
    const lines = Array.from({ length: 11 }, () => "<html>");
    await expect(result([done(0), ...lines])).rejects.toMatchObject({
      code: "shopify-unreadable",
      message: expect.stringContaining("11 of 12 lines") as string,
    });
    expect(await rows("select state from write_batches")).toEqual([{ state: "running" }]);
  });
});

describe("a shop in an unknown time zone", () => {
  const strange = shopDomain("a-strange.myshopify.com");
  const jobs = async () =>
    (await rows("select singleton_key as shop from pgboss.job order by 1")).map((job) => job.shop);

  it("does not keep the others from being reconciled and scored", async () => {
    const said = vi.spyOn(log, "error").mockReturnValue();
    await install(strange, "Europe/Atlantis");
    await install();
    for (const name of [strange, shop]) {
      await pool.query(
        `insert into scoring_runs (shop, id, as_of, reconstructed, outcome, engine_version,
                                   horizon_days, gate, basis, input_digest)
         values ($1, 'r', now() - interval '3 days', false, 'scored', '1', 90, '[]', '{}', '')`,
        [name],
      );
    }
    await enqueueDueReconciliations();
    expect(await jobs()).toEqual([shop]);
    await pool.query("delete from pgboss.job");
    await enqueueDueScoring();
    expect(await jobs()).toEqual([shop]);
    expect(said).toHaveBeenCalledTimes(2);
  });
});
