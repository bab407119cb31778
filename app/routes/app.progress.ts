import { json, type LoaderFunctionArgs } from "@remix-run/node";
import type { ProgressAnswer } from "#app/components/shared/useLiveProgress.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { readProgress } from "#app/queue/progress.server.ts";
import { authenticate } from "#app/shopify.server.ts";

/** How far the work for the shop has come: asked each second while there is some. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const progress = await readProgress(shopDomain(session.shop));
  return json({ progress } satisfies ProgressAnswer);
}
