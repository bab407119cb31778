import { json, type LoaderFunctionArgs } from "@remix-run/node";

import type { ProgressAnswer } from "#app/components/shared/useLiveProgress.ts";
import { requireShop } from "#app/http/require-shop.server.ts";
import { readProgress } from "#app/queue/progress.server.ts";

/** How far the work for the shop has come: asked each second while there is some. */
export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const progress = await readProgress(shop);
  return json({ progress } satisfies ProgressAnswer);
}
