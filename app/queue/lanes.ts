import type { TaskName } from "./task-names.ts";

// Each task has places of its own in a worker, so that no task waits behind another. The heavy ones
// take a shop's size into account: however many large shops there are, a small one finds a place
// that they cannot take. Within a lane it goes by the time of asking, and of a shop only one job of
// a task can wait, so that no shop is served twice while another waits.

export type Lane = {
  /** Which shops' jobs may take its places. */
  shops: "any" | "small" | "large";
  /** Jobs that run at once in one worker. */
  slots: number;
  /** How often a free place looks for a job. */
  everySeconds: number;
};

/** A shop with more orders than this is large: its work takes minutes, not seconds. */
export const LARGE_ORDERS = 100_000;

/** A job's priority says the size of its shop. */
export const SMALL_PRIORITY = 0;
export const LARGE_PRIORITY = -1;

const heavy = (small: number, large: number): Lane[] => [
  { shops: "small", slots: small, everySeconds: 1 },
  { shops: "large", slots: large, everySeconds: 1 },
];

const light = (slots: number): Lane[] => [{ shops: "any", slots, everySeconds: 0.5 }];

/** What nobody waits for at a screen. Every look is a statement, whether there is something or not. */
const seldom: Lane[] = [{ shops: "any", slots: 2, everySeconds: 2 }];

const lanes: Partial<Record<TaskName, Lane[]>> = {
  // Most of its time an import waits for Shopify, and of a new shop nobody knows the size.
  "orders.import": heavy(8, 1),
  "scoring.run": heavy(2, 1),
  // So do a write, a clean-up and a check.
  "writeback.push": heavy(4, 1),
  "writeback.cleanup": heavy(2, 1),
  "orders.reconcile": heavy(3, 1),
  "orders.follow": light(4),
  "scoring.rescore": light(3),
  "scoring.exclude": seldom,
  "segments.check": seldom,
  "shop.departure": seldom,
  "privacy.handle": seldom,
  "privacy.purge": seldom,
};

export function lanesOf(task: TaskName): Lane[] {
  return lanes[task] ?? light(2);
}

/** Whether a shop's size decides where its job of this task runs. */
export function dependsOnShopSize(task: TaskName): boolean {
  return lanesOf(task).some(({ shops }) => shops !== "any");
}

/** What a lane asks of the queue. */
export function prioritiesOf({ shops }: Lane): { minPriority?: number; maxPriority?: number } {
  if (shops === "small") return { minPriority: SMALL_PRIORITY };
  return shops === "large" ? { maxPriority: LARGE_PRIORITY } : {};
}

/**
 * SQL: true where the shop is large. What its last whole import counted is told; before the first,
 * a shop is taken to be small.
 *
 * @param shopColumn an SQL expression
 */
export function isLargeShop(shopColumn: string): string {
  return `exists (
    select 1 from order_imports large
     where large.shop = ${shopColumn} and large.object_count > ${LARGE_ORDERS})`;
}
