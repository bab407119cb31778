import type pg from "pg";

import { inTransaction, pool, prisma } from "#app/db.server.ts";
import { fromGid, toGid, type ShopDomain } from "#app/ids.ts";
import { adminClient, type AdminApi } from "#app/shopify/client.server.ts";
import {
  createSegment,
  findSegment,
  readSegment,
  type Segment,
} from "#app/shopify/segments.server.ts";

import { segmentQuery, segmentView } from "./segment.ts";
import { targetKey, type SegmentOutcome, type Target, type TargetSegmentView } from "./target.ts";

/** A person waits for these calls. */
const soon = { priority: "interactive" } as const;

/** The segment made before for a target, if it still stands in Shopify as it was made. */
export async function readTargetSegment(
  shop: ShopDomain,
  target: Target,
): Promise<TargetSegmentView | null> {
  const row = await prisma.targetSegment.findUnique({
    where: { shop_targetKey: { shop, targetKey: targetKey(target) } },
  });
  if (!row?.segmentId) return null;
  const segment = await readStanding(adminClient(shop), row.segmentId, segmentQuery(target));
  return segment && viewOf(segment);
}

/**
 * Makes the segment of a target, once: a second click, or a click after a crash,
 * finds the one that was made. When the merchant deleted it, or changed whom it
 * holds, it is made again. Nothing is made before the merchant agreed to writing,
 * since no customer would be in it.
 *
 * The intent is recorded before Shopify is asked, and one click at a time goes
 * further than that.
 *
 * @param name as the merchant will see it; Shopify puts " (2)" behind one that is taken
 * @throws AppError when Shopify cannot be asked
 */
export async function createTargetSegment(
  shop: ShopDomain,
  target: Target,
  name: string,
): Promise<SegmentOutcome> {
  const { writingAgreedAt } = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  if (writingAgreedAt === null) return { kind: "not-agreed" };
  const key = targetKey(target);
  const query = segmentQuery(target);
  await pool.query(
    `INSERT INTO target_segments (shop, target_key, name, query) VALUES ($1, $2, $3, $4)
     ON CONFLICT (shop, target_key) DO NOTHING`,
    [shop, key, name, query],
  );
  return inTransaction(async (client) => {
    const known = await lockIntent(client, shop, key);
    const admin = adminClient(shop);
    const before = known
      ? await readStanding(admin, known, query)
      : await findSegment(admin, query, soon);
    if (before) {
      await keep(client, { shop, key }, before);
      return { kind: "found", segment: viewOf(before) };
    }
    const made = await createSegment(admin, { name, query }, soon);
    if (made.kind === "refused") {
      return { kind: "rejected", message: made.errors.map(({ message }) => message).join(" ") };
    }
    await keep(client, { shop, key }, made.segment);
    return { kind: "created", segment: viewOf(made.segment) };
  });
}

async function lockIntent(
  client: pg.PoolClient,
  shop: ShopDomain,
  key: string,
): Promise<string | null> {
  const { rows } = await client.query<{ segment_id: string | null }>(
    "SELECT segment_id FROM target_segments WHERE shop = $1 AND target_key = $2 FOR UPDATE",
    [shop, key],
  );
  return rows[0]?.segment_id ?? null;
}

async function keep(
  client: pg.PoolClient,
  { shop, key }: { shop: ShopDomain; key: string },
  segment: Segment,
): Promise<void> {
  await client.query(
    `UPDATE target_segments SET segment_id = $3, name = $4, query = $5
      WHERE shop = $1 AND target_key = $2`,
    [shop, key, fromGid("Segment", segment.id), segment.name, segment.query],
  );
}

async function readStanding(admin: AdminApi, id: string, query: string): Promise<Segment | null> {
  const segment = await readSegment(admin, toGid("Segment", id), soon);
  return segment?.query === query ? segment : null;
}

function viewOf(segment: Segment): TargetSegmentView {
  return segmentView(fromGid("Segment", segment.id), segment.name);
}
