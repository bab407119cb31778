import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dayMs } from "#simulator/clock.ts";
import { Client, sessionToken } from "#tests/simulator/http.ts";
import { sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

const store = sampleStore(new Date("2026-11-21T12:00:00Z"));
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
});

const name = "{ shop { name } }";

describe("token exchange", () => {
  it("gives an offline token that expires in an hour, with a refresh token for ninety days", async () => {
    const { status, body } = await client.exchange({ subject_token: sessionToken(place) });
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^shpat_[0-9a-f]{32}$/) as string,
      scope: "read_orders,write_customers",
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^shprt_/) as string,
      refresh_token_expires_in: 7_776_000,
    });
    const answer = await client.graphql(body.access_token, name);
    expect(answer.body).toMatchObject({ data: { shop: { name: "Sample" } } });
    expect(answer.headers.get("x-shopify-api-version")).toBe("2026-10");
  });

  it("gives one that never expires to who does not ask for expiry", async () => {
    const { body } = await client.exchange({ subject_token: sessionToken(place), expiring: "0" });
    expect(Object.keys(body)).toEqual(["access_token", "scope"]);
    store.clock.advance(365 * dayMs);
    expect((await client.graphql(body.access_token, name)).status).toBe(200);
  });

  it("gives an online token with its user", async () => {
    const { body } = await client.exchange({
      subject_token: sessionToken(place),
      requested_token_type: "urn:shopify:params:oauth:token-type:online-access-token",
    });
    expect(body).toMatchObject({
      expires_in: 3600,
      associated_user: { account_owner: true, locale: "en" },
    });
  });

  it.each([
    ["has expired", () => sessionToken(place, -30)],
    ["is signed with another secret", () => sessionToken(place, 60, "another")],
    ["is no token", () => "nonsense"],
  ])("refuses a session token that %s", async (_, token) => {
    const { status, body } = await client.exchange({ subject_token: token() });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: "invalid_subject_token" });
  });

  it("refuses a client that does not know its secret", async () => {
    const { status } = await client.exchange({
      subject_token: sessionToken(place),
      client_secret: "no",
    });
    expect(status).toBe(401);
  });

  it("changes a token that never expires into a pair, and the old one dies", async () => {
    const old = await client.exchange({ subject_token: sessionToken(place), expiring: "0" });
    const offline = "urn:shopify:params:oauth:token-type:offline-access-token";
    const { body } = await client.exchange({
      subject_token: old.body.access_token,
      subject_token_type: offline,
    });
    expect(body).toMatchObject({ expires_in: 3600 });
    expect((await client.graphql(old.body.access_token, name)).status).toBe(401);
    expect((await client.graphql(body.access_token, name)).status).toBe(200);
  });
});

describe("an access token", () => {
  it("is answered 401 in Shopify's words once it has expired", async () => {
    const { body } = await client.exchange({ subject_token: sessionToken(place) });
    store.clock.advance(3601 * 1000);
    const refused = await client.graphql(body.access_token, name);
    expect(refused.status).toBe(401);
    expect(refused.body).toEqual({
      errors: "[API] Invalid API key or access token (unrecognized login or wrong password)",
    });
  });

  it("is renewed by its refresh token, which lives until the new one is first used", async () => {
    const { body } = await client.exchange({ subject_token: sessionToken(place) });
    const renew = (token: unknown) =>
      client.exchange({ grant_type: "refresh_token", refresh_token: token });
    const lost = await renew(body.refresh_token);
    const again = await renew(body.refresh_token);
    expect([lost.status, again.status]).toEqual([200, 200]);
    expect((await client.graphql(again.body.access_token, name)).status).toBe(200);
    const late = await renew(body.refresh_token);
    expect(late.status).toBe(400);
    expect(late.body).toMatchObject({ error: "invalid_grant" });
  });

  it("cannot be renewed after ninety days", async () => {
    const { body } = await client.exchange({ subject_token: sessionToken(place) });
    store.clock.advance(91 * dayMs);
    const { status } = await client.exchange({
      grant_type: "refresh_token",
      refresh_token: body.refresh_token,
    });
    expect(status).toBe(400);
  });
});

describe("the control plane", () => {
  it("takes the tokens of a shop away", async () => {
    const { body } = await client.exchange({ subject_token: sessionToken(place) });
    await client.post("/__simulator/tokens/expire", { shop: "sample" });
    expect((await client.graphql(body.access_token, name)).status).toBe(401);
    const renewal = { grant_type: "refresh_token", refresh_token: body.refresh_token };
    expect((await client.exchange(renewal)).status).toBe(200);
  });

  it("revokes what a shop had granted, which only token exchange mends", async () => {
    const { body } = await client.exchange({ subject_token: sessionToken(place) });
    await client.post("/__simulator/tokens/revoke", { shop: "sample" });
    expect((await client.graphql(body.access_token, name)).status).toBe(401);
    const renewal = { grant_type: "refresh_token", refresh_token: body.refresh_token };
    expect((await client.exchange(renewal)).body).toMatchObject({ error: "invalid_grant" });
    expect((await client.exchange({ subject_token: sessionToken(place) })).status).toBe(200);
  });
});
