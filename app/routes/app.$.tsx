import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticate } from "#app/shopify.server.ts";

/** An address of ours that is none: answered within the app's frame, as its other pages are. */
export async function loader({ request }: LoaderFunctionArgs): Promise<never> {
  await authenticate.admin(request);
  throw new Response(null, { status: 404 });
}

export default function Nothing() {
  return null;
}
