import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { dayNumber } from "#app/lib/calendar.ts";
import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { recordFailedJob } from "#app/queue/failed-jobs.server.ts";
import { readProgress, setProgress } from "#app/queue/progress.server.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { KeptTables } from "#tests/setup/kept-tables.ts";
import { sessionToken } from "#tests/setup/session-token.ts";
import { smallStore, storePurchases, storeShop } from "#tests/stores/stored-orders.ts";

import { action, loader } from "../../app/routes/app._index.tsx";
import { type FakeReply, FakeShopify, giveSession } from "./fake-shopify.ts";

const shop = shopDomain("gifts.myshopify.com");
const asOf = "2026-11-22";
const fake = new FakeShopify();
const empty = new KeptTables(pool);

const shopAnswer: FakeReply = {
  data: {
    shop: {
      id: "gid://shopify/Shop/1",
      name: "Gifts",
      currencyCode: "GBP",
      ianaTimezone: "UTC",
      plan: { partnerDevelopment: false },
    },
    currentAppInstallation: { accessScopes: [] },
  },
};

function visit(form?: Record<string, string>) {
  const request = new Request("https://127.0.0.1:3100/app?index", {
    headers: {
      "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0",
      authorization: `Bearer ${sessionToken(shop)}`,
    },
    ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
  });
  return { request, params: {}, context: {} };
}

async function thrownBy(work: Promise<unknown>): Promise<Response> {
  const thrown: unknown = await work.catch((error: unknown) => error);
  if (!(thrown instanceof Response)) throw new Error("expected a thrown response");
  return thrown;
}

const jobs = async () =>
  (await pool.query<{ name: string }>("select name from pgboss.job order by name")).rows.map(
    ({ name }) => name,
  );

const agreedAt = async () =>
  (
    await pool.query<{ at: Date | null }>(
      "select writing_agreed_at as at from shops where shop = $1",
      [shop],
    )
  ).rows[0]?.at;

beforeAll(async () => {
  await fake.start();
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
  await empty.keep();
});

beforeEach(async () => {
  fake.reset();
  fake.answers.set("EncoreShop", () => shopAnswer);
  await empty.restore();
  await pool.query("delete from pgboss.job");
  await giveSession(shop);
});

afterAll(async () => {
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});

describe("opening home", () => {
  it("installs a shop that is not known, and shows its import", async () => {
    const { view, writing, segments } = await loader(visit());
    expect(view).toMatchObject({ state: "importing", progress: [{ task: "import" }] });
    expect(await jobs()).toContain("orders.import");
    expect(writing).toBeNull();
    expect(segments).toEqual({});
  });

  it("shows a scored shop, what would be written, and the segments that were made", async () => {
    await storeShop(shop);
    await storePurchases(shop, smallStore(dayNumber(asOf), 300));
    await runScoring(shop, { asOf, weeks: 0 });
    await pool.query(
      `insert into target_segments (shop, target_key, segment_id, name, query)
       values ($1, 'clv:high', '9', 'High', 'q')`,
      [shop],
    );
    const { view, writing, segments } = await loader(visit());
    expect(view.state).toBe("scored");
    expect(writing).toMatchObject({ agreedAt: null });
    expect(segments).toMatchObject({ "clv:high": { segmentId: "9", name: "High" } });
  });

  it("says which customers' requests are waiting", async () => {
    await storeShop(shop);
    await pool.query(
      `insert into privacy_reports (shop, id, customer_id, requested_at, held)
       values ($1, 'r', '7', '2026-11-20', '{}')`,
      [shop],
    );
    expect((await loader(visit())).requests).toMatchObject({ count: 1 });
  });

  it("answers with the code when Shopify cannot be asked", async () => {
    fake.answers.set("EncoreShop", () => ({ status: 403 }));
    const thrown = await thrownBy(loader(visit()));
    expect(thrown.status).toBe(502);
    expect(await thrown.json()).toMatchObject({
      code: expect.stringMatching(/^shopify-/) as string,
    });
  });
});

describe("a button of home", () => {
  beforeEach(async () => {
    await storeShop(shop);
  });

  it("records the agreement to writing", async () => {
    expect(await action(visit({ intent: "agree" }))).toEqual({ done: "agree" });
    expect(await agreedAt()).toBeInstanceOf(Date);
  });

  it("takes nothing else for an agreement", async () => {
    expect((await thrownBy(action(visit({ intent: "other" })))).status).toBe(400);
    expect(await agreedAt()).toBeNull();
    expect(await jobs()).toEqual([]);
  });

  it("enqueues a failed task again", async () => {
    await setProgress(shop, "import", { state: "failed", done: 0, total: null });
    await recordFailedJob({ shop, task: "orders.import", errorCode: "unknown", attempts: 1 });
    await action(visit({ intent: "retry", task: "import" }));
    expect(await jobs()).toEqual(["orders.import"]);
    expect(await readProgress(shop)).toMatchObject([{ task: "import", state: "waiting" }]);
  });

  it("knows no other tasks", async () => {
    expect((await thrownBy(action(visit({ intent: "retry", task: "x" })))).status).toBe(400);
    expect(await jobs()).toEqual([]);
  });
});
