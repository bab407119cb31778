import type { DesiredState } from "./desired-state.ts";
import { type MetafieldKey, metafieldKeys, type MetafieldValues } from "./metafields.ts";
import { tierTags } from "./tags.ts";

/** The tags and metafields of ours that a customer is known to have in Shopify. */
export type WrittenState = {
  /** Our tier tags on the customer, including the doubtful ones. */
  tags: readonly string[];
  values: MetafieldValues;
  /**
   * The spend so far when the figures were written; null when they do not come from a known
   * scoring.
   */
  spentMinor: string | null;
  /** Tags of unknown presence: the result of adding or removing them was never read. */
  doubtful: readonly string[];
};

/** The write plan of one customer. Tags are added before others are removed. */
export type CustomerPlan = {
  add: string[];
  remove: string[];
  set: MetafieldValues;
  unset: MetafieldKey[];
  /** The spend so far that belongs to the figures; null when none are written. */
  spentMinor: string | null;
};

export const nothingWritten: WrittenState = {
  tags: [],
  values: {},
  spentMinor: null,
  doubtful: [],
};

/**
 * Figures are written again when the value moved by more than this share, and by more than one unit
 * of the currency: whether an unlikely customer is worth £0.40 or £0.50 is the same to a merchant.
 */
export const VALUE_MOVE = 0.1;
export const LEAST_MOVE = 1;
/** `scored_at` is renewed when it is this old. */
export const RENEWAL_DAYS = 7;

const tierKeys = ["clv_tier", "buy_tier"] as const;
const figureKeys = [
  "expected_spend",
  "buy_probability",
  "next_order_from",
  "next_order_to",
] as const;
const dateKeys = ["scored_at"] as const;

/**
 * Plans the writes that take a customer from the written to the desired state.
 *
 * Tags and tiers are written when they differ. Value, probability and next order are written when a
 * tier changed, an order arrived or the value moved, since they drift a little for all customers
 * every night. `scored_at` is written with any of these, and weekly on a
 * day that depends on the customer. `wanted` is null for a customer without a score.
 */
export function planCustomer(
  customerId: string,
  known: WrittenState,
  wanted: DesiredState | null,
): CustomerPlan {
  if (!wanted) return planRemoval(known);
  const presentTags = known.tags.filter((tag) => !known.doubtful.includes(tag));
  const wantedTags = new Set(wanted.tags);
  const fresh = known.spentMinor === null;
  const tierMoved = tierKeys.some((key) => known.values[key] !== wanted.values[key]);
  const hasNewOrder = known.spentMinor !== wanted.spentMinor;
  const figures = fresh || tierMoved || hasNewOrder || moved(known, wanted);
  const renewed = figures || renewalDue(customerId, known, wanted);

  const set: MetafieldValues = {};
  const unset: MetafieldKey[] = [];
  const due = [...tierKeys, ...(figures ? figureKeys : []), ...(renewed ? dateKeys : [])];
  for (const key of due) {
    const value = wanted.values[key];
    const written = known.values[key];
    if (value !== undefined && (fresh || written !== value)) set[key] = value;
    if (value === undefined && written !== undefined) unset.push(key);
  }
  return {
    add: wanted.tags.filter((tag) => !presentTags.includes(tag)),
    remove: known.tags.filter((tag) => !wantedTags.has(tag)),
    set,
    unset,
    spentMinor: figures ? wanted.spentMinor : null,
  };
}

function planRemoval(known: WrittenState): CustomerPlan {
  return {
    add: [],
    remove: known.tags.filter((tag) => tierTags.includes(tag)),
    set: {},
    unset: metafieldKeys.filter((key) => known.values[key] !== undefined),
    spentMinor: null,
  };
}

function moved(known: WrittenState, wanted: DesiredState): boolean {
  if (wanted.values.expected_spend === undefined) return false;
  const before = Number(known.values.expected_spend);
  const after = Number(wanted.values.expected_spend);
  return !(Math.abs(after - before) <= Math.max(VALUE_MOVE * Math.abs(before), LEAST_MOVE));
}

/**
 * Each customer has a weekly renewal day, so that a shop's writes are spread over the week. A date
 * that missed its day is renewed once it is a week old.
 */
function renewalDue(customerId: string, known: WrittenState, wanted: DesiredState): boolean {
  const before = known.values.scored_at;
  const today = dayNumber(wanted.values.scored_at);
  if (before === undefined || today === null) return true;
  const age = today - (dayNumber(before) ?? -Infinity);
  if (age === 0) return false;
  return age >= RENEWAL_DAYS || today % RENEWAL_DAYS === Number(BigInt(customerId) % 7n);
}

function dayNumber(date: string | undefined): number | null {
  const milliseconds = date === undefined ? NaN : Date.parse(date);
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 86_400_000);
}

export function isEmpty(plan: CustomerPlan): boolean {
  return (
    plan.add.length === 0 &&
    plan.remove.length === 0 &&
    plan.unset.length === 0 &&
    Object.keys(plan.set).length === 0
  );
}
