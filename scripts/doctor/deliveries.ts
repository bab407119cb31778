import type { ShopDomain } from "#app/lib/ids.ts";
import { orderTopics } from "#app/orders/webhooks/webhook-payload.ts";

import type { Read } from "./database.ts";
import { type Finding, ok, warn, wrong } from "./finding.ts";
import type { Installation } from "./installation.ts";

const ABOUT = "Deliveries";
const MINUTE_MS = 60_000;
/** How long a webhook may take. */
const ON_ITS_WAY_MS = 10 * MINUTE_MS;
/** Processed webhooks are kept for a week: nothing is known about older ones. */
const KEPT_MS = 6 * 24 * 60 * MINUTE_MS;

const SEE = "see Dev Dashboard: the app, Monitoring, webhooks";

type Row = { topic: string; received: Date; version: Date | null };

type Told = { installation: Installation; newestChange: Date | null };

/**
 * Whether Shopify's webhooks arrive. The subscriptions of the deployed file cannot be queried, because the Admin
 * API lists only those created through it. So this checks which webhooks arrived, and whether one of them is
 * about the order that changed last.
 */
export async function checkDeliveries(
  read: Read,
  shop: ShopDomain,
  { installation, newestChange }: Told,
): Promise<Finding> {
  // The app's own requests use the same table, with a slash in their name.
  const rows = await read<Row>(
    `select topic, max(received_at) as received, max(resource_updated_at) as version
       from webhook_inbox
      where shop = $1 and position('/' in webhook_id) = 0 and received_at >= $2
      group by topic order by received desc`,
    [shop, installation.installedAt],
  );
  const [newest] = rows;
  const ofOrders = rows.filter(({ topic }) => orderTopics.some((one) => one === topic));
  const version = Math.max(...ofOrders.map((row) => row.version?.getTime() ?? 0), 0);
  const changed = newestChange?.getTime() ?? 0;
  const expected = changed > installation.installedAt.getTime() && changed > version;
  const ageMs = Date.now() - changed;
  if (!expected || ageMs < ON_ITS_WAY_MS) return arrived(newest, ofOrders.length > 0);
  const at = new Date(changed).toISOString();
  if (ageMs > KEPT_MS) {
    const found = `nothing is kept of the last week, and no order changed since ${at}`;
    return warn(ABOUT, { found, todo: "change an order, and run this again in a minute" });
  }
  const found = `an order changed on ${at}, and no webhook has told of it`;
  if (ofOrders.length > 0) {
    const todo = `it is late or lost, and the nightly check brings it in; ${SEE}`;
    return warn(ABOUT, { found: `${found}, though others come`, todo });
  }
  const others = newest === undefined ? ", nor of anything" : "; others come";
  return wrong(ABOUT, { found: `${found}${others}`, todo: `shopify app deploy; ${SEE}` });
}

function arrived(newest: Row | undefined, anOrder: boolean): Finding {
  if (newest === undefined) {
    const found = "not known: none has come, and no order has changed since the app was installed";
    return warn(ABOUT, { found, todo: "place an order, and run this again in a minute" });
  }
  const last = `the newest is ${newest.topic}, of ${newest.received.toISOString()}`;
  return ok(ABOUT, anOrder ? last : `${last}; none of an order yet, as none has changed`);
}
