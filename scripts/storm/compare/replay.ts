import { dayNumber } from "#app/lib/calendar.ts";
import {
  axes,
  type Axis,
  type CurrentTier,
  currentTier,
  type Thresholds,
  type Tier,
  tiers,
} from "#engine";

/** The stored score of a customer on a day; tiers are null when no order counted any more. */
export type KeptRow = {
  customerId: string;
  frequency: number;
  spentMinor: number;
  buyProbability: number;
  expectedSpendMinor: number;
  tiers: Record<Axis, { shown: Tier; since: string; plain: Tier }> | null;
  /** The thresholds of the fit that gave the figures. */
  thresholds: Thresholds;
};

/** A customer's tiers according to the rule. */
export type Replayed = {
  frequency: number;
  spentMinor: number;
  current: Record<Axis, CurrentTier>;
};

export type Day = {
  asOfDay: number;
  /** Whether the whole shop was scored: customers without a row are then gone. */
  whole: boolean;
  /**
   * Whether the previous day is missing: the tiers shown on this one are then the starting point.
   */
  given: boolean;
  /** The last score of each customer. */
  rows: KeptRow[];
};

/** Replays the tier rule over the stored days, from the figures alone. */
export function replay(days: Iterable<Day>): Map<string, Replayed> {
  let stands = new Map<string, Replayed>();
  for (const { asOfDay, whole, given, rows } of days) {
    const next = whole ? new Map<string, Replayed>() : new Map(stands);
    for (const row of rows) {
      const known = stands.get(row.customerId);
      if (row.tiers) next.set(row.customerId, given ? asShown(row) : follow(row, asOfDay, known));
      else next.delete(row.customerId);
    }
    stands = next;
  }
  return stands;
}

function asShown(row: KeptRow): Replayed {
  return each(row, (axis) => ({
    tier: row.tiers ? tiers.indexOf(row.tiers[axis].shown) : -1,
    sinceDay: row.tiers ? dayNumber(row.tiers[axis].since) : 0,
  }));
}

function follow(row: KeptRow, day: number, known: Replayed | undefined): Replayed {
  const ordered =
    known !== undefined && (row.frequency > known.frequency || row.spentMinor > known.spentMinor);
  return each(row, (axis) => {
    const value = axis === "buy" ? row.buyProbability : row.expectedSpendMinor;
    const isNew = row.tiers?.[axis].plain === "new";
    const placement = { axis, value, isNew, ordered, day };
    return currentTier(placement, row.thresholds, known?.current[axis] ?? null);
  });
}

function each({ frequency, spentMinor }: KeptRow, of: (axis: Axis) => CurrentTier): Replayed {
  const [clv, buy] = axes.map(of);
  return { frequency, spentMinor, current: { clv, buy } };
}
