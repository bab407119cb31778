import type { LoaderFunctionArgs } from "@remix-run/node";

import { HelpPage } from "#app/components/help/HelpPage.tsx";
import { requireShop } from "#app/http/require-shop.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  await requireShop(request);
  return null;
}

export default function HelpRoute() {
  return <HelpPage />;
}
