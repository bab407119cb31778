import type { AdminApi } from "./client.server.ts";
import { startBulkQuery, type BulkStart } from "./bulk-start.server.ts";

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
