import { toGid } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import { readBulkQuery } from "#app/shopify/bulk/read-bulk-query.server.ts";

import { readCarrier, readTaggedCustomer, type TaggedCustomer } from "./tagged-customers.ts";

/** SEARCH and NAMESPACE are replaced before sending, since bulk queries take no variables. */
const TAGGED_CUSTOMERS = `#graphql
  query EncoreTaggedCustomers {
    customers(query: "tag:SEARCH") {
      edges {
        node {
          id
          tags
          metafields(namespace: "NAMESPACE") {
            edges {
              node {
                id
                key
                value
              }
            }
          }
        }
      }
    }
  }
`;

const CUSTOMERS_TAGGED = `#graphql
  query EncoreCustomersTagged {
    customers(query: "tag:SEARCH") {
      edges {
        node {
          id
          tags
        }
      }
    }
  }
`;

const TAGS_OF_CUSTOMER = `#graphql
  query EncoreTagsOfCustomer($id: ID!, $namespace: String!) {
    customer(id: $id) {
      tags
      metafields(first: 50, namespace: $namespace) {
        nodes {
          key
          value
        }
      }
    }
  }
`;

export type TaggedSearch = {
  /** Customers with any of these tags. */
  tags: readonly string[];
  namespace: string;
  /** Recorded before the call, or derived from recorded facts. */
  intentId: string;
  signal?: AbortSignal | undefined;
};

/**
 * Reads the customers with one of the tags, their tags and their metafields of one namespace, in
 * batches. Tags and each metafield are lines of their own, in no reliable order. Unreadable lines
 * are skipped and logged.
 *
 * @throws AppError when Shopify cannot be used or gives no result
 */
export async function* readTaggedCustomers(
  admin: AdminApi,
  { tags, namespace, intentId, signal }: TaggedSearch,
): AsyncGenerator<TaggedCustomer[]> {
  const document = TAGGED_CUSTOMERS.replace('"NAMESPACE"', JSON.stringify(namespace));
  const found = runSearch(admin, { document, tags, intentId, signal });
  for await (const lines of found) {
    const read = lines.flatMap((text) => readTaggedCustomer(text) ?? []);
    const unreadable = lines.length - read.length;
    if (unreadable > 0) log.warn({ shop: admin.shop, lines: unreadable }, UNREADABLE);
    yield read;
  }
}

/**
 * Like {@link readTaggedCustomers} for one customer.
 *
 * @returns nothing for a customer who no longer exists
 * @throws AppError when Shopify cannot be used
 */
export async function readTagged(
  admin: AdminApi,
  { customerId, namespace }: { customerId: string; namespace: string },
  signal?: AbortSignal,
): Promise<TaggedCustomer[]> {
  const variables = { id: toGid("Customer", customerId), namespace };
  const { customer } = await admin.query(TAGS_OF_CUSTOMER, variables, { signal });
  if (!customer) return [];
  const { tags, metafields } = customer;
  return [
    { customerId, tags },
    ...metafields.nodes.map(({ key, value }) => ({ customerId, key, value })),
  ];
}

const UNREADABLE = "lines about customers with a tag cannot be read";

/** Ids of customers with a tag, and how many lines have no readable id. */
export type Carriers = { ids: string[]; unnamed: number };

/**
 * Reads the ids of the customers with a tag of the merchant's choice, in batches.
 *
 * @param search.intentId new for each reading, since an earlier result is out of date
 * @throws AppError when Shopify cannot be used or gives no result
 */
export async function* readCustomersTagged(
  admin: AdminApi,
  { tag, intentId, signal }: { tag: string; intentId: string; signal?: AbortSignal | undefined },
): AsyncGenerator<Carriers> {
  const found = runSearch(admin, { document: CUSTOMERS_TAGGED, tags: [tag], intentId, signal });
  for await (const lines of found) {
    const read = lines.map((text) => readCarrier(text, tag));
    const unnamed = read.filter((carrier) => carrier === undefined).length;
    if (unnamed > 0) log.warn({ shop: admin.shop, lines: unnamed }, UNREADABLE);
    yield { ids: read.flatMap((carrier) => carrier ?? []), unnamed };
  }
}

type Search = Omit<TaggedSearch, "namespace"> & { document: string };

function runSearch(
  admin: AdminApi,
  { document, tags, intentId, signal }: Search,
): AsyncGenerator<string[]> {
  const search = tags.map((tag) => `tag:'${tag.replaceAll(/[\\']/g, "\\$&")}'`).join(" OR ");
  const query = document.replace('"tag:SEARCH"', () => JSON.stringify(search));
  return readBulkQuery(admin, { document: query, intentId, signal });
}
