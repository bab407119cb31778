import { json, type LoaderFunctionArgs } from "@remix-run/node";

import type { ProgressAnswer } from "#app/components/shared/useLiveProgress.ts";
import { requireShop } from "#app/http/require-shop.server.ts";
import { readProgress } from "#app/queue/progress.server.ts";

/** The progress of the shop's tasks, polled every second while some run. */
export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const progress = await readProgress(shop);
  return json({ progress } satisfies ProgressAnswer);
}
