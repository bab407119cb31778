import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";

import { PrivacyPage } from "#app/components/privacy/PrivacyPage.tsx";
import { requireShop } from "#app/http/require-shop.server.ts";
import { listRequests } from "#app/privacy/reports/reports.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  return { requests: await listRequests(shop) };
}

export default function PrivacyRoute() {
  const { requests } = useLoaderData<typeof loader>();
  return <PrivacyPage requests={requests} />;
}
