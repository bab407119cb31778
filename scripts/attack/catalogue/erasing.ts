import type { Site } from "../../stack/admin-api.ts";
import { eventually } from "../../storm/eventually.ts";
import { type Check, differs } from "../check.ts";
import { deliver, type Stage } from "../stage.ts";
import { recover, shopState } from "./replays.ts";

// Shopify requests a shop's erasure 48 hours after the app was uninstalled, even if it was installed again since.
// Only Shopify knows whether it is installed; and Shopify may be unavailable.

const FAULTS = 1_000;

/** Sends the webhook of an uninstallation, with the shop's own number, and waits until it was processed. */
async function tell(
  stage: Stage,
  { domain }: Site,
  topic: keyof typeof leavingWebhooks,
): Promise<void> {
  const { own, rows } = stage;
  const [now] = await rows<{ at: Date; id: string }>(
    "select now() as at, shopify_id as id from shops where shop = $1",
    [domain],
  );
  const { to, body } = leavingWebhooks[topic];
  const signed = JSON.stringify(body(Number(now?.id), domain));
  await deliver(own, to, { shop: domain, topic, body: signed });
  // An attempt that failed before may be backing off for longer than is waited here.
  await rows(
    `update pgboss.job set start_after = now()
      where name = 'shop.departure' and singleton_key = $1 and state = 'retry'`,
    [domain],
  );
  const tried = async () => {
    const jobs = await rows(
      `select 1 from pgboss.job where name = 'shop.departure' and singleton_key = $1
          and started_on >= $2 and state <> 'active'`,
      [domain, now?.at],
    );
    // An erasure deletes its own job.
    const shops = await rows("select 1 from shops where shop = $1", [domain]);
    return jobs.length > 0 || shops.length === 0;
  };
  await eventually(`${topic} is dealt with`, tried, { seconds: 20, everyMs: 50 });
}

const leavingWebhooks = {
  "shop/redact": {
    to: "/webhooks/privacy",
    body: (id: number, domain: string) => ({ shop_id: id, shop_domain: domain }),
  },
  "app/uninstalled": {
    to: "/webhooks/app/uninstalled",
    body: (id: number, domain: string) => ({ id, domain, myshopify_domain: domain }),
  },
};

/** Requests the erasure of an installed shop while Shopify answers with an error. */
async function whileShopify(
  stage: Stage,
  fault: { fault: string; body: object } | null,
): Promise<string[]> {
  const { victim, control } = stage;
  const before = await shopState(stage, victim);
  if (fault !== null) await control(fault.fault, fault.body);
  await tell(stage, victim, "shop/redact");
  const after = await shopState(stage, victim);
  await control("faults/end", {});
  await recover(stage, victim);
  const back = await shopState(stage, victim);
  return [
    ...differs("the installed shop's orders", after?.orders, before?.orders),
    ...differs("the installed shop, opened again", back, before),
  ];
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

/** Genuine webhooks of an earlier uninstallation, when the app has been installed again. */
async function saidToHaveLeft(stage: Stage): Promise<string[]> {
  const { victim } = stage;
  const before = await shopState(stage, victim);
  await tell(stage, victim, "app/uninstalled");
  const after = await shopState(stage, victim);
  await recover(stage, victim);
  return differs("the installed shop", after, before);
}

const NOTHING = { installed: false, sessions: 0, orders: 0, customers: 0 };

async function uninstalled(stage: Stage): Promise<string[]> {
  const { victim, control, rows } = stage;
  const before = await shopState(stage, victim);
  await control("uninstall", { shop: victim.domain });
  const gone = async () => (await shopState(stage, victim))?.installed === false;
  await eventually("the shop has left", gone, { seconds: 10 });
  await tell(stage, victim, "shop/redact");
  const inGrace = await shopState(stage, victim);
  const kept = { ...NOTHING, orders: before?.orders, customers: before?.customers };
  await rows("update shops set uninstalled_at = now() - interval '73 hours' where shop = $1", [
    victim.domain,
  ]);
  await tell(stage, victim, "shop/redact");
  const after = await shopState(stage, victim);
  return [
    ...differs("the shop that has left, within the days of grace", inGrace, kept),
    ...differs("the shop that has left, after them", after, NOTHING),
  ];
}

export const erasing: Check[] = [
  {
    holds: "an erasure request for an installed shop does not erase it",
    run: (stage) => whileShopify(stage, null),
  },
  { holds: "nor does it while Shopify answers with any error", run: everyFault },
  {
    holds: "nor does it when the shop's tokens are invalid",
    run: (stage) => {
      const body = { shop: stage.victim.domain };
      return whileShopify(stage, { fault: "tokens/revoke", body });
    },
  },
  { holds: "nor does it after a replayed uninstallation", run: saidToHaveLeft },
  {
    holds:
      "an uninstalled shop is erased when Shopify requests it, but not within the grace period",
    run: uninstalled,
  },
];
