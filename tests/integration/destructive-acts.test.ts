import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import { type ShopDomain, shopDomain } from "#app/lib/ids.ts";
import { runDeparture } from "#app/privacy/departures/follow-departure.server.ts";
import { enqueueDepartures } from "#app/privacy/enqueue-due.server.ts";
import { shopDigest } from "#app/privacy/erasure/erase-shop.server.ts";
import { runPrivacy } from "#app/privacy/handle-requests.server.ts";
import { heldTables } from "#app/privacy/tables.ts";
import { giveUp } from "#app/queue/failed-jobs.server.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";
import { ensureInstalled } from "#app/shop/install.server.ts";
import { seal } from "#app/shopify/tokens/stored-token.server.ts";
import { fillEveryTable, rowsOf, shopTables, tablesWith } from "#tests/setup/every-table.ts";

import { action as uninstalled } from "../../app/routes/webhooks.app.uninstalled.ts";
import { action as privacy } from "../../app/routes/webhooks.privacy.ts";
import { delivery, requestBody } from "../setup/webhook.ts";
import { deadRefreshToken, FakeShopify, giveSession } from "./fake-shopify.ts";
import { end, killWorkers, startWorker, until } from "./worker-process.ts";

const shop = shopDomain("installed.myshopify.com");
const other = shopDomain("other.myshopify.com");
const fake = new FakeShopify();
const [testKey] = env.TOKEN_KEYS;
let deliveries = 0;

const NUMBER = 1;
const CUSTOMER = "820982911946154508";
/** A customer who is erased on request, and does not occur in the shop's rows. */
const STRANGER = "7";

type Act = "app/uninstalled" | "shop/redact" | "customers/redact";

/** Shopify's webhook, or a request of somebody who has a signed body. */
async function say(
  act: Act,
  { to = shop, about = to, shopId = NUMBER }: { to?: string; about?: string; shopId?: number } = {},
): Promise<number> {
  deliveries += 1;
  const said = { shop: about, shopId, customerId: STRANGER };
  const body = {
    "app/uninstalled": requestBody.uninstalled(said),
    "shop/redact": requestBody.redactShop(said),
    "customers/redact": requestBody.redactCustomer(said),
  }[act];
  const route = act === "app/uninstalled" ? uninstalled : privacy;
  const webhookId = `said-${String(deliveries)}`;
  return (await route(delivery({ shop: to, topic: act, body, webhookId }))).status;
}

/** Runs the worker's tasks for it; errors are part of the result. */
async function work(): Promise<void> {
  await runDeparture(shop).catch((error: unknown) => {
    expect(error).toMatchObject({ code: "departure-unconfirmed" });
  });
  await runPrivacy(shop).catch((error: unknown) => {
    expect(error).toMatchObject({ code: expect.any(String) as string });
  });
}

async function set(fields: string): Promise<void> {
  await pool.query(`update shops set ${fields} where shop = $1`, [shop]);
}

async function row(fields: string): Promise<Record<string, unknown> | undefined> {
  const { rows } = await pool.query<Record<string, unknown>>(
    `select ${fields} from shops where shop = $1`,
    [shop],
  );
  return rows[0];
}

/**
 * All rows of a shop, except webhooks, customers erased on request, the cost bucket, and the state
 * of stopped work.
 */
async function kept(of: ShopDomain = shop): Promise<Record<string, string[]>> {
  const all = await rowsOf(of);
  const others = ["webhook_inbox", "redacted_customers", "cost_budgets", "shops"];
  const rows = Object.fromEntries(Object.entries(all).filter(([table]) => !others.includes(table)));
  const { rows: shops } = await pool.query<{ row: unknown }>(
    `select to_jsonb(s) - 'access_lost_at' - 'access_lost_code' - 'stopped_tasks' as row
       from shops s where shop = $1`,
    [of],
  );
  return { ...rows, shops: shops.map((one) => JSON.stringify(one.row)) };
}

/** Without the rows of some tables. */
async function keptBut(...tables: string[]): Promise<Record<string, string[]>> {
  const rows = Object.entries(await kept()).filter(([table]) => !tables.includes(table));
  return Object.fromEntries(rows);
}

function accepts(): void {
  fake.answers.set("EncoreInstallation", () => ({ data: { currentAppInstallation: { id: "1" } } }));
  fake.answers.set("EncoreShop", () => ({
    data: {
      shop: {
        ...{ id: `gid://shopify/Shop/${String(NUMBER)}`, name: "One" },
        ...{ currencyCode: "EUR", ianaTimezone: "UTC", plan: { partnerDevelopment: false } },
      },
      currentAppInstallation: { accessScopes: [{ handle: "read_all_orders" }] },
    },
  }));
}

function refuses(): void {
  fake.answers.set("EncoreInstallation", () => ({ status: 401 }));
  fake.refresh = () => deadRefreshToken;
}

const inAnHour = () => new Date(Date.now() + 3_600_000);
const anHourAgo = () => new Date(Date.now() - 3_600_000);

beforeAll(async () => {
  await fake.start();
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  await killWorkers();
  env.TOKEN_KEYS.splice(0, Infinity, testKey!);
  fake.reset();
  accepts();
  for (const { table } of await shopTables()) await pool.query(`truncate ${table}`);
  await pool.query("truncate shop_erasures");
  await pool.query("delete from pgboss.job");
  for (const [each, word] of [
    [shop, "mine"],
    [other, "theirs"],
  ] as const) {
    await fillEveryTable({ shop: each, customerId: CUSTOMER, word });
  }
  await pool.query(
    `update shops set uninstalled_at = null, leftovers = false, departure_evidence = null,
            access_lost_at = null, access_lost_code = null, stopped_tasks = '{}',
            shopify_id = '${String(NUMBER)}', installed_at = now() - interval '1 year'`,
  );
  await pool.query("delete from webhook_inbox");
  // Nothing else waits for Shopify's points.
  await pool.query("delete from cost_budgets");
  await pool.query("delete from sessions");
  await pool.query("update write_batches set lines = null");
  await giveSession(shop, inAnHour());
  await giveSession(other, inAnHour());
});
afterAll(async () => {
  await killWorkers();
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});

/** Every state that an installed shop may be in. */
const installed: Record<string, () => void | Promise<void>> = {
  "that Shopify knows": () => undefined,
  "whose token has run out and is renewed": async () => {
    await giveSession(shop, anHourAgo());
    fake.refresh = () => ({
      data: {
        ...{ access_token: "token-2", scope: "read_orders", expires_in: 3600 },
        ...{ refresh_token: "refresh-2", refresh_token_expires_in: 7_776_000 },
      },
    });
  },
  "that was installed again": () => set("installed_at = now()"),
  "whose token's key we lack": async () => {
    const id = `offline_${shop}`;
    const sealed = seal("token-1", { shop, sessionId: id, column: "access_token" });
    await pool.query("update sessions set access_token = $2 where id = $1", [id, sealed]);
    env.TOKEN_KEYS.splice(0, Infinity, { id: "other", key: Buffer.alloc(32, 9) });
  },
  "that Shopify does not answer for": () => {
    fake.answers.set("EncoreInstallation", () => ({ status: 503 }));
  },
  "with which the connection breaks": () => {
    fake.answers.set("EncoreInstallation", () => ({ silence: "reset" }));
  },
  "that is frozen (402)": () => {
    fake.answers.set("EncoreInstallation", () => ({ status: 402 }));
  },
  "that may not be used (403)": () => {
    fake.answers.set("EncoreInstallation", () => ({ status: 403 }));
  },
  "that is not found (404)": () => {
    fake.answers.set("EncoreInstallation", () => ({ status: 404 }));
  },
  "that is locked (423)": () => {
    fake.answers.set("EncoreInstallation", () => ({ status: 423 }));
  },
  "whose token has run out, and our secret is wrong": async () => {
    await giveSession(shop, anHourAgo());
    fake.refresh = () => ({ status: 401, body: { error: "invalid_client" } });
  },
  "whose token and refresh token have run out": async () => {
    refuses();
    await giveSession(shop, anHourAgo());
    await pool.query("update sessions set refresh_token_expires = now() - interval '1 hour'");
  },
  "without a session": async () => {
    refuses();
    await pool.query("delete from sessions where shop = $1", [shop]);
  },
  "whose access ended since its token was not used": async () => {
    refuses();
    await pool.query("delete from sessions where shop = $1", [shop]);
    await set("access_lost_at = now(), access_lost_code = 'expired'");
  },
};

const acts: Act[] = ["app/uninstalled", "shop/redact", "customers/redact"];
const orders: Act[][] = acts.flatMap((first) =>
  acts.flatMap((second) =>
    first === second ? [] : [[first, second, ...acts.filter((a) => a !== first && a !== second)]],
  ),
);

describe("an installed shop keeps every row, whatever webhooks arrive in whatever order", () => {
  it.each(Object.entries(installed))("one %s", async (_, prepare) => {
    // No customer in Shopify has our tags, so nothing has to be removed there.
    await set("writing_agreed_at = null");
    await pool.query("delete from clean_ups where shop = $1", [shop]);
    await prepare();
    const before = await keptBut("sessions");
    const theirs = await kept(other);
    for (const said of orders) {
      for (const act of said) {
        expect(await say(act)).toBe(200);
        await work();
      }
      // The session may differ: an expired token is renewed.
      const after = await keptBut("sessions");
      expect({ said, kept: after }).toEqual({ said, kept: before });
    }
    expect(await kept(other)).toEqual(theirs);
    expect((await pool.query("select 1 from shop_erasures")).rowCount).toBe(0);
  });
});

describe("an installed shop whose state Shopify does not confirm", () => {
  const unclear = () => fake.answers.set("EncoreInstallation", () => ({ status: 402 }));

  it("is stopped, and reported to the operator", async () => {
    unclear();
    await say("shop/redact");
    await expect(runDeparture(shop)).rejects.toMatchObject({
      code: "departure-unconfirmed",
      message: expect.stringContaining("HTTP 402") as string,
    });
    expect(await row("access_lost_code as code, access_lost_at is not null as lost")).toEqual({
      code: "departure-unconfirmed",
      lost: true,
    });
  });

  it("resumes by itself when Shopify accepts the token", async () => {
    unclear();
    await say("shop/redact");
    await work();
    await set("stopped_tasks = '{scoring.run}'");
    accepts();
    await runDeparture(shop);
    expect(await row("access_lost_at")).toEqual({ access_lost_at: null });
    const { rows } = await pool.query("select name from pgboss.job where name = 'scoring.run'");
    expect(rows).toHaveLength(1);
    const open = await pool.query("select 1 from webhook_inbox where handled_at is null");
    expect(open.rowCount).toBe(0);
  });

  it("resumes when a page is opened, and earlier webhooks no longer count", async () => {
    unclear();
    await say("app/uninstalled");
    await say("shop/redact");
    await work();
    await ensureInstalled({ shop });
    expect(await row("access_lost_at")).toEqual({ access_lost_at: null });
    refuses();
    await runDeparture(shop);
    expect(await row("uninstalled_at")).toEqual({ uninstalled_at: null });
  });
});

describe("an installed shop that was opened after its departure task had failed", () => {
  it("is checked at once when another uninstallation is reported", async () => {
    fake.answers.set("EncoreInstallation", () => ({ status: 402 }));
    await say("app/uninstalled");
    await work();
    const errorCode = "departure-unconfirmed";
    await giveUp({ shop, task: "shop.departure", errorCode, attempts: 1 });
    await ensureInstalled({ shop });
    await pool.query("delete from pgboss.job");
    await say("app/uninstalled");
    const { rows } = await pool.query("select name from pgboss.job");
    expect(rows).toEqual([{ name: "shop.departure" }]);
  });
});

describe("a signed body", () => {
  it("of one shop has no effect on another", async () => {
    refuses();
    const before = await kept();
    for (const act of acts) expect(await say(act, { to: shop, about: other })).toBe(400);
    await work();
    expect(await kept()).toEqual(before);
  });

  it("with another shop's number only affects that one", async () => {
    refuses();
    const before = await kept();
    await say("app/uninstalled", { shopId: 2 });
    await say("shop/redact", { shopId: 2 });
    await work();
    expect(await kept()).toEqual(before);
    const open = await pool.query("select 1 from webhook_inbox where handled_at is null");
    expect(open.rowCount).toBe(0);
  });

  it("is not accepted as another topic", async () => {
    const about = { shop, shopId: NUMBER, customerId: CUSTOMER };
    const bodies = {
      "app/uninstalled": requestBody.uninstalled(about),
      "shop/redact": requestBody.redactShop(about),
      "customers/redact": requestBody.redactCustomer(about),
      "customers/data_request": requestBody.requestData(about),
      "orders/create": `{"admin_graphql_api_id":"gid://shopify/Order/1","updated_at":null}`,
      "orders/delete": `{"id":1}`,
      "shop/update": `{"updated_at":"2026-11-01T00:00:00Z"}`,
    };
    for (const topic of ["app/uninstalled", "shop/redact", "customers/redact"] as const) {
      for (const [of, body] of Object.entries(bodies)) {
        const route = topic === "app/uninstalled" ? uninstalled : privacy;
        const { status } = await route(
          delivery({ shop, topic, body, webhookId: `${topic}-${of}` }),
        );
        expect({ topic, of, status }).toEqual({ topic, of, status: of === topic ? 200 : 400 });
      }
    }
  });

  it("is not accepted by a route of another topic", async () => {
    const body = requestBody.redactShop({ shop });
    for (const topic of ["orders/create", "customers/redact", "app/uninstalled", "made/up"]) {
      const webhook = delivery({ shop, topic, body, webhookId: topic });
      expect((await uninstalled(webhook)).status).toBe(400);
    }
  });
});

/** Every way in which Shopify can refuse the newest token. */
const left: Record<string, { prepare: () => Promise<void>; evidence: string }> = {
  "whose token is refused": { prepare: () => Promise.resolve(), evidence: "refresh-token-refused" },
  "whose token has run out, and is not renewed": {
    prepare: () => giveSession(shop, anHourAgo()),
    evidence: "refresh-token-refused",
  },
  "whose token is refused, and came without another": {
    prepare: async () => {
      await pool.query("update sessions set refresh_token = null");
    },
    evidence: "access-token-refused",
  },
  "to which access was lost before": {
    prepare: async () => {
      await pool.query("delete from sessions where shop = $1", [shop]);
      await set("access_lost_at = now(), access_lost_code = 'not-renewed'");
    },
    evidence: "access-lost",
  },
};

const cases = Object.entries(left).flatMap(([which, how], index) =>
  // With the first prepared state, in every order: the result does not depend on the order.
  orders.slice(0, index === 0 ? orders.length : 1).map((said) => ({ which, said, ...how })),
);

describe("a shop that has left is erased when the days of grace are over", () => {
  it.each(cases)("one $which: $said", async ({ prepare, evidence, said }) => {
    refuses();
    await prepare();
    const theirs = await kept(other);
    const before = await keptBut("sessions");
    const untouched = { ...before, shops: expect.anything() as string[] };
    for (const act of said) {
      await say(act);
      await work();
    }
    expect(await row("departure_evidence")).toEqual({ departure_evidence: evidence });
    expect(await kept()).toMatchObject(untouched);
    await set("uninstalled_at = now() - interval '71 hours'");
    await work();
    expect(await kept()).toMatchObject(untouched);
    await set("uninstalled_at = now() - interval '73 hours'");
    await pool.query("update webhook_inbox set received_at = now() - interval '1 minute'");
    await pool.query("delete from pgboss.job");
    await enqueueDepartures();
    const { rows } = await pool.query("select 1 from pgboss.job where name = 'shop.departure'");
    expect(rows).toHaveLength(1);
    await work();
    expect(await tablesWith(shop)).toEqual([]);
    expect(await tablesWith("mine-")).toEqual([]);
    expect(await kept(other)).toEqual(theirs);
    const record = await pool.query(
      `select asked_by, evidence, asked_at is not null as asked, finished_at is not null as done
         from shop_erasures where shop_digest = $1`,
      [shopDigest(shop)],
    );
    expect(record.rows).toEqual([{ asked_by: "shop/redact", evidence, asked: true, done: true }]);
  });
});

describe("a shop that has left", () => {
  beforeEach(refuses);

  it("is restored when a page is opened within the days of grace", async () => {
    const { shops } = await kept();
    const before = await keptBut("sessions", "progress", "order_imports", "shops");
    await say("app/uninstalled");
    await work();
    expect(await row("uninstalled_at is not null as left")).toEqual({ left: true });
    await say("shop/redact");
    accepts();
    await giveSession(shop, inAnHour());
    await ensureInstalled({ shop });
    await work();
    const after = await kept();
    expect(after).toMatchObject({ ...before, write_batches: expect.anything() as string[] });
    expect(await row("uninstalled_at, leftovers, departure_evidence")).toEqual({
      ...{ uninstalled_at: null, leftovers: false, departure_evidence: null },
    });
    expect(JSON.parse(after.shops![0]!)).toMatchObject({
      writing_agreed_at: (JSON.parse(shops[0]!) as { writing_agreed_at: string }).writing_agreed_at,
    });
    // No webhooks arrived meanwhile: everything is read again.
    const { rows } = await pool.query(
      "select name from pgboss.job where state = 'created' order by 1",
    );
    expect(rows).toContainEqual({ name: "orders.import" });
    await set("uninstalled_at = null");
    expect(await enqueueDepartures()).toBeUndefined();
  });

  it("starts over when a page is opened after them, and that is recorded", async () => {
    await say("app/uninstalled");
    await work();
    await set("uninstalled_at = now() - interval '4 days'");
    accepts();
    await giveSession(shop, inAnHour());
    await ensureInstalled({ shop });
    expect(await row("leftovers, writing_agreed_at")).toEqual({
      ...{ leftovers: true, writing_agreed_at: null },
    });
    await work();
    const { rows } = await pool.query(
      "select asked_by, finished_at is not null as done from shop_erasures",
    );
    expect(rows).toEqual([{ asked_by: "installed-again", done: true }]);
    expect(await row("leftovers")).toEqual({ leftovers: false });
  });

  it("is erased after a week when Shopify never asks", async () => {
    await say("app/uninstalled");
    await work();
    await set("uninstalled_at = now() - interval '6 days'");
    await work();
    expect(await tablesWith("mine-")).not.toEqual([]);
    await set("uninstalled_at = now() - interval '8 days'");
    await enqueueDepartures();
    await work();
    expect(await tablesWith(shop)).toEqual([]);
    const { rows } = await pool.query("select asked_by from shop_erasures");
    expect(rows).toEqual([{ asked_by: "time" }]);
  });

  it("is left alone while a merchant is opening the app", async () => {
    await set("uninstalled_at = now() - interval '8 days'");
    await giveSession(shop, inAnHour());
    const before = await kept();
    await say("shop/redact");
    await work();
    expect(await kept()).toEqual(before);
  });

  it("is erased once, however often Shopify asks", async () => {
    await set("uninstalled_at = now() - interval '4 days'");
    await pool.query("delete from sessions where shop = $1", [shop]);
    for (let time = 0; time < 3; time += 1) {
      await say("shop/redact");
      await work();
    }
    expect(await tablesWith(shop)).toEqual([]);
    expect((await pool.query("select 1 from shop_erasures")).rowCount).toBe(1);
  });

  it("is erased completely wherever the erasure is interrupted", async () => {
    const theirs = await kept(other);
    await pool.query(
      `create or replace function cut_off() returns trigger language plpgsql as
       'begin raise exception ''the database went away''; end'`,
    );
    await set("uninstalled_at = now() - interval '4 days'");
    await pool.query("delete from sessions where shop = $1", [shop]);
    await say("shop/redact");
    let cuts = 0;
    const tables = [...new Set(heldTables.map(({ table }) => table))];
    for (const table of tables) {
      if ((await pool.query(`select 1 from ${table} where shop = $1`, [shop])).rowCount === 0)
        continue;
      cuts += 1;
      await pool.query(
        `create trigger cut_off before delete on ${table} for each row execute function cut_off()`,
      );
      await expect(runDeparture(shop)).rejects.toThrow("the database went away");
      await pool.query(`drop trigger cut_off on ${table}`);
      expect(await kept(other)).toEqual(theirs);
    }
    expect(cuts).toBeGreaterThan(12);
    await runDeparture(shop);
    expect(await tablesWith(shop)).toEqual([]);
    expect((await pool.query("select 1 from shop_erasures")).rowCount).toBe(1);
  });

  it("is erased by the next worker when one is killed in the middle", async () => {
    await set("uninstalled_at = now() - interval '4 days'");
    await pool.query("delete from sessions where shop = $1", [shop]);
    const client = await pool.connect();
    await client.query("begin");
    // While this lock is held, an erasure waits in the middle.
    await client.query("lock table tier_changes in share mode");
    await say("shop/redact");
    const worker = await startWorker();
    await until("the erasing", async () => {
      const waits = await client.query(
        "select 1 from pg_locks where not granted and relation = 'tier_changes'::regclass",
      );
      return waits.rowCount !== 0;
    });
    await end(worker, "SIGKILL");
    await client.query("rollback");
    client.release();
    expect(await tablesWith("mine-")).not.toEqual([]);
    await startWorker();
    await until("the end of the erasing", async () => (await tablesWith(shop)).length === 0);
  });
});
