import type { ShopDomain } from "#app/lib/ids.ts";
import { isWritingOn, watchWriting } from "#app/shop/writing-agreement.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";

import { stopWriting } from "./pause.server.ts";
import { readExistingState } from "./read-existing.server.ts";
import { carryOut, WriteProgress } from "./send/carry-out.server.ts";
import { ensureOurDefinitions } from "./send/ensure-definitions.server.ts";
import { adjustFilterable } from "./send/filterable-definitions.server.ts";
import { resumeBatches } from "./send/resume-batches.server.ts";
import type { Sending } from "./send/send-batch.server.ts";
import { applyTombstones } from "./state/apply-tombstones.server.ts";
import { FAILED_FOR_NOW, forgetFailures } from "./state/failures.server.ts";
import { clearPending, isFullDiffDue, markAllWritten } from "./state/mark-written.server.ts";
import {
  type PlannedPages,
  plannedPages,
  readDesiredOptions,
  removalPages,
} from "./state/planned-writes.server.ts";

export type PushOutcome =
  | { kind: "not-agreed" }
  /** The merchant paused writing; what is left is written when it goes on. */
  | { kind: "paused" }
  /** No scoring yet, or the gate refused the last one. */
  | { kind: "not-scored" }
  | { kind: "written" };

/**
 * Writes the differences between desired and written state to Shopify: for all customers after a
 * scoring of the whole shop, otherwise for those with pending writes. Nothing is written without
 * the merchant's agreement or while it is paused; when that changes, writing stops. When the gate
 * refused, only what is written on excluded customers is removed.
 *
 * Every plan is made from the written state, so this may be stopped and called again at any point:
 * it finishes interrupted batches and plans the rest again.
 *
 * @throws AppError when Shopify cannot be used
 */
export async function runWriteback(
  shop: ShopDomain,
  { signal }: { signal?: AbortSignal } = {},
): Promise<PushOutcome> {
  if (!(await isWritingOn(shop))) return stopWriting(shop);
  const writing = watchWriting(shop);
  try {
    const both = signal ? AbortSignal.any([signal, writing.ended]) : writing.ended;
    return await push(shop, both);
  } catch (error) {
    if (!writing.ended.aborted || signal?.aborted) throw error;
    return await stopWriting(shop);
  } finally {
    writing.close();
  }
}

async function push(shop: ShopDomain, signal: AbortSignal): Promise<PushOutcome> {
  const scored = (await readDesiredOptions(shop)) !== null;
  if (!scored && !(await isRemovalDue(shop))) return { kind: "not-scored" };
  const admin = adminClient(shop);
  const progress = new WriteProgress(shop, "write");
  const sending: Sending = { admin, signal, onLines: (lines) => progress.add(lines) };
  await progress.expect(0);

  if (scored) {
    await ensureOurDefinitions(admin);
    await adjustFilterable(admin);
  }
  await readExistingState(admin, signal);
  await resumeBatches(shop, sending);
  await applyTombstones(shop);
  await forgetFailures(shop);
  // Read again: keys may be blocked by now, and another scoring may have ended.
  const options = await readDesiredOptions(shop);
  const whole = options !== null && (await isFullDiffDue(shop, options.runId));
  const pages: PlannedPages = (asked) =>
    options
      ? plannedPages(shop, options, { ...asked, of: whole ? "everybody" : "pending" })
      : removalPages(shop, "excluded", asked);
  await carryOut(shop, pages, { sending, progress });
  await applyTombstones(shop);
  if (whole) await markAllWritten(shop, options.runId);
  if (options) await clearPending(shop, options);
  await progress.end();
  return { kind: options ? "written" : "not-scored" };
}

async function isRemovalDue(shop: ShopDomain): Promise<boolean> {
  const pages = removalPages(shop, "excluded", { atLeast: 0, atMost: FAILED_FOR_NOW });
  return !(await pages.next()).done;
}
