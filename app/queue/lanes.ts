import type { TaskName } from "./task-names.ts";

// Each task has its own slots in a worker, so that no task waits for another. Heavy tasks reserve
// slots for small shops, which large shops cannot take. Within a lane jobs run in the order of
// enqueuing, and since a shop has at most one waiting job of a task, no shop runs twice while
// another waits.

export type Lane = {
  /** Which shops' jobs may use its slots. */
  shops: "any" | "small" | "large";
  /** Number of jobs at once in one worker. */
  slots: number;
  /** How often a free slot polls for a job. */
  everySeconds: number;
};

/** A shop with more orders than this is large: its work takes minutes, not seconds. */
export const LARGE_ORDERS = 100_000;

/** A job's priority encodes the size of its shop. */
export const SMALL_PRIORITY = 0;
export const LARGE_PRIORITY = -1;

const heavy = (small: number, large: number): Lane[] => [
  { shops: "small", slots: small, everySeconds: 1 },
  { shops: "large", slots: large, everySeconds: 1 },
];

const light = (slots: number): Lane[] => [{ shops: "any", slots, everySeconds: 0.5 }];

/** For tasks that nobody waits for at a screen. Polled rarely, since every poll is a statement. */
const seldom: Lane[] = [{ shops: "any", slots: 2, everySeconds: 2 }];

const lanes: Partial<Record<TaskName, Lane[]>> = {
  // An import mostly waits for Shopify, and the size of a new shop is unknown.
  "orders.import": heavy(8, 1),
  "scoring.run": heavy(2, 1),
  // Writes, clean-ups and reconciliation runs mostly wait for Shopify too.
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

/** Whether the lane of a job of this task depends on the shop's size. */
export function dependsOnShopSize(task: TaskName): boolean {
  return lanesOf(task).some(({ shops }) => shops !== "any");
}

/** The range of priorities that a lane fetches. */
export function prioritiesOf({ shops }: Lane): { minPriority?: number; maxPriority?: number } {
  if (shops === "small") return { minPriority: SMALL_PRIORITY };
  return shops === "large" ? { maxPriority: LARGE_PRIORITY } : {};
}

/**
 * SQL condition: the shop is large, by the number of orders in one of its imports. Before the first
 * export, a shop counts as small.
 *
 * @param shopColumn an SQL expression
 */
export function isLargeShop(shopColumn: string): string {
  return `exists (
    select 1 from order_imports large
     where large.shop = ${shopColumn} and large.object_count > ${LARGE_ORDERS})`;
}
