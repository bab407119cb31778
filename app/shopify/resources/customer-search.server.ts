import { AppError } from "#app/lib/errors.ts";
import { numberIn } from "#app/lib/ids.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";

import { searchTerms } from "./customer-search.ts";

const CUSTOMERS_FOUND = `#graphql
  query EncoreCustomersFound($query: String!) {
    customers(first: 250, query: $query) {
      nodes {
        id
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`;

/** Ids of customers, and whether Shopify has more than one page of them. */
export type FoundCustomers = { ids: string[]; more: boolean };

/**
 * Customers whom Shopify finds by words: their name, address, e-mail or phone, none of which is
 * stored here. At most 250; nobody when the app is not approved to search by them.
 *
 * @throws AppError when Shopify cannot be used
 */
export async function searchCustomers(admin: AdminApi, text: string): Promise<FoundCustomers> {
  const query = searchTerms(text);
  if (query === "") return { ids: [], more: false };
  try {
    const options = { priority: "interactive" as const };
    const { customers } = await admin.query(CUSTOMERS_FOUND, { query }, options);
    const ids = customers.nodes.flatMap(({ id }) => numberIn("Customer", id) ?? []);
    return { ids, more: customers.pageInfo.hasNextPage };
  } catch (error) {
    if (error instanceof AppError && error.code === "shopify-access-denied") {
      return { ids: [], more: false };
    }
    throw error;
  }
}
