import { fromGid, toGid } from "#app/ids.ts";

import type { AdminApi } from "./client.server.ts";

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
  return new Set(
    nodes.flatMap((node) =>
      node !== null && "id" in node ? [fromGid("Customer", String(node.id))] : [],
    ),
  );
}
