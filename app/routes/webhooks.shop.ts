import { enqueueThroughInbox } from "#app/queue/inbox.server.ts";
import { shopTopics } from "#app/orders/webhooks/webhook-payload.ts";
import { webhookAction } from "#app/http/webhook-action.server.ts";

// Declared in /shopify.app.toml: shop/update and app/scopes_update. What is new, Shopify is asked.
export const action = webhookAction({
  topics: shopTopics,
  read: () => null,
  keep: (webhook) =>
    enqueueThroughInbox("shop.follow", { ...webhook, resourceId: null, updatedAt: null }),
});
