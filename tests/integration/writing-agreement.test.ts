import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeEach, expect, it } from "vitest";

import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import {
  holdAgreement,
  isWritingAgreed,
  watchWriting,
} from "#app/shop/writing-agreement.server.ts";

import { meetBefore, untilBlocked } from "../setup/meeting.ts";

const shop = shopDomain("one.myshopify.com");
const other = shopDomain("other.myshopify.com");
/** Longer than two checks take. */
const TWO_LOOKS_MS = 2_500;

const agree = (name: string, agreed: boolean) =>
  pool.query("update shops set writing_agreed_at = case when $2 then now() end where shop = $1", [
    name,
    agreed,
  ]);

beforeEach(async () => {
  await pool.query("truncate shops");
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history, writing_agreed_at)
     select name, '1', 'One', 'GBP', 'UTC', true, now() from unnest($1::text[]) as name`,
    [[shop, other]],
  );
});
afterAll(closeDatabase);

it("an agreement belongs to one shop", async () => {
  await agree(shop, false);
  expect(await isWritingAgreed(shop)).toBe(false);
  expect(await isWritingAgreed(other)).toBe(true);
  expect(await inTransaction((client) => holdAgreement(client, shop))).toBe(false);
});

it("an agreement that is held by a transaction ends after it", async () => {
  const committing = meetBefore(/^commit/);
  const held = inTransaction((client) => holdAgreement(client, shop));
  await committing.arrived();
  const ended = agree(shop, false);
  await untilBlocked();
  expect(await isWritingAgreed(shop)).toBe(true);
  committing.end();
  expect(await held).toBe(true);
  await ended;
  expect(await isWritingAgreed(shop)).toBe(false);
});

it("the end of a watched agreement is signalled, and not before", async () => {
  const { ended, close } = watchWriting(shop);
  await sleep(TWO_LOOKS_MS);
  expect(ended.aborted).toBe(false);
  await agree(shop, false);
  await expect.poll(() => ended.aborted, { timeout: TWO_LOOKS_MS }).toBe(true);
  expect(ended.reason).toEqual(new Error("writing was paused or has ended"));
  close();
});

it("a failed check ends nothing, and the next one signals the end", async () => {
  const looking = meetBefore(/writing_paused_at is null$/i);
  const { ended, close } = watchWriting(shop);
  await looking.arrived();
  looking.fail(new Error("the connection broke"));
  await agree(shop, false);
  looking.end();
  await expect.poll(() => ended.aborted, { timeout: TWO_LOOKS_MS }).toBe(true);
  close();
});

it("an agreement that is no longer watched is no longer checked", async () => {
  const { ended, close } = watchWriting(shop);
  close();
  await agree(shop, false);
  await sleep(TWO_LOOKS_MS);
  expect(ended.aborted).toBe(false);
});
