import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

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
  it("returns an offline token that expires in an hour, with a refresh token for ninety days", async () => {
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

  it("returns a non-expiring token when expiry is not requested, and the Admin API refuses it", async () => {
    const { body } = await client.exchange({ subject_token: sessionToken(place), expiring: "0" });
    expect(Object.keys(body)).toEqual(["access_token", "scope"]);
    const refused = await client.graphql(body.access_token, name);
    expect(refused.status).toBe(403);
    expect(refused.body.errors).toMatch(
      /^\[API\] Non-expiring access tokens are no longer accepted/,
    );
  });

  it("returns an online token with its user", async () => {
    const { body } = await client.exchange({
      subject_token: sessionToken(place),
      requested_token_type: "urn:shopify:params:oauth:token-type:online-access-token",
    });
    expect(body).toMatchObject({
      expires_in: 86_399,
      associated_user: { account_owner: true, locale: "en" },
    });
  });

  it.each([
    ["has expired", () => sessionToken(place, -30)],
    ["is signed with another secret", () => sessionToken(place, 60, { secret: "another" })],
    ["is no token", () => "nonsense"],
  ])("refuses a session token that %s", async (_, token) => {
    const { status, body } = await client.exchange({ subject_token: token() });
    expect(status).toBe(400);
    expect(body).toEqual({
      error: "invalid_subject_token",
      error_description: "Token exchange cannot be performed due to an invalid subject token.",
    });
  });

  it.each([
    ["its secret", { client_secret: "no" }, "invalid_request"],
    ["its id", { client_id: "no" }, "application_cannot_be_found"],
  ])("refuses a client that does not know %s", async (_, wrong, error) => {
    const { status, body } = await client.exchange({
      subject_token: sessionToken(place),
      ...wrong,
    });
    expect([status, body.error]).toEqual([400, error]);
    expect(body.error_description).not.toContain("refresh_token");
    const page = await fetch(`${store.settings.origin}/admin/oauth/access_token`, {
      method: "POST",
      headers: { "x-simulated-host": shop.domain },
      body: JSON.stringify({ client_id: store.app.apiKey, ...wrong }),
    });
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(await page.text()).toContain(`<title>400 - Oauth error ${error}</title>`);
  });

  it("is refused for a session token from before the app was uninstalled", async () => {
    const { body } = await client.exchange({ subject_token: sessionToken(place) });
    const before = sessionToken(place, 60, { madeSecondsAgo: 5 });
    await client.post("/__simulator/uninstall", { shop: "sample" });
    expect((await client.graphql(body.access_token, name)).status).toBe(401);
    const renewal = { grant_type: "refresh_token", refresh_token: body.refresh_token };
    expect((await client.exchange(renewal)).status).toBe(401);
    const late = await client.exchange({ subject_token: before });
    expect([late.status, late.body.error]).toEqual([400, "invalid_subject_token"]);
    expect(shop.installed).toBe(false);
    expect((await client.exchange({ subject_token: sessionToken(place) })).status).toBe(200);
    expect(shop.installed).toBe(true);
  });

  it("exchanges a non-expiring token for a pair, and the old token becomes invalid", async () => {
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
