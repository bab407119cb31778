import type pg from "pg";

import { inTransaction, pool, prisma } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import { fromGid, type ShopDomain, toGid } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { holdAgreement, isWritingAgreed } from "#app/shop/writing-agreement.server.ts";
import { type AdminApi, adminClient } from "#app/shopify/api/client.server.ts";
import {
  createSegment,
  findSegment,
  readSegment,
  type Segment,
  type SegmentChange,
} from "#app/shopify/resources/segments.server.ts";
import { ensureOurDefinitions } from "#app/writeback/send/ensure-definitions.server.ts";

import { checkSegment } from "./check-segment.server.ts";
import { emptiesAfterDays, formOf, isNamed, segmentQueries, segmentView } from "./segment-query.ts";
import {
  type KnownSegments,
  type SegmentOutcome,
  type Target,
  targetKey,
  type TargetSegmentView,
} from "./target.ts";

const soon = { priority: "interactive" } as const;

/** A target's segment, if it still exists in Shopify with a query of ours. */
export async function readTargetSegment(
  shop: ShopDomain,
  target: Target,
): Promise<TargetSegmentView | null> {
  const row = await prisma.targetSegment.findUnique({
    where: { shop_targetKey: { shop, targetKey: targetKey(target) } },
  });
  if (!row?.segmentId) return null;
  const segment = await readUnchanged(adminClient(shop), row.segmentId, target);
  return segment && viewOf(segment);
}

/** The recorded segments by target, without calling Shopify. */
export async function readKnownSegments(shop: ShopDomain): Promise<KnownSegments> {
  const rows = await prisma.targetSegment.findMany({ where: { shop, segmentId: { not: null } } });
  return Object.fromEntries(
    rows.flatMap(({ targetKey: key, segmentId, name, query }) =>
      segmentId === null ? [] : [[key, segmentView(segmentId, name, query)]],
    ),
  );
}

/**
 * Creates the segment of a target once: a second click, or one after a crash, finds the existing
 * segment. If the merchant deleted it or changed its query, it is created again. Without the
 * agreement to writing nothing is created, since no customer would be in it.
 *
 * The intent is recorded before Shopify is called, and a row lock lets one click at a time
 * continue.
 *
 * @param name as the merchant will see it; Shopify appends " (2)" to one that is taken
 * @throws AppError when Shopify cannot be used
 */
export async function createTargetSegment(
  shop: ShopDomain,
  target: Target,
  name: string,
): Promise<SegmentOutcome> {
  if (!(await isWritingAgreed(shop))) return { kind: "not-agreed" };
  const admin = adminClient(shop);
  // The query uses one of our metafields.
  await ensureOurDefinitions(admin);
  const { blockedMetafields } = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  const queries = segmentQueries(target, blockedMetafields);
  const key = targetKey(target);
  const { rowCount } = await pool.query(
    `insert into target_segments (shop, target_key, name, query) values ($1, $2, $3, $4)
     on conflict (shop, target_key) do nothing`,
    [shop, key, name, queries[0]],
  );
  const making = { admin, shop, target, key, name, queries, firstTime: rowCount !== 0 };
  const outcome = await inTransaction<SegmentOutcome>(async (client) => {
    // Ending the agreement waits for this transaction, so that a clean-up finds the segment.
    if (!(await holdAgreement(client, shop))) return { kind: "not-agreed" };
    return (await findExisting(client, making)) ?? make(client, making);
  });
  return "segment" in outcome ? checked(admin, target, outcome) : outcome;
}

/**
 * Checks the new segment at once. If that fails, the worker does it later; the segment is created
 * all the same.
 */
async function checked(
  admin: AdminApi,
  target: Target,
  { kind, segment }: Extract<SegmentOutcome, { segment: TargetSegmentView }>,
): Promise<SegmentOutcome> {
  try {
    const query = (await checkSegment(admin, target, soon)) ?? segment.query;
    return { kind, segment: { ...segment, query } };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.warn({ shop: admin.shop, err: error }, "a new segment will be checked later");
    return { kind, segment };
  }
}

type Making = {
  admin: AdminApi;
  shop: ShopDomain;
  target: Target;
  key: string;
  name: string;
  queries: readonly [string, ...string[]];
  /** There was no earlier request, so an existing segment with this query is the merchant's. */
  firstTime: boolean;
};

/** The recorded segment, or one with the same query, which may be the merchant's. */
async function findExisting(client: pg.PoolClient, making: Making): Promise<SegmentOutcome | null> {
  const { admin, target, queries, firstTime } = making;
  const { rows } = await client.query<{ segment_id: string | null; name: string; ours: boolean }>(
    `select segment_id, name, ours from target_segments
      where shop = $1 and target_key = $2 for update`,
    [making.shop, making.key],
  );
  const id = rows[0]?.segment_id;
  const found = id
    ? await readUnchanged(admin, id, target)
    : await findSegment(admin, queries, soon);
  if (!found) return null;
  const made = !firstTime && isNamed(found.name, rows[0]?.name ?? making.name);
  await keep(client, making, { segment: found, ours: id ? (rows[0]?.ours ?? false) : made });
  return { kind: "found", segment: viewOf(found) };
}

async function make(client: pg.PoolClient, making: Making): Promise<SegmentOutcome> {
  const { admin, name, queries } = making;
  let made: SegmentChange = { kind: "refused", errors: [] };
  for (const query of queries) {
    made = await createSegment(admin, { name, query }, soon);
    if (made.kind === "done") break;
  }
  if (made.kind === "refused") {
    return { kind: "rejected", message: made.errors.map(({ message }) => message).join(" ") };
  }
  await keep(client, making, { segment: made.segment, ours: true });
  return { kind: "created", segment: viewOf(made.segment) };
}

async function keep(
  client: pg.PoolClient,
  { shop, target, key }: Making,
  { segment, ours }: { segment: Segment; ours: boolean },
): Promise<void> {
  const { id, name, query } = segment;
  // Null for a segment by tag alone, which may get a better query later.
  const form = formOf(target, query);
  const empties = (form !== null && emptiesAfterDays(form) !== null) || null;
  await client.query(
    `update target_segments
        set segment_id = $3, name = $4, query = $5, ours = $6,
            empties_itself = case when segment_id = $3 and query = $5 then empties_itself else $7 end,
            verdict = case when segment_id = $3 and query = $5 then verdict end,
            checks = 0, check_at = now()
      where shop = $1 and target_key = $2`,
    [shop, key, fromGid("Segment", id), name, query, ours, empties],
  );
}

async function readUnchanged(admin: AdminApi, id: string, target: Target): Promise<Segment | null> {
  const segment = await readSegment(admin, toGid("Segment", id), soon);
  return segment && formOf(target, segment.query) ? segment : null;
}

function viewOf(segment: Segment): TargetSegmentView {
  return segmentView(fromGid("Segment", segment.id), segment.name, segment.query);
}
