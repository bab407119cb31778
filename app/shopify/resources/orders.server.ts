import { numberIn, toGid } from "#app/lib/ids.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import {
  type BulkStart,
  type Intent,
  startBulkQuery,
} from "#app/shopify/bulk/start-operation.server.ts";

import { readTime } from "./orders.ts";

/**
 * All orders, with the fields that scoring needs and none that names a person.
 * `currentTotalPriceSet` is the total after edits and returns.
 */
export const ORDERS_EXPORT = `#graphql
  query EncoreOrders {
    orders {
      edges {
        node {
          id
          processedAt
          updatedAt
          cancelledAt
          test
          displayFinancialStatus
          currentTotalPriceSet {
            shopMoney {
              amount
            }
          }
          sourceName
          tags
          customer {
            id
          }
        }
      }
    }
  }
`;

/** Starts the export, or finds the one started for the same intent. */
export function startOrdersExport(admin: AdminApi, intent: Intent): Promise<BulkStart> {
  return startBulkQuery(admin, { document: ORDERS_EXPORT, ...intent });
}

const ORDERS_BY_ID = `#graphql
  query EncoreOrdersById($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Order {
        id
        processedAt
        updatedAt
        cancelledAt
        test
        displayFinancialStatus
        currentTotalPriceSet {
          shopMoney {
            amount
          }
        }
        sourceName
        tags
        customer {
          id
        }
      }
    }
  }
`;

/** Orders per call: a third of the smallest bucket, so that pages are not kept waiting. */
export const ORDERS_PER_QUERY = 100;

/**
 * Reads orders by id, with the fields of the export.
 *
 * @param ids numeric parts of gids, at most {@link ORDERS_PER_QUERY}
 * @returns raw orders by id, to be parsed one by one, so that an unreadable one does not affect the
 * others. Deleted orders and those too old for the app's scopes are missing
 */
export async function readOrders(
  admin: AdminApi,
  ids: string[],
  signal?: AbortSignal,
): Promise<Map<string, unknown>> {
  const gids = ids.map((id) => toGid("Order", id));
  const { nodes } = await admin.query(ORDERS_BY_ID, { ids: gids }, { signal });
  const asked = new Set(ids);
  const orders = new Map<string, unknown>();
  for (const [place, node] of nodes.entries()) {
    if (node === null) continue;
    // Nodes come in the order of the ids, which identifies a node without a readable id.
    const own = "id" in node ? numberIn("Order", node.id) : null;
    const id = own !== null && asked.has(own) ? own : ids[place];
    if (id !== undefined) orders.set(id, node);
  }
  return orders;
}

const CHANGED_ORDERS = `#graphql
  query EncoreChangedOrders($first: Int!, $after: String, $query: String!) {
    orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
      nodes {
        id
        updatedAt
        customer {
          id
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

/** An order in the list of changed orders. */
export type ListedOrder = {
  orderId: string;
  /** ISO time; null when the list's entry cannot be read, and the order has to be fetched. */
  updatedAt: string | null;
  customerId: string | null;
};

export type ChangedOrders = {
  orders: ListedOrder[];
  /** How many entries have no readable id. */
  unnamed: number;
  /** Shopify's cursor; null on the last page. */
  next: string | null;
};

/**
 * A page of the orders changed since a moment, oldest change first: an order that changes meanwhile
 * is listed again at the end.
 *
 * @param page.after cursor of the previous page; null for the first
 */
export async function readChangedOrders(
  admin: AdminApi,
  page: { since: Date; after: string | null },
  signal?: AbortSignal,
): Promise<ChangedOrders> {
  const query = `updated_at:>='${page.since.toISOString()}'`;
  const variables = { first: ORDERS_PER_QUERY, after: page.after, query };
  const { orders } = await admin.query(CHANGED_ORDERS, variables, { signal });
  const named = orders.nodes.flatMap((node) => listed(node) ?? []);
  return {
    orders: named,
    unnamed: orders.nodes.length - named.length,
    next: orders.pageInfo.hasNextPage ? (orders.pageInfo.endCursor ?? null) : null,
  };
}

type Node = { id: string; updatedAt: unknown; customer?: { id: string } | null };

function listed({ id, updatedAt, customer }: Node): ListedOrder | null {
  const orderId = numberIn("Order", id);
  if (orderId === null) return null;
  const customerId = customer ? numberIn("Customer", customer.id) : null;
  const time = customer && customerId === null ? null : readTime(updatedAt);
  return { orderId, updatedAt: time?.toISOString() ?? null, customerId };
}

const ORDERS_COUNT = `#graphql
  query EncoreOrdersCount($query: String!) {
    ordersCount(query: $query, limit: null) {
      count
      precision
    }
  }
`;

/** How many orders were processed before a moment; null when Shopify's count is not exact. */
export async function countOrders(admin: AdminApi, before: Date): Promise<number | null> {
  const query = `processed_at:<'${before.toISOString()}'`;
  const { ordersCount } = await admin.query(ORDERS_COUNT, { query });
  return ordersCount?.precision === "EXACT" ? ordersCount.count : null;
}
