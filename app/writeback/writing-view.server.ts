import type { Prisma } from "@prisma/client";

import { inTransaction, pool, prisma } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { showWaiting } from "#app/queue/progress.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";

import { countPlan } from "./state/dry-run.server.ts";
import { readFailures } from "./state/failures.server.ts";
import { readDesiredOptions } from "./state/planned-writes.server.ts";
import type { WritePlanCounts, WritingView } from "./plan/writing-view.ts";

const nothing = {
  customers: 0,
  tagsToAdd: 0,
  tagsToRemove: 0,
  metafieldsToSet: 0,
  metafieldsToDelete: 0,
};

const BEING_REMOVED = "EXISTS (SELECT 1 FROM clean_ups WHERE shop = $1 AND finished_at IS NULL)";

/** Reads what stands between the scores and Shopify. */
export async function readWriting(shop: ShopDomain): Promise<WritingView> {
  const facts = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  const { writingAgreedAt, blockedMetafields } = facts;
  const cleanUp = await prisma.cleanUp.findUnique({ where: { shop } });
  const beingRemoved = cleanUp?.finishedAt === null;
  const [plan, failures] = await Promise.all([
    writingAgreedAt || beingRemoved ? nothing : dryRun(shop),
    writingAgreedAt ? readFailures(shop) : [],
  ]);
  const agreedAt = writingAgreedAt?.toISOString() ?? null;
  const removed = cleanUp && !beingRemoved && !writingAgreedAt ? remains(cleanUp.left) : null;
  return { agreedAt, plan, failures, blockedMetafields, beingRemoved, removed };
}

function remains(left: Prisma.JsonValue): "all" | "some" {
  return Array.isArray(left) && left.length > 0 ? "some" : "all";
}

/**
 * Counted once for each scoring of the whole shop, since it goes over all customers: some seconds
 * for a million.
 */
async function dryRun(shop: ShopDomain): Promise<WritePlanCounts> {
  const options = await readDesiredOptions(shop);
  if (!options) return nothing;
  const { rows } = await pool.query<{ plan: WritePlanCounts | null }>(
    "SELECT write_plan AS plan FROM scoring_runs WHERE shop = $1 AND id = $2",
    [shop, options.runId],
  );
  if (rows[0]?.plan) return rows[0].plan;
  const plan = await countPlan(shop, options);
  await pool.query("UPDATE scoring_runs SET write_plan = $3 WHERE shop = $1 AND id = $2", [
    shop,
    options.runId,
    JSON.stringify(plan),
  ]);
  return plan;
}

/**
 * The merchant agreed to tags and metafields being written: from now on they are kept up to date.
 * While all of it is being removed nobody can agree: what would be written would be removed too.
 */
export async function agreeToWriting(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    const { rowCount } = await client.query(
      `UPDATE shops SET writing_agreed_at = coalesce(writing_agreed_at, now()),
              written_run_id = CASE WHEN writing_agreed_at IS NOT NULL THEN written_run_id END
        WHERE shop = $1 AND NOT ${BEING_REMOVED}`,
      [shop],
    );
    if (rowCount === 0) return;
    await client.query("UPDATE scoring_runs SET write_plan = NULL WHERE shop = $1", [shop]);
    await showWaiting(client, shop, { task: "write" });
    await enqueue("writeback.push", { shop }, { client, soon: true });
  });
}
