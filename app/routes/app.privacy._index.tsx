import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { PrivacyPage } from "#app/components/privacy/PrivacyPage.tsx";
import { shopDomain } from "#app/lib/ids.ts";
import { listRequests } from "#app/privacy/reports/reports.server.ts";
import { authenticate } from "#app/shopify.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  return { requests: await listRequests(shopDomain(session.shop)) };
}

export default function PrivacyRoute() {
  const { requests } = useLoaderData<typeof loader>();
  return <PrivacyPage requests={requests} />;
}
