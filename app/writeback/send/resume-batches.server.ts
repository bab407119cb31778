import { prisma } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { giveUp } from "./batch-result.server.ts";
import { readBatch } from "./batches.server.ts";
import { sendBatch, type Sending } from "./send-batch.server.ts";

/** Shopify keeps the result of an operation this long. */
const RESULT_DAYS = 7;

/**
 * Ends what a push that was interrupted left under way, before anything new is
 * planned. What was only planned is dropped: nobody was sent it, and the plan is
 * made anew from what is written by then.
 *
 * @throws AppError when Shopify cannot be asked; calling again goes on
 */
export async function resumeBatches(shop: ShopDomain, sending: Sending): Promise<void> {
  await prisma.writeBatch.deleteMany({ where: { shop, state: "planned" } });
  const open = await prisma.writeBatch.findMany({
    where: { shop, state: { in: ["uploaded", "running"] } },
    select: { id: true, createdAt: true },
    orderBy: { createdAt: "asc" },
  });
  for (const { id, createdAt } of open) {
    const ageDays = (Date.now() - createdAt.getTime()) / 86_400_000;
    const batch = await readBatch(shop, id);
    if (ageDays < RESULT_DAYS) await sendBatch(batch, sending);
    else await giveUp(batch);
  }
}
