import { prisma } from "#app/lib/db.server.ts";
import { fromGid, type ShopDomain, toGid } from "#app/lib/ids.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import { deleteSegment, findSegment, readSegment } from "#app/shopify/resources/segments.server.ts";

import type { LeftOver } from "./clean-up.ts";
import { formOf, isNamed, segmentQueries } from "./segment-query.ts";
import { targetOfKey } from "./target.ts";

type Row = Awaited<ReturnType<typeof prisma.targetSegment.findMany>>[number];

/**
 * How many segments are to be deleted: those that we created and nobody changed.
 *
 * @throws AppError when Shopify cannot be used
 */
export async function countSegments(admin: AdminApi): Promise<number> {
  let segments = 0;
  for (const row of await readRows(admin.shop)) {
    const segment = await find(admin, row);
    if (row.ours && segment && isOurs(row, segment.query)) segments += 1;
  }
  return segments;
}

/**
 * Deletes the segments that we created, but neither those that the merchant created with the same
 * query nor those whose query was changed. Each row is deleted with its segment.
 *
 * @returns the segments that stay
 * @throws AppError when Shopify cannot be used; calling again resumes
 */
export async function removeSegments(admin: AdminApi, signal: AbortSignal): Promise<LeftOver[]> {
  const left: LeftOver[] = [];
  for (const row of await readRows(admin.shop)) {
    signal.throwIfAborted();
    const stays = await remove(admin, row);
    if (stays) left.push(stays);
  }
  return left;
}

function readRows(shop: ShopDomain): Promise<Row[]> {
  return prisma.targetSegment.findMany({ where: { shop }, orderBy: { targetKey: "asc" } });
}

async function remove(admin: AdminApi, row: Row): Promise<LeftOver | null> {
  const segment = await find(admin, row);
  if (!segment) {
    await forget(row);
    return null;
  }
  const { id, name, query } = segment;
  if (!row.ours) return { kind: "segment", name, reason: "yours" };
  if (!isOurs(row, query)) return { kind: "segment", name, reason: "changed" };
  const outcome = await deleteSegment(admin, id);
  if (outcome.kind === "refused") {
    const message = outcome.errors.map((error) => error.message).join(" ");
    return { kind: "segment", name, reason: "refused", message };
  }
  await forget(row);
  return null;
}

/** Finds a segment by id, or by query and name if the reply to its creation was lost. */
async function find(admin: AdminApi, row: Row) {
  if (row.segmentId !== null) return readSegment(admin, toGid("Segment", row.segmentId));
  const target = targetOfKey(row.targetKey);
  const found = await findSegment(admin, target ? segmentQueries(target, []) : [row.query]);
  if (!found || !isNamed(found.name, row.name)) return null;
  // Recorded as if the reply had arrived.
  await prisma.targetSegment.update({
    where: { shop_targetKey: { shop: admin.shop, targetKey: row.targetKey } },
    data: { segmentId: fromGid("Segment", found.id) },
  });
  return found;
}

/** Any of our queries counts: after a crash the segment may have another one than recorded. */
function isOurs({ targetKey, query }: Row, found: string): boolean {
  const target = targetOfKey(targetKey);
  return found === query || (target !== null && formOf(target, found) !== null);
}

async function forget({ shop, targetKey }: Row): Promise<void> {
  await prisma.targetSegment.deleteMany({ where: { shop, targetKey } });
}
