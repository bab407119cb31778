import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";

import { readCleanUp, startCleanUp } from "#app/campaigns/clean-up.server.ts";
import { SettingsPage } from "#app/components/settings/SettingsPage.tsx";
import { useLiveProgress } from "#app/components/shared/useLiveProgress.ts";
import { badRequest, type Form, readForm } from "#app/http/form.server.ts";
import { requireInstalledShop, requireShop } from "#app/http/require-shop.server.ts";
import { now } from "#app/lib/clock.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { chooseOrderRules, readOrderRules } from "#app/orders/store/order-rules.server.ts";
import { orderRuleFields, parseOrderRules } from "#app/orders/store/order-rules.ts";
import { readProgress } from "#app/queue/progress.server.ts";
import {
  chooseExclusionTag,
  readExclusionView,
} from "#app/scoring/exclusion/exclusion-tag.server.ts";
import { parseExclusionTag, type TypedTag } from "#app/scoring/exclusion/exclusion-tag.ts";
import { chooseHorizon, chooseTierOptions } from "#app/scoring/store/scoring-settings.server.ts";
import { parseHorizon } from "#app/scoring/views/horizon-settings.ts";
import { readHorizonSettings, readTierSettings } from "#app/scoring/views/tier-settings.server.ts";
import { optionsOf, parseTierChoice } from "#app/scoring/views/tier-settings.ts";
import { readInstalled } from "#app/shop/shop-row.server.ts";
import { pauseWriting, resumeWriting } from "#app/writeback/pause.server.ts";
import { tierTags } from "#app/writeback/plan/tags.ts";
import { readWriting } from "#app/writeback/writing-view.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireInstalledShop(request);
  const [horizon, tiers, rules, exclusion, writing, cleanUp, progress, facts] = await Promise.all([
    readHorizonSettings(shop),
    readTierSettings(shop),
    readOrderRules(shop),
    readExclusionView(shop),
    readWriting(shop),
    readCleanUp(shop),
    readProgress(shop),
    readInstalled(shop),
  ]);
  const { currency, timeZone } = facts ?? { currency: "XXX", timeZone: "UTC" };
  const nowMs = now().getTime();
  return {
    horizon,
    tiers,
    rules,
    exclusion,
    writing,
    cleanUp,
    progress,
    currency,
    timeZone,
    nowMs,
  };
}

type Saved = TypedTag | { kind: "asked" } | { kind: "invalid" };

export async function action({ request }: ActionFunctionArgs): Promise<Saved> {
  const shop = await requireShop(request);
  const form = await readForm(request);
  const intent = form.get("intent") ?? "exclusion-tag";
  const save = saving[intent];
  if (save === undefined) throw badRequest(intent, Object.keys(saving).join(", "));
  return save(shop, form);
}

/** What the page's forms do, by their intent. */
const saving: Partial<Record<string, (shop: ShopDomain, form: Form) => Promise<Saved>>> = {
  async "clean-up"(shop) {
    await startCleanUp(shop);
    return { kind: "asked" };
  },
  async pause(shop) {
    await pauseWriting(shop);
    return { kind: "asked" };
  },
  async resume(shop) {
    await resumeWriting(shop);
    return { kind: "asked" };
  },
  async tiers(shop, form) {
    const choice = parseTierChoice((field) => form.get(field) ?? "");
    if (choice === null) throw badRequest([...form.values()].join(), "tiers within their limits");
    await chooseTierOptions(shop, optionsOf(choice));
    return { kind: "asked" };
  },
  async horizon(shop, form) {
    const days = parseHorizon(form.get("horizon") ?? "");
    if (days === undefined) throw badRequest(form.get("horizon"), "a horizon, or auto");
    await chooseHorizon(shop, days);
    return { kind: "asked" };
  },
  async "order-rules"(shop, form) {
    const [tags = "", channels = "", countZero = ""] = orderRuleFields.map(
      (name) => form.get(name) ?? "",
    );
    const rules = parseOrderRules({ tags, channels, countZero });
    if (rules === null) return { kind: "invalid" };
    await chooseOrderRules(shop, rules);
    return { kind: "asked" };
  },
  async "exclusion-tag"(shop, form) {
    const tag = form.get("exclusionTag");
    if (tag === undefined) throw badRequest(tag, "an exclusionTag, or an intent");
    const typed = parseExclusionTag(tag, tierTags);
    if (typed.kind === "tag") await chooseExclusionTag(shop, typed.tag);
    return typed;
  },
};

export default function Settings() {
  const { progress, ...loaded } = useLoaderData<typeof loader>();
  const cleaning = loaded.cleanUp !== null && loaded.cleanUp.finishedAt === null;
  return <SettingsPage {...loaded} progress={useLiveProgress(progress, cleaning)} />;
}
