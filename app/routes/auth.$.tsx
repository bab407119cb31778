import type { LoaderFunctionArgs } from "@remix-run/node";

import { allowSimulatedAdmin, authenticate } from "#app/shopify.server.ts";

/** The library's own pages (session token bounce, exit from the frame); they come as thrown responses. */
export async function loader({ request }: LoaderFunctionArgs): Promise<null> {
  try {
    await authenticate.admin(request);
  } catch (thrown) {
    if (thrown instanceof Response) allowSimulatedAdmin(thrown.headers);
    throw thrown;
  }
  return null;
}
