import { afterEach, describe, expect, it, vi } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import { messageOf } from "./finding.ts";
import { checkCredentials } from "./shopify.ts";

const shop = shopDomain("one.myshopify.com");
const real = { simulated: undefined };
const app = { id: "id", secret: "shpss_secret" };
const dead = {
  error: "invalid_request",
  error_description: "This request requires an active refresh_token",
};

/** A fake Shopify that records requests. */
function answering(status: number, body: unknown, date = new Date()) {
  const asked: Request[] = [];
  const text = typeof body === "string" ? body : JSON.stringify(body);
  vi.stubGlobal("fetch", (input: string, init: RequestInit) => {
    asked.push(new Request(input, init));
    return Promise.resolve(new Response(text, { status, headers: { date: date.toUTCString() } }));
  });
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

describe("checking the client id and secret", () => {
  it("uses a token that does not exist", async () => {
    const asked = answering(401, dead);
    expect(await checkCredentials(real, shop, app)).toMatchObject([
      { mark: "ok", about: "Client secret" },
      { mark: "ok", about: "Clock" },
    ]);
    expect(asked.map(({ method, url }) => [method, url])).toEqual([
      ["POST", "https://one.myshopify.com/admin/oauth/access_token"],
    ]);
    expect(await asked[0]?.json()).toMatchObject({
      ...{ client_id: "id", client_secret: "shpss_secret", grant_type: "refresh_token" },
    });
  });

  it.each([
    [400, { error: "invalid_client" }, "Client secret", "SHOPIFY_API_SECRET is not this app's"],
    [401, "<html>no</html>", "Client secret", "SHOPIFY_API_SECRET is not this app's"],
    [400, { error: "application_cannot_be_found" }, "Client id", "SHOPIFY_API_KEY is no app's"],
    [404, { errors: "Not Found" }, "Shopify", "is this the shop's name?"],
    [503, "", "Shopify", "try again"],
    [429, "", "Shopify", "try again"],
  ])("%i %j is about: %s", async (...[status, body, about, todo]) => {
    answering(status, body);
    const [finding] = await checkCredentials(real, shop, app);
    expect(finding).toMatchObject({ mark: "wrong", about });
    expect(finding?.todo).toContain(todo);
    expect(JSON.stringify(finding)).not.toContain("shpss_");
  });

  it("compares our clock with Shopify's, but not with a simulated shop's", async () => {
    const early = new Date(Date.now() - 120_000);
    answering(401, dead, early);
    const [, clock] = await checkCredentials(real, shop, app);
    expect(clock).toMatchObject({ mark: "wrong", about: "Clock" });
    expect(clock?.found).toMatch(/^1[12]\d s ahead of Shopify$/);
    const simulated = { simulated: "http://127.0.0.1:1" };
    expect(await checkCredentials(simulated, shop, app)).toHaveLength(1);
  });
});

describe("an error", () => {
  it("is shown in one line, with the cause of a failed fetch, and without passwords", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), {
      code: "ECONNREFUSED",
    });
    expect(messageOf(new TypeError("fetch failed", { cause: refused }))).toBe(refused.message);
    expect(messageOf(new AggregateError([refused], ""))).toBe(refused.message);
    expect(messageOf(new Error("no postgresql://encore:hunter2@db/x\nat line 3"))).toBe(
      "no postgresql://…@db/x",
    );
    expect(messageOf(Object.assign(new Error("gone"), { code: "57P01" }))).toBe("gone (57P01)");
    expect(messageOf("odd")).toBe("odd");
  });
});
