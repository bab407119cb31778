import type { ClientResponse } from "@shopify/admin-api-client";

import { metrics } from "#app/lib/metrics.server.ts";

import { operationName, type Outcome } from "./reply.ts";

/** Counts what a call took of the shop's budget, and what became of it. */
export function countReply(
  operation: string,
  reply: ClientResponse<unknown>,
  outcome: Outcome,
): void {
  const { actualQueryCost } = reply.extensions?.cost ?? {};
  metrics.apiCost.inc({ operation: operationName(operation) }, actualQueryCost ?? 0);
  const kind = outcome.kind === "again" ? outcome.failure.kind : outcome.kind;
  metrics.apiReplies.inc({ outcome: kind });
}
