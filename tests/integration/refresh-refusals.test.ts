import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { accessToken } from "#app/shopify/tokens/renew-token.server.ts";
import { readToken } from "#app/shopify/tokens/stored-token.server.ts";

import { type FakeReply, FakeShopify, giveSession } from "./fake-shopify.ts";

const shop = shopDomain("one.myshopify.com");
const fake = new FakeShopify();

const DEAD = "This request requires an active refresh_token";

type Refusal = { status: number; error?: string; error_description?: string };

/** Requests a token whose renewal is refused in this way. @returns the caller's error */
async function refused(refusal: Refusal): Promise<unknown> {
  fake.refresh = () => refusal as FakeReply;
  await giveSession(shop, new Date(Date.now() + 60_000));
  return accessToken(shop).then(
    () => "a token",
    (error: unknown) => error,
  );
}

const access = async () => (await pool.query("select access_lost_code as lost from shops")).rows[0];

beforeAll(() => fake.start());
beforeEach(async () => {
  await pool.query("truncate sessions, shops");
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
     values ($1, '1', 'One', 'EUR', 'UTC', true)`,
    [shop],
  );
});
afterAll(async () => {
  await fake.stop();
  await closeDatabase();
});

describe("a renewal that Shopify refuses", () => {
  const dead: Refusal[] = [
    { status: 401, error: "invalid_request", error_description: DEAD },
    { status: 400, error: "invalid_grant" },
    { status: 401, error: "invalid_grant", error_description: "The refresh token was rotated" },
  ];

  it.each(dead)("ends the access when the refresh token is invalid: %j", async (refusal) => {
    expect(await refused(refusal)).toMatchObject({
      code: "shopify-unauthorized",
      retryable: false,
    });
    expect(await readToken(pool, shop)).toBeUndefined();
    expect(await access()).toEqual({ lost: "not-renewed" });
  });

  const passing: Refusal[] = [400, 401].flatMap((status) => [
    { status, error: "invalid_client", error_description: "The client secret is wrong" },
    { status, error: "invalid_request", error_description: "The client_id is missing" },
    { status, error: "invalid_request" },
    { status, error: "unauthorized_client" },
    { status, error: "unsupported_grant_type" },
    { status, error: "invalid_scope" },
    { status },
  ]);
  passing.push(
    // The description alone, without its error code, proves nothing.
    { status: 401, error: "invalid_client", error_description: DEAD },
    { status: 403, error: "application_cannot_be_found" },
    { status: 429 },
    { status: 500 },
    { status: 502 },
    { status: 503 },
  );

  it.each(passing)("keeps the session for any other response: %j", async (refusal) => {
    expect(await refused(refusal)).toMatchObject({ code: "shopify-unreachable", retryable: true });
    expect(await readToken(pool, shop)).toMatchObject({ accessToken: "token-1" });
    expect(await access()).toEqual({ lost: null });
  });

  it.each([402, 404, 423])("keeps the session when the shop is closed: %i", async (status) => {
    expect(await refused({ status })).toMatchObject({
      code: "shopify-shop-unavailable",
      retryable: false,
    });
    expect(await readToken(pool, shop)).toMatchObject({ accessToken: "token-1" });
    expect(await access()).toEqual({ lost: null });
  });
});
