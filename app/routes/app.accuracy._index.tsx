import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";

import { AccuracyPage } from "#app/components/accuracy/AccuracyPage.tsx";
import { WaitingPage } from "#app/components/shared/WaitingPage.tsx";
import { requireShop } from "#app/http/require-shop.server.ts";
import { readAccuracy } from "#app/scoring/views/accuracy.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  return { view: await readAccuracy(shop) };
}

export default function AccuracyRoute() {
  const { view } = useLoaderData<typeof loader>();
  if (view === null) return <WaitingPage of="accuracy" kind="importing" />;
  if (view.model === null && view.newest === null) {
    return <WaitingPage of="accuracy" kind="refused" />;
  }
  return <AccuracyPage view={view} />;
}
