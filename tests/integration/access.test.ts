import { readdirSync } from "node:fs";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { dayNumber } from "#app/lib/calendar.ts";
import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { type ShopDomain, shopDomain } from "#app/lib/ids.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { fillEveryTable, rowsOf } from "#tests/setup/every-table.ts";
import { sessionToken } from "#tests/setup/session-token.ts";
import { smallStore, storePurchases, storeShop } from "#tests/stores/stored-orders.ts";

import { delivery } from "../setup/webhook.ts";
import { FakeShopify, giveSession } from "./fake-shopify.ts";

const folder = path.resolve(import.meta.dirname, "../../app/routes");
const files = readdirSync(folder).filter(
  (file) => /\.tsx?$/.test(file) && !file.includes(".test."),
);

const mine = shopDomain("mine.myshopify.com");
const theirs = shopDomain("theirs.myshopify.com");
/** Prefix of every customer or order number of the other shop, which occurs nowhere else. */
const THEIR_NUMBERS = "730155008";
const theirCustomer = `${THEIR_NUMBERS}7000`;
/** Part of every text of the other shop that a test fills in. */
const THEIR_WORD = "word-of-theirs";

type Visit = {
  params?: Record<string, string>;
  search?: Record<string, string>;
  /** If present, the request is a POST. */
  form?: Record<string, string>;
  /** The request names an object of the other shop, which must not be found. */
  expected: 404 | "mine";
};

const theirReport = { id: `${THEIR_WORD}-id` };

/**
 * What a merchant of another shop may try, by route. A route that is missing here fails the test:
 * add for each new one the requests for another shop's data.
 */
const visits: Record<string, Visit[]> = {
  "app.tsx": [{ expected: "mine" }],
  "app.$.tsx": [{ params: { "*": theirCustomer }, expected: 404 }],
  "app._index.tsx": [
    { expected: "mine" },
    { form: { intent: "agree", shop: theirs }, expected: "mine" },
    { form: { intent: "dismiss", shop: theirs }, expected: "mine" },
    { form: { intent: "retry", task: "import", shop: theirs }, expected: "mine" },
  ],
  "app.progress.ts": [{ expected: "mine" }],
  "app.runs.tsx": [{ expected: "mine" }],
  "app.help.tsx": [{ expected: "mine" }],
  "app.accuracy._index.tsx": [{ expected: "mine" }],
  "app.accuracy.run.ts": [{ expected: "mine" }],
  "app.calendar.tsx": [{ expected: "mine" }],
  "app.order-effect.ts": [{ search: { tags: "wholesale", channels: "" }, expected: "mine" }],
  "app.order-sources.ts": [{ expected: "mine" }],
  "app.what-if.ts": [
    {
      search: { buyHigh: "2", buyLow: "0.5", clvHigh: "50", clvModerate: "40" },
      expected: "mine",
    },
  ],
  "app.customers._index.tsx": [
    { expected: "mine" },
    { search: { view: "slipping", value: "low", sort: "last-order-asc" }, expected: "mine" },
    { search: { after: "0~100.5~7000" }, expected: "mine" },
    { search: { search: "harriet" }, expected: "mine" },
  ],
  "app.customers.$id.tsx": [
    { params: { id: theirCustomer }, expected: 404 },
    { params: { id: theirCustomer }, form: { intent: "leave-out" }, expected: 404 },
    { params: { id: theirCustomer }, form: { intent: "score-again" }, expected: 404 },
  ],
  "app.targets.$axis.$tier.tsx": [
    { params: { axis: "clv", tier: "high" }, expected: "mine" },
    { params: { axis: "clv", tier: `${THEIR_WORD}-target_key` }, expected: 404 },
    { params: { axis: "clv", tier: "high" }, form: { name: "High" }, expected: "mine" },
  ],
  "app.privacy._index.tsx": [{ expected: "mine" }],
  "app.privacy.$id.tsx": [
    { params: theirReport, expected: 404 },
    { params: theirReport, form: { intent: "handed-over" }, expected: 404 },
  ],
  "app.settings.tsx": [
    { expected: "mine" },
    { form: { exclusionTag: "no scoring", shop: theirs }, expected: "mine" },
  ],
};

/** Routes without data of a shop. */
const open = ["$.tsx", "_index.tsx", "auth.$.tsx", "auth.login.tsx", "healthz.ts"];

type Handler = (args: { request: Request; params: object; context: object }) => unknown;
type RouteModule = { loader?: Handler; action?: Handler };

const load = async (file: string): Promise<RouteModule> =>
  (await import(path.join(folder, file))) as RouteModule;

type Answer = { status: number; text: string };

/** A handler's response to the merchant's browser. */
async function ask(file: string, visit: Visit, token: string | null): Promise<Answer> {
  const { loader, action } = await load(file);
  const handler = visit.form === undefined ? loader : action;
  if (handler === undefined) throw new Error(`${file} has no handler for ${JSON.stringify(visit)}`);
  const url = new URL(`https://127.0.0.1:3100/app`);
  // Whatever the address says: only the token determines the shop.
  url.search = new URLSearchParams({ shop: theirs, ...visit.search }).toString();
  const request = new Request(url, {
    headers: {
      "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(visit.form ? { method: "POST", body: new URLSearchParams(visit.form) } : {}),
  });
  const params = visit.params ?? {};
  const handled = async () => handler({ request, params, context: {} });
  const answer = await handled().catch((thrown: unknown) => thrown);
  if (answer instanceof Error) throw answer;
  if (answer instanceof Response) return { status: answer.status, text: await answer.text() };
  return { status: 200, text: JSON.stringify(answer) };
}

const all = Object.entries(visits).flatMap(([file, tried]) =>
  tried.map((visit) => ({ file, visit })),
);

const fake = new FakeShopify();
let before: Record<string, string[]>;

async function fill(shop: ShopDomain): Promise<void> {
  const asOf = "2026-11-22";
  await storeShop(shop);
  await storePurchases(shop, smallStore(dayNumber(asOf), 300));
  if (shop === theirs) {
    await pool.query(
      "update orders set customer_id = $2 || customer_id, order_id = $2 || order_id where shop = $1",
      [shop, THEIR_NUMBERS],
    );
  }
  await runScoring(shop, { asOf, weeks: 0 });
  await pool.query(
    "update shops set writing_agreed_at = case when $2 then now() end where shop = $1",
    [shop, shop === mine],
  );
  await giveSession(shop);
}

async function jobsOfTheirs(): Promise<number> {
  const { rowCount } = await pool.query("select 1 from pgboss.job where data->>'shop' = $1", [
    theirs,
  ]);
  return rowCount ?? 0;
}

beforeAll(async () => {
  await fake.start();
  fake.answers.set("EncoreShop", () => ({
    data: {
      shop: {
        id: "gid://shopify/Shop/1",
        name: "One",
        currencyCode: "GBP",
        ianaTimezone: "UTC",
        plan: { partnerDevelopment: false },
      },
      currentAppInstallation: { accessScopes: [] },
    },
  }));
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
  await fill(mine);
  await fill(theirs);
  await fillEveryTable({ shop: theirs, customerId: theirCustomer, word: THEIR_WORD });
  await pool.query(
    "update sessions set access_token = 'token-of-theirs' where shop = $1 and id like 'offline%'",
    [theirs],
  );
  await pool.query("delete from pgboss.job");
  before = await rowsOf(theirs);
}, 120_000);

afterAll(async () => {
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});

describe("every route", () => {
  it("is known to this test, with a request for each of its handlers", async () => {
    const webhooks = files.filter((file) => file.startsWith("webhooks."));
    expect([...Object.keys(visits), ...open, ...webhooks].sort()).toEqual(files.sort());
    for (const [file, tried] of Object.entries(visits)) {
      const { loader, action } = await load(file);
      const handlers = { read: loader !== undefined, write: action !== undefined };
      expect({
        file,
        read: tried.some(({ form }) => form === undefined),
        write: tried.some(({ form }) => form !== undefined),
      }).toEqual({ file, ...handlers });
    }
  });
});

describe("a merchant", () => {
  it.each(all)("gets no data of another shop: $file $visit", async ({ file, visit }) => {
    const { status, text } = await ask(file, visit, sessionToken(mine));
    expect(text).not.toContain(THEIR_NUMBERS);
    expect(text).not.toContain(THEIR_WORD);
    expect(text).not.toContain(theirs);
    // 502: the fake Shopify, which was called with the merchant's own token, has no answer for
    // this.
    expect(visit.expected === 404 ? [404] : [200, 502]).toContain(status);
    expect(await rowsOf(theirs)).toEqual(before);
    expect(await jobsOfTheirs()).toBe(0);
    expect(fake.calls.filter(({ token }) => token !== "token-1")).toEqual([]);
  });

  it("gets its own data, so that the test would detect a leak", async () => {
    const theirView = await ask(
      "app.customers.$id.tsx",
      { params: { id: theirCustomer }, expected: "mine" },
      sessionToken(theirs),
    );
    expect(theirView.status).not.toBe(404);
    const report = await ask("app.privacy._index.tsx", { expected: "mine" }, sessionToken(theirs));
    expect(report.text).toContain(THEIR_WORD);
    fake.calls.length = 0;
    // Its own visit called Shopify, with points of its own bucket.
    before = await rowsOf(theirs);
  });
});

describe("without a token of Shopify's", () => {
  const forged = {
    none: null,
    "with another secret": sessionToken(theirs, { secret: "simulated-other" }),
    "that is over": sessionToken(theirs, { expiresInSeconds: -3_600 }),
  };
  const tried = Object.entries(forged).flatMap(([name, token]) =>
    all.map(({ file, visit }) => ({ name, token, file, visit })),
  );

  it.each(tried)("nobody gets or changes anything ($name): $file $visit", async (one) => {
    const { status, text } = await ask(one.file, one.visit, one.token);
    expect([302, 401, 410]).toContain(status);
    expect(text).not.toContain(THEIR_NUMBERS);
    expect(text).not.toContain(THEIR_WORD);
    expect(await rowsOf(theirs)).toEqual(before);
    expect(await jobsOfTheirs()).toBe(0);
  });

  it.each(open)("%s returns no data of a shop", async (file) => {
    const { loader, action } = await load(file);
    expect(action).toBeUndefined();
    if (loader === undefined) return;
    const { text } = await ask(file, { expected: "mine" }, null);
    expect(text).not.toContain(THEIR_NUMBERS);
    expect(text).not.toContain(THEIR_WORD);
  });
});

describe("a webhook with a wrong signature", () => {
  const webhooks = files.filter((file) => file.startsWith("webhooks."));

  it.each(webhooks)("is refused, and changes nothing: %s", async (file) => {
    const { action, loader } = await load(file);
    expect(loader).toBeUndefined();
    const forged = delivery({
      shop: theirs,
      topic: "app/uninstalled",
      body: { id: 1, myshopify_domain: theirs },
      secret: "simulated-other",
    });
    const answer = await action?.(forged);
    if (!(answer instanceof Response)) throw new Error(`${file} gave no answer`);
    expect(answer.status).toBe(401);
    expect(await rowsOf(theirs)).toEqual(before);
    expect(await jobsOfTheirs()).toBe(0);
  });
});
