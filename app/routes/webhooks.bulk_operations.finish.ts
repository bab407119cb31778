import { z } from "zod";

import { webhookAction } from "#app/http/webhook-action.server.ts";
import { fromGid, toGid } from "#app/lib/ids.ts";
import { storeInInbox } from "#app/queue/inbox.server.ts";

const finished = z.object({ admin_graphql_api_id: z.string() });

/** @throws ZodError or TypeError when the body names no operation */
function readOperation(_topic: string, body: unknown): string {
  const { admin_graphql_api_id: gid } = finished.parse(body);
  return toGid("BulkOperation", fromGid("BulkOperation", gid));
}

// Declared in /shopify.app.toml. The task that waits for the operation polls the inbox.
export const action = webhookAction({
  topics: ["bulk_operations/finish"],
  read: readOperation,
  keep: (webhook, operation) => storeInInbox({ ...webhook, resourceId: operation }),
});
