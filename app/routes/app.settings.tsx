import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { readCleanUp, startCleanUp } from "#app/campaigns/clean-up.server.ts";
import { now } from "#app/lib/clock.server.ts";
import { SettingsPage } from "#app/components/settings/SettingsPage.tsx";
import { useLiveProgress } from "#app/components/shared/useLiveProgress.ts";
import { orFailureResponse } from "#app/http/failure.server.ts";
import { badRequest, readForm } from "#app/http/form.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { readProgress } from "#app/queue/progress.server.ts";
import {
  chooseExclusionTag,
  readExclusionView,
} from "#app/scoring/exclusion/exclusion-tag.server.ts";
import { parseExclusionTag, type TypedTag } from "#app/scoring/exclusion/exclusion-tag.ts";
import { ensureInstalled } from "#app/shop/install.server.ts";
import { readTimeZone } from "#app/shop/shop-row.server.ts";
import { authenticate, withAccess } from "#app/shopify.server.ts";
import { isWritingAgreed } from "#app/shop/writing-agreement.server.ts";
import { tierTags } from "#app/writeback/plan/tags.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  // The layout's loader does the same at the same time; either may be first.
  await orFailureResponse(withAccess(request, () => ensureInstalled(session)));
  const shop = shopDomain(session.shop);
  const [exclusion, cleanUp, agreed, progress, timeZone] = await Promise.all([
    readExclusionView(shop),
    readCleanUp(shop),
    isWritingAgreed(shop),
    readProgress(shop),
    readTimeZone(shop),
  ]);
  return { exclusion, cleanUp, agreed, progress, timeZone, nowMs: now().getTime() };
}

export async function action({
  request,
}: ActionFunctionArgs): Promise<TypedTag | { kind: "asked" }> {
  const { session } = await authenticate.admin(request);
  const shop = shopDomain(session.shop);
  const form = await readForm(request);
  const tag = form.get("exclusionTag");
  if (form.get("intent") === "clean-up") {
    await startCleanUp(shop);
    return { kind: "asked" };
  }
  if (tag === undefined) {
    throw badRequest(form.get("intent"), "an exclusionTag, or clean-up as the intent");
  }
  const typed = parseExclusionTag(tag, tierTags);
  if (typed.kind === "tag") await chooseExclusionTag(shop, typed.tag);
  return typed;
}

export default function Settings() {
  const { progress, ...loaded } = useLoaderData<typeof loader>();
  const cleaning = loaded.cleanUp !== null && loaded.cleanUp.finishedAt === null;
  return <SettingsPage {...loaded} progress={useLiveProgress(progress, cleaning)} />;
}
