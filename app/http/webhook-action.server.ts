import {
  refused,
  verifyWebhook,
  type Webhook,
} from "#app/shopify/incoming/verify-webhook.server.ts";

type Handling<Topic extends string, Content> = {
  /** The topics of the route, as in shopify.app.toml. */
  topics: readonly Topic[];
  /**
   * Reads what is to be stored from a body.
   * @throws when the body does not fit the topic
   */
  read: (topic: Topic, body: unknown) => Content;
  /** Stores it; Shopify gets its reply when this has returned. */
  keep: (webhook: Webhook<Topic>, content: Content) => Promise<void>;
};

export function webhookAction<Topic extends string, Content>({
  topics,
  read,
  keep,
}: Handling<Topic, Content>) {
  return async ({ request }: { request: Request }): Promise<Response> => {
    const verification = await verifyWebhook(request, topics);
    if (verification.kind === "refused") return verification.response;
    const { webhook } = verification;
    let content: Content;
    try {
      content = read(webhook.topic, webhook.body);
    } catch {
      return refused(`the body is not that of ${webhook.topic}`).response;
    }
    await keep(webhook, content);
    return new Response();
  };
}
