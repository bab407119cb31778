import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";

import { readTarget } from "#app/campaigns/target.server.ts";
import { parseTarget, type Target } from "#app/campaigns/target.ts";
import { createTargetSegment } from "#app/campaigns/target-segment.server.ts";
import type { SegmentAnswer } from "#app/components/shared/useProblem.ts";
import { TargetPage } from "#app/components/target/TargetPage.tsx";
import { orFailureResponse } from "#app/http/failure.server.ts";
import { badRequest, notFound, readForm } from "#app/http/form.server.ts";
import { requireShop } from "#app/http/require-shop.server.ts";
import { AppError } from "#app/lib/errors.ts";
import { withAccess } from "#app/shopify.server.ts";

/** Shopify's limit on the name of a segment. */
const LONGEST_NAME = 255;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const view = await orFailureResponse(
    withAccess(request, () => readTarget(shop, targetOf(params))),
  );
  if (view === null) throw notFound();
  return { view };
}

/** Creates the segment of the target, or finds it; `name` is in the merchant's language. */
export async function action({ request, params }: ActionFunctionArgs): Promise<SegmentAnswer> {
  const shop = await requireShop(request);
  const target = targetOf(params);
  const name = (await readForm(request)).get("name")?.trim() ?? "";
  if (name === "" || name.length > LONGEST_NAME) {
    throw badRequest(name, `a name of 1 to ${LONGEST_NAME} characters`);
  }
  try {
    return await withAccess(request, () => createTargetSegment(shop, target, name));
  } catch (error) {
    if (error instanceof AppError) return { kind: "failed", code: error.code };
    throw error;
  }
}

export default function TargetRoute() {
  const { view } = useLoaderData<typeof loader>();
  return <TargetPage view={view} />;
}

function targetOf(params: LoaderFunctionArgs["params"]): Target {
  const target = parseTarget(params.axis ?? "", params.tier ?? "");
  if (target === null) throw notFound();
  return target;
}
