import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { accessToken } from "#app/shopify/tokens/renew-token.server.ts";
import { readToken } from "#app/shopify/tokens/stored-token.server.ts";

import { deadRefreshToken, FakeShopify, giveSession } from "./fake-shopify.ts";

const root = path.resolve(import.meta.dirname, "../..");
const shop = shopDomain("one.myshopify.com");
const soon = () => new Date(Date.now() + 60_000);
const fake = new FakeShopify();
/** Number of renewals requested from Shopify. */
let renewals = 0;

/**
 * Returns a new pair each time; a refresh token works once, as if its successor were used at once.
 */
function goodForOneUse(afterMs = 0): void {
  fake.refresh = async () => {
    renewals += 1;
    const reply = renewals === 1 ? pair(2) : deadRefreshToken;
    await sleep(afterMs);
    return reply;
  };
}

function pair(number: number) {
  return {
    data: {
      access_token: `token-${number}`,
      scope: "read_orders",
      expires_in: 3600,
      refresh_token: `refresh-${number}`,
      refresh_token_expires_in: 7_776_000,
    },
  };
}

/** A separate process that needs the token twice concurrently. */
async function another(): Promise<string> {
  const script = `
    const { accessToken } = await import("#app/shopify/tokens/renew-token.server.ts");
    const { closeDatabase } = await import("#app/lib/db.server.ts");
    const tokens = await Promise.all([accessToken("${shop}"), accessToken("${shop}")]);
    console.log(tokens.join(" "));
    await closeDatabase();`;
  const args = ["--import", "tsx", "--input-type=module", "-e", script];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await once(child, "close");
  return said.trim();
}

beforeAll(() => fake.start());
beforeEach(() => {
  renewals = 0;
});
afterEach(async () => {
  await pool.query("truncate sessions, shops");
  await pool.query("drop trigger if exists no_update on sessions");
});
afterAll(async () => {
  await fake.stop();
  await closeDatabase();
});

describe("renewing a token", () => {
  it("happens once, however many processes need it", async () => {
    await giveSession(shop, soon());
    goodForOneUse(2_000);
    const said = await Promise.all([another(), another(), another()]);
    expect(said).toEqual(Array(3).fill("token-2 token-2"));
    expect(renewals).toBe(1);
  });

  it("uses one connection, however many calls wait for it", async () => {
    await giveSession(shop, soon());
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      fake.refresh = () => {
        resolve();
        return new Promise((reply) => (answer = () => reply(pair(2))));
      };
    });
    const calls = Promise.all(Array.from({ length: 30 }, () => accessToken(shop)));
    await asked;
    const { rows } = await pool.query(
      `select count(*)::int from pg_locks where locktype = 'advisory'
          and database = (select oid from pg_database where datname = current_database())`,
    );
    answer();
    expect(new Set(await calls)).toEqual(new Set(["token-2"]));
    expect(rows).toEqual([{ count: 1 }]);
  });

  it("loses nothing when the response cannot be stored: the previous refresh token still works", async () => {
    await giveSession(shop, soon());
    fake.refresh = () => pair((renewals += 1) + 1);
    await pool.query(
      `create or replace function no_update() returns trigger language plpgsql as
       'begin raise exception ''the database went away''; end'`,
    );
    await pool.query(
      "create trigger no_update before update on sessions execute function no_update()",
    );
    await expect(accessToken(shop)).rejects.toThrow("the database went away");
    expect(await readToken(pool, shop)).toMatchObject({ refreshToken: "refresh-1" });
    await pool.query("drop trigger no_update on sessions");
    expect(await accessToken(shop)).toBe("token-3");
    expect(await readToken(pool, shop)).toMatchObject({ refreshToken: "refresh-3" });
  });

  it.each([
    {
      what: "Shopify refuses without a word",
      status: 400,
      code: "shopify-unreachable",
      retryable: true,
    },
    { what: "our secret is wrong", status: 401, code: "shopify-unreachable", retryable: true },
    { what: "Shopify stumbles", status: 502, code: "shopify-unreachable", retryable: true },
    { what: "the shop is frozen", status: 402, code: "shopify-shop-unavailable", retryable: false },
  ])("keeps the session when $what", async ({ status, code, retryable }) => {
    await giveSession(shop, soon());
    fake.refresh = () => ({ status });
    await expect(accessToken(shop)).rejects.toMatchObject({ code, retryable });
    expect(await readToken(pool, shop)).toMatchObject({ accessToken: "token-1" });
  });

  it("ends the access when Shopify no longer accepts the refresh token", async () => {
    await pool.query(
      `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
       values ($1, '1', 'One', 'EUR', 'UTC', true)`,
      [shop],
    );
    await giveSession(shop, soon());
    fake.refresh = () => deadRefreshToken;
    await expect(accessToken(shop)).rejects.toMatchObject({
      code: "shopify-unauthorized",
      retryable: false,
    });
    expect(await readToken(pool, shop)).toBeUndefined();
    const { rows } = await pool.query(
      "select access_lost_code as code, access_lost_at is not null as lost from shops",
    );
    expect(rows).toEqual([{ code: "not-renewed", lost: true }]);
  });
});
