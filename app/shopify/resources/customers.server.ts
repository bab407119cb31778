import { AppError } from "#app/lib/errors.ts";
import { type CustomerId, customerId, numberIn, toGid } from "#app/lib/ids.ts";
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

/** Shopify's limit of ids per call. */
const IDS_PER_CALL = 250;

/**
 * Names to show on a screen, never stored. The map lacks customers who no longer exist, and is
 * empty when the app is not approved to read names.
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

const CUSTOMERS_BY_ID = `#graphql
  query EncoreCustomersById($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Customer {
        id
      }
    }
  }
`;

/** Shopify's limit of ids per call. */
export const CUSTOMERS_PER_QUERY = 250;

/**
 * Which of these customers still exist: deleted and merged ones do not.
 *
 * @param ids numeric parts of gids, at most {@link CUSTOMERS_PER_QUERY}
 */
export async function readExistingCustomers(
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
    // Nodes come in the order of the ids, which identifies a node without a readable id.
    const own = numberIn("Customer", node.id);
    const id = own !== null && asked.has(own) ? own : ids[place];
    if (id !== undefined) present.add(id);
  }
  return present;
}
