import { numberIn, toGid } from "#app/lib/ids.ts";

import type { AdminApi } from "#app/shopify/api/client.server.ts";

const CUSTOMERS_BY_ID = `#graphql
  query EncoreCustomersById($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Customer {
        id
      }
    }
  }
`;

/** Shopify takes at most so many ids at once. */
export const CUSTOMERS_PER_QUERY = 250;

/**
 * Which of these customers the shop still has: one who was deleted or merged into another is not
 * among them.
 *
 * @param ids numeric parts of gids, at most {@link CUSTOMERS_PER_QUERY}
 */
export async function readPresent(
  admin: AdminApi,
  ids: string[],
  signal?: AbortSignal,
): Promise<Set<string>> {
  const gids = ids.map((id) => toGid("Customer", id));
  const { nodes } = await admin.query(CUSTOMERS_BY_ID, { ids: gids }, { signal });
  const asked = new Set(ids);
  const present = new Set<string>();
  for (const [place, node] of nodes.entries()) {
    if (node === null || !("id" in node)) continue;
    // Answers come in the order of the ids: so one is told that does not say its own.
    const own = numberIn("Customer", node.id);
    const id = own !== null && asked.has(own) ? own : ids[place];
    if (id !== undefined) present.add(id);
  }
  return present;
}
