import { pool } from "#app/lib/db.server.ts";
import { log } from "#app/lib/log.server.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import {
  readDefinitions,
  setFilterable,
  type ExistingDefinition,
} from "#app/shopify/resources/metafield-definitions.server.ts";
import { readSegmentQueries } from "#app/shopify/resources/segments.server.ts";

import {
  metafieldDefinitions,
  metafieldNamespace,
  type MetafieldDefinition,
} from "#app/writeback/plan/metafields.ts";

/**
 * Gives back the places among a shop's fifty filters that our definitions took and no segment needs,
 * and then takes the one that ours need. Once for an install: what the merchant changes afterwards
 * stays. Values, names and everything else of a definition stay as they are. May be stopped and called again.
 *
 * @throws AppError when Shopify cannot be asked
 */
export async function adjustFilterable(admin: AdminApi): Promise<void> {
  const { shop } = admin;
  const { rowCount } = await pool.query(
    "select 1 from shops where shop = $1 and filters_fitted_at >= installed_at",
    [shop],
  );
  if (rowCount !== 0) return;
  const standing = await readDefinitions(admin, metafieldNamespace);
  const different = metafieldDefinitions.flatMap((wanted) => {
    const found = standing.find(({ key }) => key === wanted.key);
    return found && isOurs(found, wanted) && found.filterable !== wanted.filterable ? wanted : [];
  });
  const needless = different.filter(({ filterable }) => !filterable);
  const used = needless.length > 0 ? await readSegmentQueries(admin) : [];
  // Where a segment of the merchant's asks for a value, it goes on finding it.
  const unused = needless.filter(({ key }) => used?.every((query) => !asksFor(query, key)));
  await change(admin, unused);
  await change(
    admin,
    different.filter(({ filterable }) => filterable),
  );
  // Segments by the tag alone are given the better query once more: there may be room for it now.
  await pool.query(
    `update target_segments set empties_itself = null
      where shop = $1 and ours and not empties_itself`,
    [shop],
  );
  await pool.query("update shops set filters_fitted_at = now() where shop = $1", [shop]);
}

async function change(admin: AdminApi, definitions: MetafieldDefinition[]): Promise<void> {
  for (const { key, filterable } of definitions) {
    const asked = { namespace: metafieldNamespace, key, enabled: filterable };
    const outcome = await setFilterable(admin, asked);
    const errors = outcome.kind === "refused" ? outcome.errors : undefined;
    log.info(
      { shop: admin.shop, key, filterable, errors },
      "changed who can filter by a metafield",
    );
  }
}

/** One that the merchant made, or made their own by another name, is left alone. */
function isOurs(
  found: ExistingDefinition,
  { name, description, type }: MetafieldDefinition,
): boolean {
  return found.name === name && found.description === description && found.type === type;
}

function asksFor(query: string, key: string): boolean {
  return query.toLowerCase().includes(`metafields.${metafieldNamespace}.${key}`);
}
