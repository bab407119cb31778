import { z } from "zod";

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

const exportedOrder = z.object({
  id: z.string(),
  processedAt: z.string(),
  updatedAt: z.string(),
  cancelledAt: z.string().nullable(),
  test: z.boolean(),
  displayFinancialStatus: z.string().nullable(),
  currentTotalPriceSet: z.object({ shopMoney: z.object({ amount: z.string() }) }),
  sourceName: z.string().nullable(),
  tags: z.array(z.string()),
  customer: z.object({ id: z.string() }).nullable(),
});

/** One line of the export, as Shopify writes it. */
export type ExportedOrder = z.infer<typeof exportedOrder>;

/** @throws ZodError or SyntaxError when the line is not an order of the export. */
export function parseExportedOrder(line: string): ExportedOrder {
  return exportedOrder.parse(JSON.parse(line));
}

/** Starts the export, or finds the one that was started under the same id. */
export function startOrdersExport(admin: AdminApi, importId: string): Promise<BulkStart> {
  return startBulkQuery(admin, ORDERS_EXPORT, importId);
}
