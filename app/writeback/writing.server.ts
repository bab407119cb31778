import { inTransaction, prisma } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";
import { enqueue } from "#app/jobs/queue.server.ts";

import { countPlan } from "./dry-run.server.ts";
import { readFailures } from "./failures.server.ts";
import { readWantedOptions } from "./planned.server.ts";
import type { WritingView } from "./writing.ts";

const nothing = {
  customers: 0,
  tagsToAdd: 0,
  tagsToRemove: 0,
  metafieldsToSet: 0,
  metafieldsToDelete: 0,
};

/** Reads what stands between the scores and Shopify. */
export async function readWriting(shop: ShopDomain): Promise<WritingView> {
  const [facts, options, failures] = await Promise.all([
    prisma.shop.findUniqueOrThrow({ where: { shop } }),
    readWantedOptions(shop),
    readFailures(shop),
  ]);
  return {
    agreedAt: facts.writingAgreedAt?.toISOString() ?? null,
    plan: options ? await countPlan(shop, options) : nothing,
    failures,
  };
}

/** The merchant agreed to tags and metafields being written: from now on they are kept up to date. */
export async function agreeToWriting(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    await client.query(
      "UPDATE shops SET writing_agreed_at = now() WHERE shop = $1 AND writing_agreed_at IS NULL",
      [shop],
    );
    await enqueue("writeback.push", { shop }, { client });
  });
}
