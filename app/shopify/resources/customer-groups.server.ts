import { log } from "#app/lib/log.server.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import { readBulkQuery } from "#app/shopify/bulk/read-bulk-query.server.ts";

import { type CustomerGroups, readCustomerGroups } from "./customer-groups.ts";

const CUSTOMER_GROUPS = `#graphql
  query EncoreCustomerGroups {
    customers {
      edges {
        node {
          id
          statistics {
            rfmGroup
            predictedSpendTier
          }
        }
      }
    }
  }
`;

/**
 * Reads the groups that Shopify itself gives each customer, in batches. Unreadable lines are skipped
 * and logged.
 *
 * @param search.intentId new for each reading, since an earlier result is out of date
 * @throws AppError when Shopify cannot be used or gives no result
 */
export async function* readAllCustomerGroups(
  admin: AdminApi,
  { intentId, signal }: { intentId: string; signal?: AbortSignal | undefined },
): AsyncGenerator<CustomerGroups[]> {
  const search = { document: CUSTOMER_GROUPS, intentId, signal };
  for await (const lines of readBulkQuery(admin, search)) {
    const read = lines.flatMap((text) => readCustomerGroups(text) ?? []);
    const unreadable = lines.length - read.length;
    if (unreadable > 0) {
      log.warn(
        { shop: admin.shop, lines: unreadable },
        "lines of customers' groups cannot be read",
      );
    }
    yield read;
  }
}
