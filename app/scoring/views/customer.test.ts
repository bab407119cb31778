import { describe, expect, it } from "vitest";

import type { StoreFit } from "#engine";
import { fit } from "#tests/setup/fit.ts";

import { type CustomerScore, customerView } from "./customer.ts";

type Rehearsal = NonNullable<StoreFit["rehearsal"]>;

function rehearsalOf(calibration: Rehearsal["calibration"]): Rehearsal {
  const unused: Partial<Rehearsal> = { calibration, horizonDays: fit.horizonDays };
  return unused as Rehearsal;
}

const score: CustomerScore = {
  frequency: 4,
  recencyDays: 140,
  ageDays: 200,
  meanSpendMinor: 9_000,
  spentMinor: 45_000,
  buyProbability: 0.31,
  expectedSpendMinor: 8_000,
  spendLowMinor: 0,
  spendLowIfAnyMinor: 1_000,
  spendHighIfAnyMinor: 9_000,
  spendHighMinor: 21_000,
  nextOrderFrom: null,
  nextOrderTo: null,
  tiers: { clv: "high", buy: "moderate" },
};

const view = (changed: Partial<CustomerScore> = {}, other: Partial<StoreFit> = {}) =>
  customerView({
    customerId: "12",
    name: null,
    currency: "GBP",
    horizonDays: 90,
    fit: { ...fit, ...other },
    score: { ...score, ...changed },
    moves: [],
    purchases: {
      customer: new Int32Array(2),
      day: new Int32Array([20_578, 20_718]),
      amount: new Float64Array([9_000, 9_000]),
      customers: 1,
    },
    likelihood: [],
    today: "2026-11-21",
  });

describe("the view of a customer", () => {
  it("counts days up to today, although a run is as of tomorrow", () => {
    expect(view().own).toEqual({
      ageDays: 199,
      lifespanDays: 140,
      silentDays: 59,
      orders: 5,
      meanSpendMinor: 9_000,
    });
    expect(view().typical).toEqual({
      ageDays: 200,
      lifespanDays: 90,
      silentDays: 60,
      orders: 2.5,
      meanSpendMinor: 5_000,
    });
  });

  it("has each reason once, rhythm first", () => {
    expect(view().reasons.map(({ code, customer }) => [code, customer])).toEqual([
      ["buys-as-often", 35],
      ["order-late", 59],
      ["spends-more", 9_000],
      ["many-orders", 5],
    ]);
  });

  it("has no lifespan for a single order, but its age as a reason", () => {
    const once = view({ frequency: 0, recencyDays: 0, ageDays: 12 });
    expect(once.own.lifespanDays).toBeNull();
    expect(once.reasons[0]).toEqual({ code: "one-order", customer: 11, typical: 40 });
  });

  it("compares only with customers of similar probability in past windows", () => {
    const calibration = [{ predicted: 0.3, observed: 0.25, customers: 40, buyers: 10 }];
    const rehearsal = rehearsalOf(calibration);
    expect(view({}, { rehearsal }).similar).toMatchObject({ bought: 0.25, customers: 40 });
    expect(view({ buyProbability: 0.06 }, { rehearsal }).similar).toBeNull();
  });

  it("takes the usual rate from the observed one, or else from the predicted one", () => {
    expect(view().usual).toEqual({ rate: 0.42, seen: true });
    expect(view({}, { observedRate: null }).usual).toEqual({ rate: 0.3, seen: false });
  });

  it("has the spend of an order when the customer will probably not buy", () => {
    expect(view().ifAny).toEqual({ lowMinor: 1_000, highMinor: 9_000 });
    expect(view({ buyProbability: 0.5 }).ifAny).toBeNull();
    expect(view({ spendLowIfAnyMinor: null, spendHighIfAnyMinor: null }).ifAny).toBeNull();
  });

  it("has a next order only where both ends of the range are known", () => {
    expect(view().nextOrder).toBeNull();
    const expected = view({ nextOrderFrom: "2026-12-01", nextOrderTo: "2027-01-15" });
    expect(expected.nextOrder).toEqual({ from: "2026-12-01", to: "2027-01-15" });
  });
});
