import { inTransaction, prisma } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";
import { enqueue } from "#app/jobs/queue.server.ts";

import { countPlan } from "./dry-run.server.ts";
import { readFailures } from "./failures.server.ts";
import { readWantedOptions } from "./planned.server.ts";
import type { WritePlanCounts, WritingView } from "./writing.ts";

const nothing = {
  customers: 0,
  tagsToAdd: 0,
  tagsToRemove: 0,
  metafieldsToSet: 0,
  metafieldsToDelete: 0,
};

const BEING_REMOVED = "EXISTS (SELECT 1 FROM clean_ups WHERE shop = $1 AND finished_at IS NULL)";

/**
 * Reads what stands between the scores and Shopify. The dry run goes over all
 * customers, some seconds for a million, so it is made only while it is asked for.
 */
export async function readWriting(shop: ShopDomain): Promise<WritingView> {
  const facts = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  const { writingAgreedAt, blockedMetafields } = facts;
  const [plan, failures, unfinished] = await Promise.all([
    writingAgreedAt ? nothing : dryRun(shop),
    writingAgreedAt ? readFailures(shop) : [],
    prisma.cleanUp.count({ where: { shop, finishedAt: null } }),
  ]);
  const agreedAt = writingAgreedAt?.toISOString() ?? null;
  return { agreedAt, plan, failures, blockedMetafields, beingRemoved: unfinished > 0 };
}

async function dryRun(shop: ShopDomain): Promise<WritePlanCounts> {
  const options = await readWantedOptions(shop);
  return options ? countPlan(shop, options) : nothing;
}

/**
 * The merchant agreed to tags and metafields being written: from now on they are kept up to date.
 * While all of it is being removed nobody can agree: what would be written would be removed too.
 */
export async function agreeToWriting(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    const { rowCount } = await client.query(
      `UPDATE shops SET writing_agreed_at = coalesce(writing_agreed_at, now())
        WHERE shop = $1 AND NOT ${BEING_REMOVED}`,
      [shop],
    );
    if (rowCount === 0) return;
    await client.query(
      `INSERT INTO progress AS p (shop, task, state) VALUES ($1, 'write', 'waiting')
       ON CONFLICT (shop, task) DO UPDATE SET state = 'waiting', done = 0, total = NULL,
         error_code = NULL, updated_at = now() WHERE p.state IN ('done', 'failed')`,
      [shop],
    );
    await enqueue("writeback.push", { shop }, { client });
  });
}
