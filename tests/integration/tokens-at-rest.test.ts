import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import { Session } from "@shopify/shopify-api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool, prisma } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { accessToken } from "#app/shopify/tokens/renew-token.server.ts";
import { resealTokens } from "#app/shopify/tokens/reseal.server.ts";
import { SealedSessionStorage } from "#app/shopify/tokens/session-storage.server.ts";

import { FakeShopify, giveSession } from "./fake-shopify.ts";

const root = path.resolve(import.meta.dirname, "../..");
const shop = shopDomain("one.myshopify.com");
const id = `offline_${shop}`;
const [testKey] = env.TOKEN_KEYS;
const newKey = { id: "new", key: Buffer.alloc(32, 9) };
const storage = new SealedSessionStorage(prisma);
const fake = new FakeShopify();

function session(): Session {
  return new Session({
    id,
    shop,
    state: "",
    isOnline: false,
    scope: "read_orders",
    accessToken: "shpat_plain-access",
    expires: new Date(Date.now() + 3_600_000),
    refreshToken: "shprt_plain-refresh",
    refreshTokenExpires: new Date(Date.now() + 90 * 86_400_000),
  });
}

/** The whole table as text. */
async function tableText(): Promise<string> {
  const { rows } = await pool.query<{ row: string }>("select s::text as row from sessions s");
  return rows.map(({ row }) => row).join("\n");
}

/** The command as an operator runs it. */
async function rotateKeys(keys: string): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/rotate-keys.ts"], {
    cwd: root,
    env: { ...process.env, TOKEN_KEYS: keys },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  }
  const [code] = (await once(child, "close")) as [number];
  return { code, said: said.join("") };
}

function written(...keys: { id: string; key: Uint8Array }[]): string {
  return keys.map(({ id, key }) => `${id}:${Buffer.from(key).toString("base64")}`).join(",");
}

beforeAll(() => fake.start());
beforeEach(() => pool.query("truncate sessions"));
afterEach(() => {
  env.TOKEN_KEYS.splice(0, Infinity, testKey!);
});
afterAll(async () => {
  await fake.stop();
  await closeDatabase();
});

describe("a token in the database", () => {
  it("is encrypted, and readable for the library and for our own calls", async () => {
    await storage.storeSession(session());
    expect(await tableText()).not.toContain("plain-");
    expect(await tableText()).toMatch(/sealed:test:.*sealed:test:/);
    const loaded = await storage.loadSession(id);
    expect(loaded).toMatchObject({
      accessToken: "shpat_plain-access",
      refreshToken: "shprt_plain-refresh",
    });
    expect(await storage.findSessionsByShop(shop)).toEqual([loaded]);
    expect(await accessToken(shop)).toBe("shpat_plain-access");
  });

  it("is encrypted without changing the session object that the library uses", async () => {
    const kept = session();
    await storage.storeSession(kept);
    expect(kept.accessToken).toBe("shpat_plain-access");
  });

  it("is encrypted after a renewal", async () => {
    await giveSession(shop, new Date(Date.now() + 60_000));
    fake.refresh = () => ({
      data: {
        access_token: "plain-2",
        scope: "",
        expires_in: 3600,
        refresh_token: "plain-3",
        refresh_token_expires_in: 7_776_000,
      },
    });
    expect(await accessToken(shop)).toBe("plain-2");
    expect(await tableText()).not.toContain("plain-");
    expect((await storage.loadSession(id))?.refreshToken).toBe("plain-3");
  });

  it("cannot be decrypted in another shop's row", async () => {
    await storage.storeSession(session());
    const other = shopDomain("two.myshopify.com");
    await pool.query("update sessions set id = $1, shop = $2", [`offline_${other}`, other]);
    expect(await storage.loadSession(`offline_${other}`)).toBeUndefined();
    await expect(accessToken(other)).rejects.toMatchObject({
      code: "token-unreadable",
      retryable: true,
      message: expect.stringContaining("does not open with key test") as string,
    });
  });
});

describe("changing the key", () => {
  it("encrypts plain and older tokens again, once, and reports how many", async () => {
    await giveSession(shopDomain("plain.myshopify.com"));
    await storage.storeSession(session());
    env.TOKEN_KEYS.unshift(newKey);
    expect(await resealTokens()).toEqual({
      kind: "done",
      keyId: "new",
      sessions: 2,
      resealed: 2,
    });
    expect(await tableText()).not.toMatch(/sealed:test:|token-1|refresh-1/);
    env.TOKEN_KEYS.splice(1);
    expect(await accessToken(shop)).toBe("shpat_plain-access");
    expect(await accessToken(shopDomain("plain.myshopify.com"))).toBe("token-1");
    expect(await resealTokens()).toMatchObject({ kind: "done", sessions: 2, resealed: 0 });
  });

  it("reaches every session, however many there are", async () => {
    await pool.query(
      `insert into sessions (id, shop, state, access_token)
       select 'offline_' || n || '.myshopify.com', n || '.myshopify.com', '', 'plain-' || n
         from generate_series(1, 250) n`,
    );
    expect(await resealTokens()).toMatchObject({ sessions: 250, resealed: 250 });
    expect(await tableText()).not.toContain("plain-");
    expect(await accessToken(shopDomain("173.myshopify.com"))).toBe("plain-173");
  });

  it("changes nothing when a key is missing, and names it without a secret", async () => {
    await storage.storeSession(session());
    await giveSession(shopDomain("plain.myshopify.com"));
    const before = await tableText();
    const { code, said } = await rotateKeys(written(newKey));
    expect(code).toBe(1);
    expect(said).toContain("Nothing was changed: 1 sessions need keys");
    expect(said).toMatch(/are not in TOKEN_KEYS: test\./);
    expect(said).not.toContain(written(newKey).slice(4));
    expect(await tableText()).toBe(before);
  });

  it("is a command that can run beside all processes", async () => {
    await storage.storeSession(session());
    const { code, said } = await rotateKeys(written(newKey, testKey!));
    expect(said).toBe("1 of 1 sessions encrypted again; all are encrypted with new now.\n");
    expect(code).toBe(0);
    env.TOKEN_KEYS.unshift(newKey);
    expect(await accessToken(shop)).toBe("shpat_plain-access");
  });
});
