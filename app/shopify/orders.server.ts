import { fromGid, toGid } from "#app/ids.ts";

import { startBulkQuery, type BulkStart } from "./bulk-start.server.ts";
import type { AdminApi } from "./client.server.ts";
import { parseOrder, type ExportedOrder } from "./orders.ts";

/**
 * Every order, with what scoring needs and nothing that names a person. The money is
 * `currentTotalPriceSet`: what the order is worth after edits and returns.
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

/** Starts the export, or finds the one that was started under the same id. */
export function startOrdersExport(admin: AdminApi, importId: string): Promise<BulkStart> {
  return startBulkQuery(admin, ORDERS_EXPORT, importId);
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

/** Orders asked for at once: a third of the smallest bucket, so that a page is not kept waiting. */
export const ORDERS_PER_QUERY = 100;

/**
 * Reads single orders with the fields of the export, by id.
 *
 * @param ids numeric parts of gids, at most {@link ORDERS_PER_QUERY}
 * @returns those that the app can see; an order that was deleted, or is too old for its scopes, is
 * not among them
 */
export async function readOrders(
  admin: AdminApi,
  ids: string[],
  signal?: AbortSignal,
): Promise<Map<string, ExportedOrder>> {
  const gids = ids.map((id) => toGid("Order", id));
  const { nodes } = await admin.query(ORDERS_BY_ID, { ids: gids }, signal ? { signal } : {});
  const orders = nodes.filter((node) => node !== null).map((node) => parseOrder(node));
  return new Map(orders.map((order) => [fromGid("Order", order.id), order]));
}
