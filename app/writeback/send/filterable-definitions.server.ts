import { pool } from "#app/lib/db.server.ts";
import { log } from "#app/lib/log.server.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import {
  type ExistingDefinition,
  readDefinitions,
  setFilterable,
} from "#app/shopify/resources/metafield-definitions.server.ts";
import { readSegmentQueries } from "#app/shopify/resources/segments.server.ts";
import {
  type MetafieldDefinition,
  metafieldDefinitions,
  metafieldNamespace,
} from "#app/writeback/plan/metafields.ts";

/**
 * Makes our definitions filterable only where our segments need it, since a shop has fifty filters.
 * Runs once per install, so that later changes by the merchant stay, and changes nothing else of a
 * definition. May be stopped and called again.
 *
 * @throws AppError when Shopify cannot be used
 */
export async function adjustFilterable(admin: AdminApi): Promise<void> {
  const { shop } = admin;
  const { rowCount } = await pool.query(
    "select 1 from shops where shop = $1 and filters_fitted_at >= installed_at",
    [shop],
  );
  if (rowCount !== 0) return;
  const existing = await readDefinitions(admin, metafieldNamespace);
  const different = metafieldDefinitions.flatMap((wanted) => {
    const found = existing.find(({ key }) => key === wanted.key);
    return found && isOurs(found, wanted) && found.filterable !== wanted.filterable ? wanted : [];
  });
  const needless = different.filter(({ filterable }) => !filterable);
  const used = needless.length > 0 ? await readSegmentQueries(admin) : [];
  // A segment of the merchant's that filters by one of our keys keeps working.
  const unused = needless.filter(({ key }) => used?.every((query) => !asksFor(query, key)));
  await change(admin, unused);
  await change(
    admin,
    different.filter(({ filterable }) => filterable),
  );
  // Segments by tag alone are tried with the better query again: there may be room for the filter
  // now.
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
      "changed whether segments can filter by a metafield",
    );
  }
}

/** A definition that the merchant created or renamed is not ours. */
function isOurs(
  found: ExistingDefinition,
  { name, description, type }: MetafieldDefinition,
): boolean {
  return found.name === name && found.description === description && found.type === type;
}

function asksFor(query: string, key: string): boolean {
  return query.toLowerCase().includes(`metafields.${metafieldNamespace}.${key}`);
}
