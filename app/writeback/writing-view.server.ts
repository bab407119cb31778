import type { Prisma } from "@prisma/client";

import { inTransaction, pool, prisma } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { showWaiting } from "#app/queue/progress.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";

import type { WritePlanCounts, WritingView } from "./plan/writing-view.ts";
import { countPlan } from "./state/dry-run.server.ts";
import { readFailures } from "./state/failures.server.ts";
import { isFullDiffDue } from "./state/mark-written.server.ts";
import { readDesiredOptions } from "./state/planned-writes.server.ts";

const nothing = {
  customers: 0,
  tagsToAdd: 0,
  tagsToRemove: 0,
  metafieldsToSet: 0,
  metafieldsToDelete: 0,
};

const BEING_REMOVED = "exists (select 1 from clean_ups where shop = $1 and finished_at is null)";

/** Reads what a write that is not on would do, or the failures of the last one. */
export async function readWriting(shop: ShopDomain): Promise<WritingView> {
  const facts = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  const { writingAgreedAt, writingPausedAt, blockedMetafields } = facts;
  const cleanUp = await prisma.cleanUp.findUnique({ where: { shop } });
  const beingRemoved = cleanUp?.finishedAt === null;
  const agreed = writingAgreedAt !== null;
  const [plan, failures] = await Promise.all([
    (agreed && !writingPausedAt) || beingRemoved ? nothing : dryRun(shop, { agreed }),
    agreed ? readFailures(shop) : [],
  ]);
  const agreedAt = writingAgreedAt?.toISOString() ?? null;
  const removed = cleanUp && !beingRemoved && !agreed ? remains(cleanUp.left) : null;
  const pausedAt = writingPausedAt?.toISOString() ?? null;
  return { agreedAt, pausedAt, plan, failures, blockedMetafields, beingRemoved, removed };
}

function remains(left: Prisma.JsonValue): "all" | "some" {
  return Array.isArray(left) && left.length > 0 ? "some" : "all";
}

/**
 * What a write would do. The first one after an agreement goes over all customers. That takes some
 * seconds for a million, so its plan is stored with the scoring run.
 */
async function dryRun(shop: ShopDomain, { agreed }: { agreed: boolean }): Promise<WritePlanCounts> {
  const options = await readDesiredOptions(shop);
  if (!options) return nothing;
  if (agreed && !(await isFullDiffDue(shop, options.runId)))
    return countPlan(shop, options, "pending");
  const { rows } = await pool.query<{ plan: WritePlanCounts | null }>(
    "select write_plan as plan from scoring_runs where shop = $1 and id = $2",
    [shop, options.runId],
  );
  if (rows[0]?.plan) return rows[0].plan;
  const plan = await countPlan(shop, options);
  await pool.query("update scoring_runs set write_plan = $3 where shop = $1 and id = $2", [
    shop,
    options.runId,
    JSON.stringify(plan),
  ]);
  return plan;
}

/**
 * Records the merchant's agreement to writing and enqueues the first write. Ignored during a
 * clean-up, which would remove what is written.
 */
export async function agreeToWriting(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    const { rowCount } = await client.query(
      `update shops set writing_agreed_at = coalesce(writing_agreed_at, now()),
              written_run_id = case when writing_agreed_at is not null then written_run_id end
        where shop = $1 and not ${BEING_REMOVED}`,
      [shop],
    );
    if (rowCount === 0) return;
    await client.query("update scoring_runs set write_plan = null where shop = $1", [shop]);
    await showWaiting(client, shop, { task: "write" });
    await enqueue("writeback.push", { shop }, { client, soon: true });
  });
}
