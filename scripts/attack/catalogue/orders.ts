import { eventually } from "../../storm/eventually.ts";
import type { Check } from "../check.ts";
import type { Stage } from "../stage.ts";
import { someCustomer } from "./replays.ts";

/** An amount in major units that a number cannot represent exactly. */
const UNREADABLE = 1e20;

async function unreadable(stage: Stage): Promise<string[]> {
  const { own, rows, control } = stage;
  const customerId = await someCustomer(stage, own);
  const place = (amount: number) => control("orders", { shop: own.domain, customerId, amount });
  const bad = await place(UNREADABLE);
  const good = [await place(10), await place(20), await place(30)];
  const ids = good.map(({ id }) => id);
  const stored = async () => {
    const sql = "select 1 from orders where shop = $1 and order_id = any($2)";
    return (await rows(sql, [own.domain, ids])).length === good.length;
  };
  const read = async () => {
    const sql =
      "select 1 from webhook_inbox where shop = $1 and handled_at is null and resource_id = any($2)";
    return (await rows(sql, [own.domain, ids])).length === 0;
  };
  const found: string[] = [];
  const prefix = `${String(bad.id)} is unreadable`;
  await eventually("good orders are stored", stored, { seconds: 15 }).catch(() => {
    found.push(`${prefix}, and three good orders beside it are not stored after 15 s`);
  });
  await eventually("webhooks are read", read, { seconds: 5 }).catch(() => {
    found.push(`${prefix}, and webhooks of good orders stay unread`);
  });
  // So that what follows does not depend on it.
  await control(`orders/${String(bad.id)}/delete`, { shop: own.domain });
  return found;
}

export const orders: Check[] = [
  { holds: "an unreadable order does not delay the others", run: unreadable },
];
