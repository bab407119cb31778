import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";

import { RunsPage } from "#app/components/runs/RunsPage.tsx";
import { useFreshness } from "#app/components/shared/useFreshness.ts";
import { requireInstalledShop } from "#app/http/require-shop.server.ts";
import { readRuns } from "#app/scoring/views/runs.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireInstalledShop(request);
  return { view: await readRuns(shop) };
}

export default function RunsRoute() {
  const { view } = useLoaderData<typeof loader>();
  useFreshness();
  return <RunsPage view={view} />;
}
