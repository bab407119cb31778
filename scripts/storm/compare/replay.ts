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

/** What is kept of a customer's score on a day; tiers are null when nothing counted any more. */
export type KeptRow = {
  customerId: string;
  frequency: number;
  spentMinor: number;
  buyProbability: number;
  expectedSpendMinor: number;
  tiers: Record<Axis, { shown: Tier; since: string; plain: Tier }> | null;
  /** Of the fit that gave the figures. */
  thresholds: Thresholds;
};

/** Where a customer stands by the rule. */
export type Replayed = {
  frequency: number;
  spentMinor: number;
  standing: Record<Axis, CurrentTier>;
};

export type Day = {
  asOfDay: number;
  /** The whole shop was scored: who has no row is not there any more. */
  whole: boolean;
  /** The day before was not kept: what was shown on this one is taken as it was. */
  given: boolean;
  /** The last of each customer. */
  rows: KeptRow[];
};

/** The anti-flap rule over the days that are kept, from the figures alone. */
export function replay(days: Iterable<Day>): Map<string, Replayed> {
  let stands = new Map<string, Replayed>();
  for (const { asOfDay, whole, given, rows } of days) {
    const next = whole ? new Map<string, Replayed>() : new Map(stands);
    for (const row of rows) {
      const known = stands.get(row.customerId);
      if (row.tiers) next.set(row.customerId, given ? taken(row) : follow(row, asOfDay, known));
      else next.delete(row.customerId);
    }
    stands = next;
  }
  return stands;
}

function taken(row: KeptRow): Replayed {
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
    return currentTier(placement, row.thresholds, known?.standing[axis] ?? null);
  });
}

function each({ frequency, spentMinor }: KeptRow, of: (axis: Axis) => CurrentTier): Replayed {
  const [clv, buy] = axes.map(of);
  return { frequency, spentMinor, standing: { clv, buy } };
}
