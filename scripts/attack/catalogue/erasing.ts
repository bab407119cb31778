import { eventually } from "../../storm/eventually.ts";
import { differs, type Check } from "../check.ts";
import type { Site } from "../../stack/admin-api.ts";
import { deliver, type Stage } from "../stage.ts";
import { recover, standing } from "./replays.ts";

// Shopify asks for a shop's erasure 48 hours after the app was removed, also when it was installed again
// since. Whether it is installed then, only Shopify knows; and Shopify may not be well.

const FAULTS = 1_000;

/** Asks for it as Shopify does, and waits until it was done, or tried, or for as long as that takes. */
async function askToErase({ own, rows }: Stage, { domain }: Site): Promise<void> {
  const [asked] = await rows<{ at: Date }>("select now() as at");
  const body = JSON.stringify({ shop_id: 548380009, shop_domain: domain });
  await deliver(own, "/webhooks/privacy", { shop: domain, topic: "shop/redact", body });
  const tried = async () => {
    const jobs = await rows(
      `select 1 from pgboss.job where name = 'privacy.handle' and singleton_key = $1
          and started_on >= $2 and state <> 'active'`,
      [domain, asked?.at],
    );
    return jobs.length > 0;
  };
  await eventually("it is tried", tried, { seconds: 3, everyMs: 50 }).catch(() => undefined);
}

/** Asks for the erasure of an installed shop while Shopify answers so. */
async function whileShopify(
  stage: Stage,
  fault: { fault: string; body: object } | null,
): Promise<string[]> {
  const { victim, control } = stage;
  const before = await standing(stage, victim);
  if (fault !== null) await control(fault.fault, fault.body);
  await askToErase(stage, victim);
  const after = await standing(stage, victim);
  await control("faults/end", {});
  await recover(stage, victim);
  const kept = (one: typeof before) => ({ installed: one?.installed, orders: one?.orders });
  return differs("the installed shop", kept(after), kept(before));
}

async function everyFault(stage: Stage): Promise<string[]> {
  const found: string[] = [];
  for (const status of [402, 404, 423, 401, 500]) {
    const body = { serverError: { count: FAULTS, status } };
    const lost = await whileShopify(stage, { fault: "faults", body });
    found.push(...lost.map((complaint) => `Shopify answered ${status}: ${complaint}`));
    if (lost.length > 0) return found;
  }
  return found;
}

/** Shopify's own words of an earlier removal, when the app has long been installed again. */
async function saidToHaveLeft(stage: Stage): Promise<string[]> {
  const { victim, own } = stage;
  const before = await standing(stage, victim);
  const { domain } = victim;
  const body = JSON.stringify({ id: 548380009, domain, myshopify_domain: domain });
  await deliver(own, "/webhooks/app/uninstalled", { shop: domain, topic: "app/uninstalled", body });
  const after = await standing(stage, victim);
  await recover(stage, victim);
  return differs("its orders", after?.orders, before?.orders);
}

async function uninstalled(stage: Stage): Promise<string[]> {
  const { victim, control } = stage;
  await control("uninstall", { shop: victim.domain });
  const gone = async () => (await standing(stage, victim))?.installed === false;
  await eventually("the shop has left", gone, { seconds: 10 });
  await askToErase(stage, victim);
  const left = await standing(stage, victim);
  return differs("the shop that has left", left, {
    installed: false,
    sessions: 0,
    orders: 0,
    customers: 0,
  });
}

export const erasing: Check[] = [
  {
    holds: "an installed shop that Shopify asks to erase is not erased",
    run: (stage) => whileShopify(stage, null),
  },
  { holds: "nor while Shopify answers with an error, whatever error", run: everyFault },
  {
    holds: "nor when its tokens are void",
    run: (stage) => {
      const body = { shop: stage.victim.domain };
      return whileShopify(stage, { fault: "tokens/revoke", body });
    },
  },
  { holds: "nor when it is said to have left", run: saidToHaveLeft },
  { holds: "a shop that has left, and that Shopify asks to erase, is erased", run: uninstalled },
];
