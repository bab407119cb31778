import { pool, prisma } from "#app/lib/db.server.ts";
import { log } from "#app/lib/log.server.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import { ensureDefinitions } from "#app/shopify/resources/metafield-definitions.server.ts";

import {
  metafieldDefinitions,
  metafieldNamespace,
  type MetafieldKey,
} from "#app/writeback/plan/metafields.ts";

/**
 * Makes the definitions of our metafields, once for an install; those that exist are
 * adopted. A key that the merchant defined with another type is left alone and
 * recorded: we write the others. Without room for more definitions the values are
 * written all the same, only the segment editor does not offer them.
 *
 * @throws AppError when Shopify cannot be asked
 */
export async function ensureOurDefinitions(admin: AdminApi): Promise<void> {
  const { shop } = admin;
  const facts = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  if (facts.definitionsMadeAt && facts.definitionsMadeAt >= facts.installedAt) return;
  const left = new Set<MetafieldKey>();
  const blocked: MetafieldKey[] = [];
  for (;;) {
    const wanted = metafieldDefinitions.filter(({ key }) => !left.has(key));
    const outcome = await ensureDefinitions(
      admin,
      wanted.map((definition) => ({ ...definition, namespace: metafieldNamespace })),
    );
    if (outcome.kind === "done") break;
    log.warn({ shop, ...outcome }, "a metafield definition could not be made");
    const key = wanted.find((definition) => definition.key === outcome.key)?.key;
    if (!key) throw new Error(`${outcome.key} is not among the definitions that were asked for`);
    left.add(key);
    if (outcome.kind === "taken") blocked.push(key);
  }
  // The database's clock, as for the time of the install: the two are compared.
  await pool.query(
    "UPDATE shops SET definitions_made_at = now(), blocked_metafields = $2 WHERE shop = $1",
    [shop, blocked],
  );
}
