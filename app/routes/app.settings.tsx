import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { now } from "#app/clock.server.ts";
import { SettingsPage } from "#app/components/SettingsPage.tsx";
import { orFailure } from "#app/failure.server.ts";
import { shopDomain } from "#app/ids.ts";
import { chooseExclusionTag, readExclusionView } from "#app/scoring/exclusion-tag.server.ts";
import { parseExclusionTag, type TypedTag } from "#app/scoring/exclusion-tag.ts";
import { ensureInstalled } from "#app/shop/install.server.ts";
import { authenticate } from "#app/shopify.server.ts";
import { tierTags } from "#app/writeback/tags.ts";

/** What the form is told: the tag was kept, or what is wrong with it. */
export type SettingsAnswer = TypedTag;

export async function loader({ request }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  // The layout's loader does the same at the same time; either may be first.
  await orFailure(ensureInstalled(session));
  const exclusion = await readExclusionView(shopDomain(session.shop));
  return { exclusion, nowMs: now().getTime() };
}

export async function action({ request }: ActionFunctionArgs): Promise<SettingsAnswer> {
  const { session } = await authenticate.admin(request);
  const tag = (await request.formData()).get("exclusionTag");
  if (typeof tag !== "string") throw new Response("expected exclusionTag", { status: 400 });
  const typed = parseExclusionTag(tag, tierTags);
  if (typed.kind === "tag") await chooseExclusionTag(shopDomain(session.shop), typed.tag);
  return typed;
}

export default function Settings() {
  const { exclusion, nowMs } = useLoaderData<typeof loader>();
  return <SettingsPage exclusion={exclusion} nowMs={nowMs} />;
}
