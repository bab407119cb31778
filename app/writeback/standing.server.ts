import { pool, prisma } from "#app/db.server.ts";
import type { AdminApi } from "#app/shopify/client.server.ts";
import { readTaggedCustomers, type TaggedCustomer } from "#app/shopify/tagged-customers.server.ts";

import { recordWritten } from "./known.server.ts";
import { metafieldKeys, metafieldNamespace } from "./metafields.ts";
import { ourTags, tierTags } from "./tags.ts";
import type { Write } from "./writes.ts";

const DECIMAL = /^-?\d+(\.\d+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Before the first write after an install: reads which of our tags and metafields
 * an earlier install left behind, so that they are replaced and not doubled. A
 * shop without any answers with an empty file.
 *
 * @throws AppError when Shopify cannot be asked; calling again starts over or goes on
 */
export async function readWhatStands(admin: AdminApi, signal?: AbortSignal): Promise<void> {
  const { shop } = admin;
  const facts = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  if (facts.knownReadAt && facts.knownReadAt >= facts.installedAt) return;
  await prisma.writtenState.deleteMany({ where: { shop } });
  const pages = readTaggedCustomers(admin, {
    tags: tierTags,
    namespace: metafieldNamespace,
    intentId: `standing_${String(facts.installedAt.getTime())}`,
    signal,
  });
  for await (const page of pages) await recordWritten(shop, writesFound(page));
  // The database's clock, as for the time of the install: the two are compared.
  await pool.query(
    "UPDATE shops SET known_read_at = now(), written_run_id = NULL WHERE shop = $1",
    [shop],
  );
}

/** What was found, as if we had written it: one element for each customer. */
export function writesFound(page: readonly TaggedCustomer[]): Write[] {
  const writes = new Map<string, Write>();
  for (const found of page) {
    const write = writes.get(found.customerId) ?? { customerId: found.customerId };
    writes.set(found.customerId, write);
    if ("tags" in found) {
      write.add = ourTags(found.tags);
      continue;
    }
    const key = metafieldKeys.find((known) => known === found.key);
    if (key && plausible(key, found.value)) write.set = { ...write.set, [key]: found.value };
  }
  return [...writes.values()];
}

/** A merchant's own metafield may have one of our keys and another type. */
function plausible(key: (typeof metafieldKeys)[number], value: string): boolean {
  if (key === "expected_spend" || key === "buy_probability") return DECIMAL.test(value);
  if (key === "clv_tier" || key === "buy_tier") return value.length <= 255;
  return DATE.test(value);
}
