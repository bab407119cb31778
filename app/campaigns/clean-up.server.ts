import type { Prisma } from "@prisma/client";

import { inTransaction, prisma } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { forgetProgress, showWaiting } from "#app/queue/progress.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { takeTaskLock } from "#app/queue/task-lock.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import {
  countDefinitions,
  findWritten,
  type LeftCustomers,
  removeDefinitions,
  removeFromCustomers,
} from "#app/writeback/remove-written.server.ts";
import { WriteProgress } from "#app/writeback/send/carry-out.server.ts";
import type { Sending } from "#app/writeback/send/send-batch.server.ts";

import type { CleanUpView, LeftOver } from "./clean-up.ts";
import { countSegments, removeSegments } from "./remove-segments.server.ts";

/**
 * Starts the clean-up for the merchant. It ends the agreement to writing, so that nothing is
 * written until the merchant agrees again. Does nothing while one is under way.
 */
export async function startCleanUp(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    await client.query(
      "update shops set writing_agreed_at = null, writing_paused_at = null where shop = $1",
      [shop],
    );
    await client.query(
      `insert into clean_ups as c (shop) values ($1)
       on conflict (shop) do update set started_at = now(), finished_at = null, found = null,
         segments = 0, definitions = 0, "left" = null
         where c.finished_at is not null`,
      [shop],
    );
    await forgetProgress(shop, "write", client);
    await showWaiting(client, shop, { task: "cleanup" });
    await enqueue("writeback.cleanup", { shop }, { client, soon: true });
  });
}

/**
 * The clean-up: removes our segments, definitions with their values, tags, and values without a
 * definition. Every removal is recorded at once, so this may be stopped and called again at any
 * point. It takes the lock of the write task, so that no write runs meanwhile.
 *
 * @throws AppError when Shopify cannot be used
 */
export async function runCleanUp(shop: ShopDomain, signal: AbortSignal): Promise<void> {
  const row = await prisma.cleanUp.findUnique({ where: { shop } });
  if (row === null || row.finishedAt !== null) return;
  const lock = await takeTaskLock({ name: "writeback.push", shop }, signal);
  try {
    await cleanUp(shop, row, AbortSignal.any([signal, lock.lost]));
  } finally {
    await lock.release();
  }
}

type Begun = { startedAt: Date; found: number | null; left: Prisma.JsonValue };

async function cleanUp(shop: ShopDomain, begun: Begun, signal: AbortSignal) {
  const admin = adminClient(shop);
  const progress = new WriteProgress(shop, "cleanup");
  const sending: Sending = { admin, signal, onLines: (lines) => progress.add(lines) };
  await progress.expect(0);
  const erased = await find(sending, begun);
  const segments = await removeSegments(admin, signal);
  const definitions = await removeDefinitions(sending);
  const customers = await removeFromCustomers(shop, { sending, progress });
  await finish(shop, [
    ...sumByReason([...erased, ...customers]),
    ...segments,
    ...definitions.map((one): LeftOver => ({ kind: "definition", ...one })),
  ]);
  await progress.end();
}

/**
 * Finds and counts once, before the first removal, everything to be removed: after a crash between
 * a deletion and its record, it would be unknown who deleted it.
 *
 * @returns erased customers for whom Shopify refused the removal
 */
async function find(sending: Sending, { startedAt, found, left }: Begun): Promise<LeftCustomers[]> {
  const { admin } = sending;
  const known = (left ?? []) as LeftCustomers[];
  if (found !== null) return known;
  const intentId = `cleanup_${String(startedAt.getTime())}`;
  const written = await findWritten(sending, { intentId });
  const counted = {
    segments: await countSegments(admin),
    definitions: await countDefinitions(admin),
  };
  await prisma.cleanUp.update({
    where: { shop: admin.shop },
    data: { found: written.customers, left: written.left, ...counted },
  });
  return written.left;
}

/** Sums customers by reason. */
function sumByReason(customers: readonly LeftCustomers[]): LeftOver[] {
  const sums = new Map<string, number>();
  for (const one of customers) sums.set(one.code, (sums.get(one.code) ?? 0) + one.customers);
  return [...sums].map(([code, count]) => ({ kind: "customers", code, customers: count }));
}

async function finish(shop: ShopDomain, left: LeftOver[]): Promise<void> {
  const kept: Prisma.InputJsonArray = left;
  await prisma.$transaction([
    prisma.cleanUp.update({ where: { shop }, data: { finishedAt: new Date(), left: kept } }),
    // So that they are created again after a new agreement.
    prisma.shop.update({
      where: { shop },
      data: { definitionsMadeAt: null, filtersFittedAt: null },
    }),
  ]);
  log.info({ shop, left: left.length }, "clean-up finished");
}

/** @returns null when there never was a clean-up */
export async function readCleanUp(shop: ShopDomain): Promise<CleanUpView | null> {
  const row = await prisma.cleanUp.findUnique({ where: { shop } });
  if (!row) return null;
  const left = (row.left ?? []) as LeftOver[];
  const remaining = left.reduce((sum, one) => sum + ("customers" in one ? one.customers : 0), 0);
  return {
    finishedAt: row.finishedAt?.toISOString() ?? null,
    customers: Math.max(0, (row.found ?? 0) - remaining),
    segments: Math.max(0, row.segments - left.filter(isRefusedSegment).length),
    definitions: Math.max(0, row.definitions - left.filter(isDefinition).length),
    left,
  };
}

/** A segment of ours that Shopify refused to delete; the merchant's are not counted. */
function isRefusedSegment(one: LeftOver): boolean {
  return one.kind === "segment" && one.reason === "refused";
}

function isDefinition(one: LeftOver): boolean {
  return one.kind === "definition";
}
