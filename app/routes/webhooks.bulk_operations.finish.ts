import { z } from "zod";

import { fromGid, toGid } from "#app/lib/ids.ts";
import { storeInInbox } from "#app/queue/inbox.server.ts";
import { webhookAction } from "#app/http/webhook-action.server.ts";

const finished = z.object({ admin_graphql_api_id: z.string() });

/** @throws ZodError or TypeError when the body names no operation */
function readOperation(_topic: string, body: unknown): string {
  const { admin_graphql_api_id: gid } = finished.parse(body);
  return toGid("BulkOperation", fromGid("BulkOperation", gid));
}

// Declared in /shopify.app.toml. Whoever waits for the operation looks into the inbox.
export const action = webhookAction({
  topics: ["bulk_operations/finish"],
  read: readOperation,
  keep: (webhook, operation) => storeInInbox({ ...webhook, resourceId: operation }),
});
