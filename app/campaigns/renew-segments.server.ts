import { prisma } from "#app/lib/db.server.ts";
import { type ShopDomain, toGid } from "#app/lib/ids.ts";
import { type AdminApi, adminClient } from "#app/shopify/api/client.server.ts";
import { readSegment, updateSegment } from "#app/shopify/resources/segments.server.ts";

import { emptiesAfterDays, formOf, queryOf, segmentQueries } from "./segment-query.ts";
import { type Target, targetOfKey } from "./target.ts";

/**
 * Changes segments that were created by tag alone to a form that empties itself, once each, and
 * none that the merchant created or changed.
 *
 * @throws AppError when Shopify cannot be used; calling again resumes
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

/** @returns the new query; null when it was not changed */
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
