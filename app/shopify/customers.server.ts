import { AppError } from "#app/errors.ts";
import { customerId, fromGid, toGid, type CustomerId } from "#app/ids.ts";

import type { AdminApi, QueryOptions } from "./client.server.ts";

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

const CUSTOMER_STATES = `#graphql
  query EncoreCustomerStates($after: String, $first: Int!, $namespace: String!) {
    customers(first: $first, after: $after, sortKey: ID) {
      nodes {
        id
        tags
        metafields(first: 10, namespace: $namespace) {
          nodes {
            key
            value
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
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
    return nodes.flatMap((node) =>
      node !== null && "displayName" in node
        ? [[customerId(fromGid("Customer", node.id)), node.displayName] as [CustomerId, string]]
        : [],
    );
  } catch (error) {
    if (error instanceof AppError && error.code === "shopify-access-denied") return [];
    throw error;
  }
}

/** What stands in Shopify for a customer: tags, and metafields of one namespace by key. */
export type CustomerState = { id: CustomerId; tags: string[]; metafields: Map<string, string> };

export type CustomerStatePage = { customers: CustomerState[]; next: string | null };

/** One page of all customers in the order of their ids, for comparing with what should be there. */
export async function readCustomerStates(
  admin: AdminApi,
  {
    namespace,
    after = null,
    first = 50,
  }: { namespace: string; after?: string | null; first?: number },
  options?: QueryOptions,
): Promise<CustomerStatePage> {
  const { customers } = await admin.query(CUSTOMER_STATES, { after, first, namespace }, options);
  const { hasNextPage, endCursor } = customers.pageInfo;
  return {
    customers: customers.nodes.map(({ id, tags, metafields }) => ({
      id: customerId(fromGid("Customer", id)),
      tags,
      metafields: new Map(metafields.nodes.map(({ key, value }) => [key, value])),
    })),
    next: hasNextPage ? (endCursor ?? null) : null,
  };
}
