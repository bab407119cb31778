import { prisma } from "#app/lib/db.server.ts";
import { toGid, type ShopDomain } from "#app/lib/ids.ts";
import { adminClient, type AdminApi } from "#app/shopify/api/client.server.ts";
import { readSegment, updateSegment } from "#app/shopify/resources/segments.server.ts";

import { emptiesAfterDays, formOf, queryOf, segmentQueries } from "./segment-query.ts";
import { targetOfKey, type Target } from "./target.ts";

/**
 * Lets the segments that were made by the tag alone empty themselves too, when scores grow old: once
 * for each, and none that the merchant made or changed.
 *
 * @throws AppError when Shopify cannot be asked; calling again goes on
 */
export async function renewSegments(shop: ShopDomain): Promise<void> {
  const rows = await prisma.targetSegment.findMany({
    where: { shop, ours: true, segmentId: { not: null }, emptiesItself: null },
  });
  if (rows.length === 0) return;
  const admin = adminClient(shop);
  const { blockedMetafields } = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  for (const { targetKey, segmentId } of rows) {
    const target = targetOfKey(targetKey);
    const renewed = segmentId && target ? { id: toGid("Segment", segmentId), target } : null;
    const query = renewed && (await renew(admin, renewed, blockedMetafields));
    await prisma.targetSegment.update({
      where: { shop_targetKey: { shop, targetKey } },
      data: query ? { query, emptiesItself: true, checkAt: new Date() } : { emptiesItself: false },
    });
  }
}

/** @returns the query it has now; null when it was left as it is */
async function renew(
  admin: AdminApi,
  { id, target }: { id: string; target: Target },
  blocked: readonly string[],
): Promise<string | null> {
  const plain = queryOf(target, "tag");
  const better = segmentQueries(target, blocked).filter((query) => query !== plain);
  if (better.length === 0) return null;
  const segment = await readSegment(admin, id);
  const form = segment && formOf(target, segment.query);
  if (!segment || !form) return null;
  if (emptiesAfterDays(form) !== null) return segment.query;
  for (const query of better) {
    const change = await updateSegment(admin, { id, query });
    if (change.kind === "done") return query;
  }
  return null;
}
