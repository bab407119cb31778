import { setTimeout as sleep } from "node:timers/promises";

import { eventually } from "../../storm/eventually.ts";
import { type Check, differs, unless } from "../check.ts";
import { deliver, open, type Stage } from "../stage.ts";

const OPENINGS = 8;
const WEBHOOKS = 300;

type Waiting = { name: string; shop: string; n: number };

/** Tasks with more than one waiting job for a shop, including retries. */
function doubled({ rows }: Stage): Promise<Waiting[]> {
  return rows<Waiting>(
    `select name, singleton_key as shop, count(*)::int as n from pgboss.job
      where state in ('created', 'retry') and singleton_key is not null
      group by 1, 2 having count(*) > 1`,
  );
}

/** Polls for duplicate waiting jobs during an action. */
async function watching(stage: Stage, until: Promise<unknown>): Promise<string[]> {
  const seen = new Set<string>();
  let over = false;
  void until.finally(() => (over = true)).catch(() => undefined);
  while (!over) {
    for (const { name, shop, n } of await doubled(stage))
      seen.add(`${n} × ${name} wait for ${shop}`);
    await sleep(20);
  }
  await until;
  return [...seen];
}

async function openings(stage: Stage): Promise<string[]> {
  const { victim, own } = stage;
  const imported = eventually(
    "both shops are imported",
    async () => {
      const done = await stage.rows("select 1 from order_imports where state = 'done'");
      return done.length === 2;
    },
    { seconds: 60 },
  );
  const opened = Promise.all(Array.from({ length: OPENINGS }, () => open(victim)));
  const found = await watching(
    stage,
    Promise.all([opened, open(own), imported]).then(() => sleep(1_000)),
  );
  for (const sent of await opened) found.push(...unless([200], "a first opening", sent));
  return [...found, ...differs("exports of the shop", await stage.exports(victim), 1)];
}

async function webhooks(stage: Stage): Promise<string[]> {
  const { domain } = stage.own;
  const sending = Promise.all(
    Array.from({ length: WEBHOOKS }, async (_, number) => {
      const gid = `gid://shopify/Order/${8_000_000_000_000 + number}`;
      const body = JSON.stringify({
        admin_graphql_api_id: gid,
        updated_at: "2026-01-01T00:00:00Z",
      });
      const webhook = { shop: domain, topic: "orders/updated", body };
      return (await deliver(stage.own, "/webhooks/orders", webhook)).status;
    }),
  );
  const found = await watching(stage, sending);
  const failed = (await sending).filter((status) => status === 0 || status >= 500);
  return [...found, ...differs("webhooks that failed", failed.length, 0)];
}

/** Runs first: several clients open the victim's shop at once, the attacker's own shop is opened normally. */
export const firstOpenings: Check = {
  holds: "eight concurrent first page loads cause one import",
  run: openings,
};

export const jobs: Check[] = [
  { holds: "three hundred concurrent webhooks cause one waiting job", run: webhooks },
];
