import { AppError } from "#app/lib/errors.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";

import { awaitBulkOperation, readJsonLines } from "./await-operation.server.ts";
import { startBulkQuery } from "./start-operation.server.ts";

type BulkQuery = { document: string; intentId: string; signal?: AbortSignal | undefined };

/**
 * Runs a bulk query and reads the lines of its result, in batches.
 *
 * @throws AppError when Shopify cannot be used, refuses the query or gives no result
 */
export async function* readBulkQuery(
  admin: AdminApi,
  { document, intentId, signal }: BulkQuery,
): AsyncGenerator<string[]> {
  const started = await startBulkQuery(admin, { document, intentId, signal });
  if (started.kind === "refused") {
    const errors = started.errors.map(({ message }) => message).join(" ");
    throw new AppError("shopify-rejected", `${admin.shop}: ${errors}`, { retryable: false });
  }
  const operation = await awaitBulkOperation(admin, started.id, { signal });
  yield* readJsonLines(operation, signal);
}
