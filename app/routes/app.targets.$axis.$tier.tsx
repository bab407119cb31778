import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { TargetPage } from "#app/components/target/TargetPage.tsx";
import type { SegmentAnswer } from "#app/components/shared/useProblem.ts";
import { createTargetSegment } from "#app/campaigns/target-segment.server.ts";
import { readTarget } from "#app/campaigns/target.server.ts";
import { parseTarget, type Target } from "#app/campaigns/target.ts";
import { AppError } from "#app/lib/errors.ts";
import { orFailureResponse } from "#app/http/failure.server.ts";
import { badRequest, readForm } from "#app/http/form.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { authenticate, withAccess } from "#app/shopify.server.ts";

/** Shopify's limit on the name of a segment. */
const LONGEST_NAME = 255;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const view = await orFailureResponse(
    withAccess(request, () => readTarget(shopDomain(session.shop), targetOf(params))),
  );
  if (view === null) throw notFound();
  return { view };
}

/** Makes the segment of the target, or finds it again; `name` comes in the merchant's language. */
export async function action({ request, params }: ActionFunctionArgs): Promise<SegmentAnswer> {
  const { session } = await authenticate.admin(request);
  const target = targetOf(params);
  const name = (await readForm(request)).get("name")?.trim() ?? "";
  if (name === "" || name.length > LONGEST_NAME) {
    throw badRequest(name, `a name of 1 to ${LONGEST_NAME} characters`);
  }
  try {
    return await withAccess(request, () =>
      createTargetSegment(shopDomain(session.shop), target, name),
    );
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

function notFound(): Response {
  return new Response(null, { status: 404 });
}
