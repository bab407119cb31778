import type { ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";

import { storeInInbox } from "#app/jobs/inbox.server.ts";
import { verifyWebhook } from "#app/shopify/webhooks.server.ts";

const finished = z.object({ admin_graphql_api_id: z.string() });

// Declared in /shopify.app.toml. Whoever waits for the operation looks into the inbox.
export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  const verification = await verifyWebhook(request);
  if (verification.kind === "refused") return new Response(null, { status: verification.status });
  const { webhook } = verification;
  const body = finished.safeParse(webhook.body);
  if (!body.success) return new Response(null, { status: 400 });
  await storeInInbox({ ...webhook, resourceId: body.data.admin_graphql_api_id });
  return new Response();
}
