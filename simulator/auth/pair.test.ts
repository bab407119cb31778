import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { dayMs } from "#simulator/clock.ts";
import { Client, sessionToken } from "#tests/simulator/http.ts";
import { sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

const store = sampleStore(new Date("2026-11-21T12:00:00Z"));
store.settings.customApp = { token: "shpat_custom", clientId: "77", scopes: ["write_customers"] };
const shop = shopOf({ customers: [], orders: [], store });
const place = { store, shop };
let client: Client;

beforeAll(async () => {
  client = await Client.start(place);
});

afterAll(() => client.close());

beforeEach(() => {
  shop.tokens.clear();
  shop.refreshTokens.clear();
  store.settings.rotatedTokenAnswer = "invalid_request";
});

type Pair = { access_token: string; refresh_token: string };

const exchange = async () =>
  (await client.exchange({ subject_token: sessionToken(place) })).body as Pair;
const renew = (token: unknown) =>
  client.exchange({ grant_type: "refresh_token", refresh_token: token });
const renewed = async (token: unknown) => (await renew(token)).body as Pair;
const use = async (token: unknown) => (await client.graphql(token, "{ shop { name } }")).status;
const control = (path: string, body: object = {}) =>
  client.post(`/__simulator/tokens/${path}`, { shop: "sample", ...body });
const dead = {
  status: 401,
  body: {
    error: "invalid_request",
    error_description: "This request requires an active refresh_token",
  },
};

describe("the token pair of an app in a shop", () => {
  it("is invalid after another exchange: both its access token and its refresh token", async () => {
    const first = await exchange();
    const second = await exchange();
    const refused = await client.graphql(first.access_token, "{ shop { name } }");
    expect(refused).toMatchObject({
      status: 401,
      body: {
        errors: "[API] Invalid API key or access token (unrecognized login or wrong password)",
      },
    });
    expect(await renew(first.refresh_token)).toMatchObject(dead);
    expect(await use(second.access_token)).toBe(200);
    expect((await renew(second.refresh_token)).status).toBe(200);
  });

  it("does not affect online tokens and tokens of other apps", async () => {
    const kind = "urn:shopify:params:oauth:token-type:online-access-token";
    const asked = { subject_token: sessionToken(place), requested_token_type: kind };
    const { body } = await client.exchange(asked);
    await exchange();
    await exchange();
    expect(await use(body.access_token)).toBe(200);
    expect(await use("shpat_custom")).toBe(200);
  });

  it("is returned for a non-expiring token, which becomes invalid", async () => {
    const old = await client.exchange({ subject_token: sessionToken(place), expiring: "0" });
    const offline = "urn:shopify:params:oauth:token-type:offline-access-token";
    const change = { subject_token: old.body.access_token, subject_token_type: offline };
    const before = await exchange();
    const { body } = await client.exchange(change);
    expect(body).toMatchObject({ expires_in: 3600 });
    expect(await use(body.access_token)).toBe(200);
    expect([await use(old.body.access_token), await use(before.access_token)]).toEqual([401, 401]);
    expect((await client.exchange(change)).body.error).toBe("invalid_subject_token");
  });

  it("has an access token of an hour", async () => {
    const { access_token: token } = await exchange();
    store.clock.advance(3601 * 1000);
    expect(await use(token)).toBe(401);
  });
});

describe("a refresh token", () => {
  it("stays valid until the access token that it returned is first used", async () => {
    const first = await exchange();
    const lost = await renewed(first.refresh_token);
    expect(await use(first.access_token)).toBe(401);
    const second = await renewed(first.refresh_token);
    expect(await use(lost.access_token)).toBe(401);
    expect(await use(second.access_token)).toBe(200);
    expect(await renew(first.refresh_token)).toMatchObject(dead);
    expect(await renew(lost.refresh_token)).toMatchObject(dead);
    expect((await renew(second.refresh_token)).status).toBe(200);
  });

  it("stays valid until the refresh token that it returned is first used", async () => {
    const first = await exchange();
    const second = await renewed(first.refresh_token);
    const third = await renewed(second.refresh_token);
    expect(await renew(first.refresh_token)).toMatchObject(dead);
    expect(await use(third.access_token)).toBe(200);
  });

  it("can be used again for thirty days, but not after its ninety", async () => {
    const first = await exchange();
    await renew(first.refresh_token);
    store.clock.advance(29 * dayMs);
    expect((await renew(first.refresh_token)).status).toBe(200);
    store.clock.advance(2 * dayMs);
    expect(await renew(first.refresh_token)).toMatchObject(dead);
    const other = await exchange();
    store.clock.advance(91 * dayMs);
    expect(await renew(other.refresh_token)).toMatchObject(dead);
  });

  it("is refused as invalid if unknown, and as configured if it was rotated", async () => {
    expect(await renew("shprt_nobody")).toMatchObject(dead);
    const first = await exchange();
    await use((await renewed(first.refresh_token)).access_token);
    expect(await renew(first.refresh_token)).toMatchObject(dead);
    await control("rotated", { answer: "invalid_grant" });
    expect(await renew(first.refresh_token)).toMatchObject({
      status: 400,
      body: { error: "invalid_grant" },
    });
    expect(await renew("shprt_nobody")).toMatchObject(dead);
  });
});

describe("the control plane", () => {
  it("expires access tokens, which a renewal fixes", async () => {
    const pair = await exchange();
    await control("expire");
    expect(await use(pair.access_token)).toBe(401);
    expect((await renew(pair.refresh_token)).status).toBe(200);
  });

  it.each(["revoke", "replace"])("ends a pair by %s, which only an exchange fixes", async (how) => {
    const pair = await exchange();
    expect((await control(how)).body).toEqual({ revoked: 2 });
    expect(await use(pair.access_token)).toBe(401);
    expect(await renew(pair.refresh_token)).toMatchObject(dead);
    expect(await use((await exchange()).access_token)).toBe(200);
  });

  it("ends only the refresh token: the access token stays valid until it expires", async () => {
    const pair = await exchange();
    await control("revoke-refresh");
    expect(await renew(pair.refresh_token)).toMatchObject(dead);
    expect(await use(pair.access_token)).toBe(200);
  });

  it("can do both as faults, when a token is used", async () => {
    const first = await exchange();
    store.faults.plan({ revokePair: { count: 1 } });
    expect(await use("shpat_nobody")).toBe(401);
    expect(store.faults.kinds.revokePair.fired).toBe(0);
    expect(await use(first.access_token)).toBe(401);
    expect(await renew(first.refresh_token)).toMatchObject(dead);
    const second = await exchange();
    store.faults.plan({ killRefreshToken: { count: 1 } });
    expect(await renew(second.refresh_token)).toMatchObject(dead);
    expect(await use(second.access_token)).toBe(200);
    expect(store.faults.kinds).toMatchObject({
      revokePair: { fired: 1 },
      killRefreshToken: { fired: 1 },
    });
  });
});
