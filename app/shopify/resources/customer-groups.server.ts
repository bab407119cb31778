import { AppError } from "#app/lib/errors.ts";
import { log } from "#app/lib/log.server.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import { awaitBulkOperation, readJsonLines } from "#app/shopify/bulk/await-operation.server.ts";
import { startBulkQuery } from "#app/shopify/bulk/start-operation.server.ts";

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
  const started = await startBulkQuery(admin, { document: CUSTOMER_GROUPS, intentId, signal });
  if (started.kind === "refused") {
    const errors = started.errors.map(({ message }) => message).join(" ");
    throw new AppError("shopify-rejected", `${admin.shop}: ${errors}`, { retryable: false });
  }
  const operation = await awaitBulkOperation(admin, started.id, { signal });
  for await (const lines of readJsonLines(operation, signal)) {
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
