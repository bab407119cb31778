import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { createClock } from "#simulator/clock.ts";
import type { Place } from "#tests/simulator/ask.ts";
import { Client, sessionToken } from "#tests/simulator/http.ts";
import { customer, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

const alba = customer("7");
const store = { ...sampleStore(new Date()), clock: createClock() };
const place: Place = { store, shop: shopOf({ customers: [alba], orders: [], store }) };
const read = "{ shop { name } }";
const tag = (name: string) =>
  `mutation { tagsAdd(id: "gid://shopify/Customer/7", tags: ["${name}"]) { node { id } } }`;

let client: Client;
let token: unknown;
beforeAll(async () => {
  client = await Client.start(place);
});
afterAll(() => client.close());
beforeEach(async () => {
  store.faults.forget();
  alba.tags = [];
  ({ access_token: token } = (await client.exchange({ subject_token: sessionToken(place) })).body);
});

const plan = (body: unknown) => client.post("/__simulator/faults", body);

describe("the control plane's faults", () => {
  it("answer with a server error before anything is done", async () => {
    await plan({ serverError: { count: 1, status: 503 } });
    expect((await client.graphql(token, tag("a"))).status).toBe(503);
    expect(alba.tags).toEqual([]);
    expect((await client.graphql(token, tag("a"))).status).toBe(200);
    expect(store.faults.kinds.serverError.fired).toBe(1);
  });

  it("answer with a server error after a mutation was carried out, but not for queries", async () => {
    await plan({ lostAnswer: { count: 1, status: 500 } });
    expect((await client.graphql(token, read)).status).toBe(200);
    expect((await client.graphql(token, `# a comment first\n${tag("a")}`)).status).toBe(500);
    expect(alba.tags).toEqual(["a"]);
  });

  it("lose the response to a renewal, whose refresh token stays valid", async () => {
    const { body } = await client.exchange({ subject_token: sessionToken(place) });
    const renewal = { grant_type: "refresh_token", refresh_token: body.refresh_token };
    await plan({ lostAnswer: { count: 1 } });
    expect((await client.exchange(renewal)).status).toBe(502);
    expect((await client.exchange(renewal)).status).toBe(200);
  });

  it("answer 429 with Retry-After", async () => {
    await plan({ tooManyRequests: { count: 1, retryAfterSeconds: 2 } });
    const { status, headers } = await client.graphql(token, read);
    expect([status, headers.get("retry-after")]).toEqual([429, "2.0"]);
  });

  it("never answer a request, without carrying it out", async () => {
    await plan({ hang: { count: 1 } });
    const asked = fetch(`${store.settings.origin}/admin/api/2026-10/graphql.json`, {
      method: "POST",
      headers: {
        "x-shopify-access-token": String(token),
        "x-simulated-host": place.shop.domain,
      },
      body: JSON.stringify({ query: tag("a") }),
      signal: AbortSignal.timeout(200),
    });
    await expect(asked).rejects.toThrow(/timeout/);
    expect(alba.tags).toEqual([]);
    expect(store.faults.kinds.hang.fired).toBe(1);
  });

  it("carry out a request at once and answer it late", async () => {
    await plan({ lateAnswer: { count: 1, milliseconds: 200 } });
    const started = performance.now();
    const answer = client.graphql(token, tag("a"));
    await expect.poll(() => alba.tags).toEqual(["a"]);
    expect((await answer).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(190);
  });

  it("invalidate a token with the request that uses it", async () => {
    await plan({ expireToken: { count: 1 } });
    expect((await client.graphql(token, read)).status).toBe(401);
    expect((await client.graphql(token, read)).status).toBe(401);
    expect(store.faults.kinds.expireToken.fired).toBe(1);
  });

  it("are counted, and can be ended", async () => {
    await plan({ seed: 3, throttle: { rate: 1 } });
    const throttled = [{ extensions: { code: "THROTTLED" } }];
    expect((await client.graphql(token, read)).body.errors).toMatchObject(throttled);
    await client.post("/__simulator/faults/end", {});
    expect((await client.graphql(token, read)).body.errors).toBeUndefined();
    const counted = await fetch(`${store.settings.origin}/__simulator/faults`);
    expect(await counted.json()).toMatchObject({ throttle: { count: 0, rate: 0, fired: 1 } });
  });

  it("are refused if unknown", async () => {
    expect((await plan({ earthquake: { count: 1 } })).status).toBe(422);
    expect((await plan({ throttle: { rate: 2 } })).status).toBe(422);
  });
});
