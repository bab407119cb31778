import { AppError } from "#app/lib/errors.ts";
import { customerId, numberIn, toGid, type CustomerId } from "#app/lib/ids.ts";

import type { AdminApi, QueryOptions } from "#app/shopify/api/client.server.ts";

const CUSTOMER_NAMES = `#graphql
  query EncoreCustomerNames($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Customer {
        id
        displayName
      }
    }
  }
`;

/** Shopify takes at most so many ids at once. */
const IDS_PER_CALL = 250;

/**
 * Names for showing on a screen; they are never stored. Customers Shopify no longer knows are not
 * in the map, and it is empty when the app is not approved to see names.
 */
export async function readNames(
  admin: AdminApi,
  customers: CustomerId[],
  options: QueryOptions = { priority: "interactive" },
): Promise<Map<CustomerId, string>> {
  const names = new Map<CustomerId, string>();
  for (let from = 0; from < customers.length; from += IDS_PER_CALL) {
    const ids = customers.slice(from, from + IDS_PER_CALL).map((id) => toGid("Customer", id));
    for (const [id, name] of await readNamesOf(admin, ids, options)) names.set(id, name);
  }
  return names;
}

async function readNamesOf(
  admin: AdminApi,
  ids: string[],
  options: QueryOptions,
): Promise<[CustomerId, string][]> {
  try {
    const { nodes } = await admin.query(CUSTOMER_NAMES, { ids }, options);
    return nodes.flatMap((node) => {
      const id = node !== null && "displayName" in node ? numberIn("Customer", node.id) : null;
      if (id === null || node === null || !("displayName" in node)) return [];
      return [[customerId(id), node.displayName] as [CustomerId, string]];
    });
  } catch (error) {
    if (error instanceof AppError && error.code === "shopify-access-denied") return [];
    throw error;
  }
}
