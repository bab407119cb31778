import { webhookAction } from "#app/http/webhook-action.server.ts";
import { shopTopics } from "#app/orders/webhooks/webhook-payload.ts";
import { enqueueThroughInbox } from "#app/queue/inbox.server.ts";

// Declared in /shopify.app.toml: shop/update and app/scopes_update. The task fetches what changed.
export const action = webhookAction({
  topics: shopTopics,
  read: () => null,
  keep: (webhook) =>
    enqueueThroughInbox("shop.follow", { ...webhook, resourceId: null, updatedAt: null }),
});
