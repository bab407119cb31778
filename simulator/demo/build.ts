import { isoSeconds } from "#simulator/clock.ts";
import type { Random } from "#simulator/random.ts";
import { createRandom } from "#simulator/random.ts";
import type { FinancialStatus, SimCustomer, SimOrder } from "#simulator/state.ts";
import { createTimeZone } from "#simulator/time-zone.ts";

import type { DemoOptions, DemoShop, DraftOrder, DraftShop, ShopProfile } from "./demo-shop.ts";
import { inventPerson } from "./people.ts";

const weekMs = 7 * 86_400_000;

/** Shopify's ids are large and increase in steps of this; ids created at run time are greater. */
const idStep = 32_768;
const firstCustomerId = 6_900_000_000_000;
const firstOrderId = 5_400_000_000_000;
const firstRefundId = 1_200_000_000_000;
const firstOrderNumber = 1001;

const shareOfTaggedCustomers = 0.05;
const shareOfTaggedOrders = 0.08;

/** Converts a wall time in the source to an instant in the shop's history, in Shopify's format. */
type Moment = (wallMs: number) => string;

/**
 * Turns a source's orders into a current shop: everything is shifted by a whole number of weeks, so that the
 * last order lies within the seven days before `now` and weekdays and clock times are preserved.
 */
export function buildShop(draft: DraftShop, options: DemoOptions): DemoShop {
  const { profile } = draft;
  const zone = createTimeZone(profile.timeZone);
  const lastWallMs = draft.orders.reduce(latest, -Infinity);
  const weeks = Math.floor((zone.toWall(options.now.getTime()) - lastWallMs) / weekMs);
  const moment: Moment = (wallMs) => isoSeconds(new Date(zone.toUtc(wallMs + weeks * weekMs)));

  const random = createRandom(options.seed);
  const idOffset = random.integer(1_000_000);
  const lastTouched = new Map<string, number>();
  for (const order of draft.orders) {
    if (order.customer !== null)
      lastTouched.set(order.customer, latest(lastTouched.get(order.customer) ?? -Infinity, order));
  }
  const idByKey = new Map<string, string>();
  const customers = draft.customers
    .toSorted((a, b) => a.firstSeenWallMs - b.firstSeenWallMs)
    .map((source, position): SimCustomer => {
      const id = String(firstCustomerId + idOffset + position * idStep);
      idByKey.set(source.key, id);
      return {
        id,
        ...inventPerson(random, position + 1, source.country),
        createdAt: moment(source.firstSeenWallMs),
        updatedAt: moment(lastTouched.get(source.key) ?? source.firstSeenWallMs),
        tags: random.next() < shareOfTaggedCustomers ? [random.pick(profile.customerTags)] : [],
        metafields: new Map(),
        country: source.country,
      };
    });
  const makeOrder = orderMaker({ profile, random, moment, idByKey, idOffset });
  const orders = draft.orders.toSorted((a, b) => a.wallMs - b.wallMs).map(makeOrder);
  const { name, currency, timeZone } = profile;
  return { name, currency, timeZone, customers, orders, notes: draft.notes };
}

function latest(soFar: number, order: DraftOrder): number {
  return order.refunds.reduce(
    (last, refund) => Math.max(last, refund.wallMs),
    Math.max(soFar, order.wallMs),
  );
}

type OrderParts = {
  profile: ShopProfile;
  random: Random;
  moment: Moment;
  idByKey: Map<string, string>;
  idOffset: number;
};

function orderMaker({ profile, random, moment, idByKey, idOffset }: OrderParts) {
  let refundsMade = 0;
  return (draft: DraftOrder, position: number): SimOrder => {
    const refunds = draft.refunds.map((refund) => ({
      id: String(firstRefundId + idOffset + refundsMade++ * idStep),
      createdAt: moment(refund.wallMs),
      amountMinor: refund.amountMinor,
    }));
    const refunded = draft.refunds.reduce((sum, refund) => sum + refund.amountMinor, 0);
    const placedAt = moment(draft.wallMs);
    const changedAt = refunds.at(-1)?.createdAt ?? placedAt;
    return {
      id: String(firstOrderId + idOffset + position * idStep),
      name: `#${String(firstOrderNumber + position)}`,
      customerId: draft.customer === null ? null : (idByKey.get(draft.customer) ?? null),
      createdAt: placedAt,
      processedAt: placedAt,
      updatedAt: changedAt,
      cancelledAt: draft.cancelled ? changedAt : null,
      cancelReason: draft.cancelled ? "CUSTOMER" : null,
      test: false,
      financialStatus: financialStatus(draft.amountMinor, refunded),
      originalTotalMinor: draft.amountMinor,
      currentTotalMinor: draft.amountMinor - refunded,
      refunds,
      tags: random.next() < shareOfTaggedOrders ? [random.pick(profile.orderTags)] : [],
      sourceName: random.pick(profile.sources),
    };
  };
}

function financialStatus(amountMinor: number, refundedMinor: number): FinancialStatus {
  if (refundedMinor === 0) return "PAID";
  return refundedMinor === amountMinor ? "REFUNDED" : "PARTIALLY_REFUNDED";
}
