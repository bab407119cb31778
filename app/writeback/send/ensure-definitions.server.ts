import { pool, prisma } from "#app/lib/db.server.ts";
import { log } from "#app/lib/log.server.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import { ensureDefinitions } from "#app/shopify/resources/metafield-definitions.server.ts";
import {
  metafieldDefinitions,
  type MetafieldKey,
  metafieldNamespace,
} from "#app/writeback/plan/metafields.ts";

/**
 * Creates the definitions of our metafields, once per install, and adopts existing ones. A key that
 * the merchant defined with another type is recorded as blocked. Where the shop has no room for
 * more definitions, the values are written all the same; only the segment editor does not offer
 * them.
 *
 * @throws AppError when Shopify cannot be used
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
    log.warn({ shop, ...outcome }, "a metafield definition could not be created");
    const key = wanted.find((definition) => definition.key === outcome.key)?.key;
    if (!key) throw new Error(`${outcome.key} is not among the requested definitions`);
    left.add(key);
    if (outcome.kind === "taken") blocked.push(key);
  }
  // By the database's clock, since it is compared with `installed_at`.
  await pool.query(
    "update shops set definitions_made_at = now(), blocked_metafields = $2 where shop = $1",
    [shop, blocked],
  );
}
