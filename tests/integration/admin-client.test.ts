import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import { type ShopDomain, shopDomain } from "#app/lib/ids.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { createSegment, readSegment } from "#app/shopify/resources/segments.server.ts";
import { addTags } from "#app/shopify/resources/tags.server.ts";
import { readToken } from "#app/shopify/tokens/stored-token.server.ts";

import { deadRefreshToken, type FakeReply, FakeShopify, giveSession } from "./fake-shopify.ts";

const fake = new FakeShopify();
const tags = { id: "gid://shopify/Customer/1", tags: ["clv:high"] };
const done = { data: { tagsAdd: { userErrors: [] } } };
const throttled = { errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }] };

/** A separate shop for each test: buckets are per shop. */
let shop: ShopDomain;
let number = 0;

/** Answers with each reply once, then always with the last. */
function answers(...replies: FakeReply[]): () => FakeReply {
  let at = 0;
  return () => {
    const reply = replies[Math.min(at, replies.length - 1)]!;
    at += 1;
    return reply;
  };
}

beforeAll(() => fake.start());
afterAll(async () => {
  await fake.stop();
  await closeDatabase();
});
beforeEach(async () => {
  number += 1;
  shop = shopDomain(`shop-${number}.myshopify.com`);
  await giveSession(shop);
});
afterEach(() => {
  fake.reset();
});

describe("a call of the Admin API", () => {
  it("carries the shop's token and returns the data", async () => {
    fake.answers.set("EncoreTagsAdd", () => done);
    expect(await addTags(adminClient(shop), tags)).toEqual({ kind: "done" });
    expect(fake.calls).toEqual([{ operation: "EncoreTagsAdd", variables: tags, token: "token-1" }]);
  });

  it("returns Shopify's user errors without throwing", async () => {
    const userErrors = [{ field: ["id"], message: "Customer does not exist" }];
    fake.answers.set("EncoreTagsAdd", () => ({ data: { tagsAdd: { userErrors } } }));
    expect(await addTags(adminClient(shop), tags)).toEqual({
      kind: "refused",
      errors: [{ field: ["id"], message: "Customer does not exist", code: null }],
    });
  });

  it("treats a missing object as an answer", async () => {
    const errors = [{ message: "not found", extensions: { code: "NOT_FOUND" } }];
    fake.answers.set("EncoreSegment", () => ({ errors, data: { segment: null } }));
    expect(await readSegment(adminClient(shop), "gid://shopify/Segment/1")).toBeNull();
  });

  it("retries when throttled, after a server error, and without an answer", async () => {
    const replies = [throttled, { status: 429 }, { status: 502 }, done];
    fake.answers.set("EncoreTagsAdd", answers(...replies));
    expect(await addTags(adminClient(shop), tags)).toEqual({ kind: "done" });
    expect(fake.count("EncoreTagsAdd")).toBe(4);
  });

  it("retries when the connection breaks and after a timeout", async () => {
    const before = env.ADMIN_API_TIMEOUT_MS;
    env.ADMIN_API_TIMEOUT_MS = 1_500;
    try {
      fake.answers.set("EncoreTagsAdd", answers({ silence: "reset" }, { silence: "hang" }, done));
      expect(await addTags(adminClient(shop), tags)).toEqual({ kind: "done" });
      expect(fake.count("EncoreTagsAdd")).toBe(3);
    } finally {
      env.ADMIN_API_TIMEOUT_MS = before;
    }
  });

  it("tells a person after three attempts that Shopify does not answer", async () => {
    fake.answers.set("EncoreTagsAdd", () => ({ status: 503 }));
    const change = addTags(adminClient(shop), tags, { priority: "interactive" });
    await expect(change).rejects.toMatchObject({ code: "shopify-unreachable", retryable: true });
    expect(fake.count("EncoreTagsAdd")).toBe(3);
  });

  it.each<FakeReply>([{ status: 502 }, { silence: "reset" }])(
    "is not retried when it must not happen twice and may have happened: %o",
    async (reply) => {
      fake.answers.set("EncoreSegmentCreate", () => reply);
      const creation = createSegment(adminClient(shop), { name: "High", query: "q" });
      await expect(creation).rejects.toMatchObject({
        code: "shopify-unreachable",
        retryable: true,
      });
      expect(fake.count("EncoreSegmentCreate")).toBe(1);
    },
  );

  it("is retried when it must not happen twice but certainly did not happen", async () => {
    const segment = { id: "gid://shopify/Segment/1", name: "High", query: "q" };
    const made = { data: { segmentCreate: { segment, userErrors: [] } } };
    fake.answers.set("EncoreSegmentCreate", answers(throttled, { status: 429 }, made));
    await createSegment(adminClient(shop), { name: "High", query: "q" });
    expect(fake.count("EncoreSegmentCreate")).toBe(3);
  });

  it("fails at once when a permission is missing, and names it", async () => {
    const message = "Access denied for tagsAdd field. Required access: write_customers";
    const errors = [{ message, extensions: { code: "ACCESS_DENIED" } }];
    fake.answers.set("EncoreTagsAdd", () => ({ errors, data: { tagsAdd: null } }));
    await expect(addTags(adminClient(shop), tags)).rejects.toMatchObject({
      code: "shopify-access-denied",
      retryable: false,
      message: `EncoreTagsAdd for ${shop}: ${message}`,
    });
    expect(fake.calls).toHaveLength(1);
  });

  it("stops waiting when it is aborted", async () => {
    fake.answers.set("EncoreTagsAdd", () => throttled);
    const signal = AbortSignal.timeout(150);
    await expect(addTags(adminClient(shop), tags, { signal })).rejects.toThrow();
  });
});

describe("many direct calls at once", () => {
  it("finish within 1.5 times their cost divided by the restore rate", async () => {
    const rate = 1000;
    const bucket = { available: 0, at: Date.now() };
    fake.answers.set("EncoreTagsAdd", () => {
      const now = Date.now();
      bucket.available = Math.min(2000, bucket.available + ((now - bucket.at) / 1000) * rate);
      bucket.at = now;
      const fits = bucket.available >= 10;
      if (fits) bucket.available -= 10;
      const currentlyAvailable = Math.floor(bucket.available);
      fake.cost = {
        requestedQueryCost: 10,
        actualQueryCost: fits ? 10 : null,
        throttleStatus: { maximumAvailable: 2000, currentlyAvailable, restoreRate: rate },
      };
      return fits ? done : throttled;
    });
    const started = Date.now();
    const calls = Array.from({ length: 300 }, () => addTags(adminClient(shop), tags));
    const outcomes = await Promise.all(calls);
    const ideal = (300 * 10) / rate;
    expect(outcomes.every((outcome) => outcome.kind === "done")).toBe(true);
    expect((Date.now() - started) / 1000).toBeLessThan(ideal * 1.5);
  });
});

describe("the token", () => {
  const renewed = {
    data: {
      access_token: "token-2",
      scope: "read_orders",
      expires_in: 3600,
      refresh_token: "refresh-2",
      refresh_token_expires_in: 7_776_000,
    },
  };

  it("is renewed once before it expires, however many calls need it", async () => {
    await giveSession(shop, new Date(Date.now() + 60_000));
    let renewals = 0;
    fake.refresh = () => {
      renewals += 1;
      return renewed;
    };
    fake.answers.set("EncoreTagsAdd", () => done);
    await Promise.all(Array.from({ length: 5 }, () => addTags(adminClient(shop), tags)));
    expect(renewals).toBe(1);
    expect(fake.calls.map((call) => call.token)).toEqual(Array(5).fill("token-2"));
    const kept = await readToken(pool, shop);
    expect(kept).toMatchObject({ accessToken: "token-2", refreshToken: "refresh-2" });
    expect(kept?.expiresAt).toBeGreaterThan(Date.now() + 55 * 60_000);
  });

  it("is renewed when Shopify refuses it, and the call goes through", async () => {
    fake.refresh = () => renewed;
    fake.answers.set("EncoreTagsAdd", answers({ status: 401 }, done));
    expect(await addTags(adminClient(shop), tags)).toEqual({ kind: "done" });
    expect(fake.calls.map((call) => call.token)).toEqual(["token-1", "token-2"]);
  });

  it("is renewed again when a new one is refused, but not without end", async () => {
    let renewals = 0;
    fake.refresh = () => {
      renewals += 1;
      return { data: { ...renewed.data, access_token: `token-${renewals + 1}` } };
    };
    fake.answers.set("EncoreTagsAdd", answers({ status: 401 }, { status: 401 }, done));
    expect(await addTags(adminClient(shop), tags)).toEqual({ kind: "done" });
    fake.answers.set("EncoreTagsAdd", () => ({ status: 401 }));
    await expect(addTags(adminClient(shop), tags)).rejects.toMatchObject({
      code: "shopify-unauthorized",
    });
    expect(fake.calls.slice(3)).toHaveLength(4);
    expect(await readToken(pool, shop)).toBeUndefined();
  });

  it("is deleted when it can be neither used nor renewed", async () => {
    fake.refresh = () => deadRefreshToken;
    fake.answers.set("EncoreTagsAdd", () => ({ status: 401 }));
    await expect(addTags(adminClient(shop), tags)).rejects.toMatchObject({
      code: "shopify-unauthorized",
      retryable: false,
    });
    const kept = await pool.query("select 1 from sessions where shop = $1", [shop]);
    expect(kept.rowCount).toBe(0);
  });
});
