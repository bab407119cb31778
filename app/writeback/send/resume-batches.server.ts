import { prisma } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { giveUp } from "./batch-result.server.ts";
import { readBatch } from "./batches.server.ts";
import { sendBatch, type Sending } from "./send-batch.server.ts";

/** How long Shopify keeps the result of an operation. */
const RESULT_DAYS = 7;

/**
 * Finishes the batches of an interrupted push, before anything new is planned. Batches that were
 * never sent are dropped and planned again.
 *
 * @throws AppError when Shopify cannot be used; calling again resumes
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
