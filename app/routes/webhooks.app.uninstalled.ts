import type { ActionFunctionArgs } from "@remix-run/node";

import { recordUninstall } from "#app/shop/uninstall.server.ts";
import { verifyWebhook } from "#app/shopify/webhooks.server.ts";

// Declared in /shopify.app.toml
export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  const verification = await verifyWebhook(request);
  if (verification.kind === "refused") return new Response(null, { status: verification.status });
  await recordUninstall(verification.webhook);
  return new Response();
}
