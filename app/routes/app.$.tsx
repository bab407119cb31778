import type { LoaderFunctionArgs } from "@remix-run/node";

import { notFound } from "#app/http/form.server.ts";
import { requireShop } from "#app/http/require-shop.server.ts";

/** An unknown address under /app, answered within the app's layout. */
export async function loader({ request }: LoaderFunctionArgs): Promise<never> {
  await requireShop(request);
  throw notFound();
}

export default function Nothing() {
  return null;
}
