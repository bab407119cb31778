import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { tiers } from "#engine";

import { desiredStateOf, type ScoredCustomer, without } from "./desired-state.ts";
import { metafieldKeys, type MetafieldValues } from "./metafields.ts";
import {
  type CustomerPlan,
  isEmpty,
  nothingWritten,
  planCustomer,
  type WrittenState,
} from "./plan-writes.ts";
import { ourTags, tierTags } from "./tags.ts";

const id = "7001";
const options = { currencyDigits: 2, today: "2026-11-21", blocked: [] };

const score: ScoredCustomer = {
  clvTier: "high",
  buyTier: "moderate",
  expectedSpendMinor: 12_345.6,
  buyProbability: 0.42317,
  nextOrderFrom: "2026-12-01",
  nextOrderTo: "2027-01-15",
  scoredOn: null,
  spentMinor: "99900",
};

/** The written state after the plan was carried out. */
function applied(known: WrittenState, plan: CustomerPlan): WrittenState {
  const values: MetafieldValues = { ...known.values, ...plan.set };
  for (const key of plan.unset) Reflect.deleteProperty(values, key);
  const tags = [...new Set([...known.tags, ...plan.add])].filter((t) => !plan.remove.includes(t));
  const spentMinor = plan.spentMinor ?? known.spentMinor;
  return { tags, values, spentMinor, doubtful: [] };
}

const day = fc.integer({ min: 20_700, max: 20_800 });
const isoDay = day.map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
const tier = fc.constantFrom(...tiers);
const scored: fc.Arbitrary<ScoredCustomer> = fc.record({
  clvTier: tier,
  buyTier: tier,
  expectedSpendMinor: fc.double({ min: 0, max: 1e7, noNaN: true }),
  buyProbability: fc.double({ min: 0, max: 1, noNaN: true }),
  nextOrderFrom: fc.option(isoDay),
  nextOrderTo: fc.option(isoDay),
  scoredOn: fc.option(isoDay),
  spentMinor: fc.bigInt(0n, 10_000_000n).map(String),
});
const known: fc.Arbitrary<WrittenState> = fc.record({
  tags: fc.subarray([...tierTags]),
  values: fc.oneof(
    scored.map((s) => desiredStateOf(s, { ...options, today: "2026-11-18" }).values),
    fc.subarray([...metafieldKeys]).map((keys) => Object.fromEntries(keys.map((k) => [k, "1"]))),
  ),
  spentMinor: fc.option(fc.bigInt(0n, 10_000_000n).map(String)),
  doubtful: fc.subarray([...tierTags]),
});

describe("a write plan", () => {
  it("leads from any written state to the desired tags and tiers", () => {
    fc.assert(
      fc.property(known, scored, (before, now) => {
        const wanted = desiredStateOf(now, options);
        const after = applied(before, planCustomer(id, before, wanted));
        expect([...after.tags].sort()).toEqual([...wanted.tags].sort());
        expect(after.values.clv_tier).toBe(now.clvTier);
        expect(after.values.buy_tier).toBe(now.buyTier);
      }),
    );
  });

  it("leaves figures within a tenth of the score or one unit of its currency, or equal to it", () => {
    fc.assert(
      fc.property(known, scored, (before, now) => {
        const wanted = desiredStateOf(now, options);
        const plan = planCustomer(id, before, wanted);
        const after = applied(before, plan);
        if (plan.spentMinor !== null) {
          expect(after.values).toEqual(wanted.values);
        } else {
          const current = Number(after.values.expected_spend);
          const off = Math.abs(Number(wanted.values.expected_spend) - current);
          expect(off).toBeLessThanOrEqual(Math.max(0.1 * current, 1));
        }
      }),
    );
  });

  it("is empty once it was carried out", () => {
    fc.assert(
      fc.property(known, fc.option(scored), (before, now) => {
        const wanted = now && desiredStateOf(now, options);
        const after = applied(before, planCustomer(id, before, wanted));
        expect(isEmpty(planCustomer(id, after, wanted))).toBe(true);
      }),
    );
  });

  it("removes everything of ours from a customer without a score", () => {
    fc.assert(
      fc.property(known, (before) => {
        const after = applied(before, planCustomer(id, before, null));
        expect(after.tags).toEqual([]);
        expect(after.values).toEqual({});
      }),
    );
  });

  it("never removes a desired tag, and never adds one that is certainly present", () => {
    fc.assert(
      fc.property(known, scored, (before, now) => {
        const wanted = desiredStateOf(now, options);
        const plan = planCustomer(id, before, wanted);
        expect(plan.remove.filter((tag) => wanted.tags.includes(tag))).toEqual([]);
        const sure = before.tags.filter((tag) => !before.doubtful.includes(tag));
        expect(plan.add.filter((tag) => sure.includes(tag))).toEqual([]);
      }),
    );
  });

  it("writes everything for a new customer", () => {
    expect(planCustomer(id, nothingWritten, desiredStateOf(score, options))).toEqual({
      add: ["clv:high", "buy:moderate"],
      remove: [],
      set: {
        clv_tier: "high",
        buy_tier: "moderate",
        expected_spend: "123.46",
        buy_probability: "0.4232",
        next_order_from: "2026-12-01",
        next_order_to: "2027-01-15",
        scored_at: "2026-11-21",
      },
      unset: [],
      spentMinor: "99900",
    });
  });

  it("adds only desired tags again when their presence is doubtful", () => {
    const tags = ["clv:high", "clv:low", "buy:moderate"];
    const known = { ...nothingWritten, tags, doubtful: ["clv:high", "clv:low"] };
    const plan = planCustomer(id, known, desiredStateOf(score, options));
    expect(plan.add).toEqual(["clv:high"]);
    expect(plan.remove).toEqual(["clv:low"]);
  });
});

describe("a key that the merchant uses for something else", () => {
  it("is never written, and does not cause other writes", () => {
    fc.assert(
      fc.property(scored, fc.subarray([...metafieldKeys]), (now, blocked) => {
        const wanted = desiredStateOf(now, { ...options, blocked });
        const plan = planCustomer(id, nothingWritten, wanted);
        for (const key of blocked) expect(plan.set).not.toHaveProperty(key);
        const after = applied(nothingWritten, plan);
        expect(isEmpty(planCustomer(id, after, wanted))).toBe(true);
      }),
    );
  });
});

describe("the figures and the date", () => {
  const before: WrittenState = {
    tags: ["clv:high", "buy:moderate"],
    values: desiredStateOf(score, { ...options, today: "2026-11-20" }).values,
    spentMinor: score.spentMinor,
    doubtful: [],
  };
  const planFor = (change: Partial<ScoredCustomer>, today = "2026-11-21", who = id) =>
    planCustomer(who, before, desiredStateOf({ ...score, ...change }, { ...options, today }));

  it("are not written while the value moves by at most a tenth", () => {
    const change = { expectedSpendMinor: 13_570, buyProbability: 0.4, nextOrderFrom: "2026-12-02" };
    expect(isEmpty(planFor(change))).toBe(true);
  });

  it("are written when the value moved by more than a tenth", () => {
    expect(planFor({ expectedSpendMinor: 13_590, buyProbability: 0.45 }).set).toEqual({
      expected_spend: "135.90",
      buy_probability: "0.4500",
      scored_at: "2026-11-21",
    });
  });

  it("are not written again for less than one unit of the currency, however small the value", () => {
    const written = { ...before, values: { ...before.values, expected_spend: "0.40" } };
    const plan = (expectedSpendMinor: number, currencyDigits = 2) =>
      planCustomer(
        id,
        written,
        desiredStateOf({ ...score, expectedSpendMinor }, { ...options, currencyDigits }),
      ).set.expected_spend;
    expect(plan(140)).toBeUndefined();
    expect(plan(141)).toBe("1.41");
    expect(plan(1, 0)).toBeUndefined();
    expect(plan(2, 0)).toBe("2");
  });

  it("are written after a new order, even if the value hardly moved", () => {
    expect(planFor({ spentMinor: "100000", nextOrderFrom: "2026-12-24" }).set).toEqual({
      next_order_from: "2026-12-24",
      scored_at: "2026-11-21",
    });
  });

  it("are written with the tag when a tier changed, and a next order no longer expected is deleted", () => {
    const plan = planFor({ buyTier: "low", nextOrderFrom: null, nextOrderTo: null });
    expect(plan).toMatchObject({
      add: ["buy:low"],
      remove: ["buy:moderate"],
      set: { buy_tier: "low", scored_at: "2026-11-21" },
      unset: ["next_order_from", "next_order_to"],
    });
  });

  it("include a renewed date within seven days, spread over customers", () => {
    const renewals = Array.from({ length: 7 }, (_, customer) =>
      [22, 23, 24, 25, 26, 27].filter(
        (d) => !isEmpty(planFor({}, `2026-11-${String(d)}`, String(customer + 700))),
      ),
    );
    const first = renewals.map((days) => days[0]);
    expect(new Set(first).size).toBe(6);
    expect(first.every((d) => d <= 27)).toBe(true);
  });

  it("include a renewed date at the latest after a week", () => {
    for (const customer of ["700", "701", "702", "703", "704", "705", "706"]) {
      expect(planFor({}, "2026-11-27", customer).set).toEqual({ scored_at: "2026-11-27" });
    }
  });
});

describe("the limits of the write rules", () => {
  const values = desiredStateOf(score, { ...options, today: "2026-11-20" }).values;
  const tags = ["clv:high", "buy:moderate"];
  const before: WrittenState = { tags, values, spentMinor: score.spentMinor, doubtful: [] };
  const wantedWith = (change: Partial<MetafieldValues>) => {
    const wanted = desiredStateOf(score, { ...options, today: "2026-11-20" });
    return { ...wanted, values: { ...wanted.values, ...change } };
  };

  it.each([
    ["100.00", "110.00", false],
    ["100.00", "110.01", true],
    ["100.00", "90.00", false],
    ["100.00", "89.99", true],
    ["-100.00", "-110.00", false],
    ["0.00", "0.00", false],
    ["0.00", "1.00", false],
    ["0.00", "1.01", true],
  ])("value %s that becomes %s is written: %s", (current, wanted, written) => {
    const known = { ...before, values: { ...values, expected_spend: current } };
    const plan = planCustomer(id, known, wantedWith({ expected_spend: wanted }));
    expect(plan.set).toEqual(written ? { expected_spend: wanted } : {});
    expect(plan.spentMinor).toBe(written ? score.spentMinor : null);
  });

  it("write figures where there is no written value to compare", () => {
    const others = without(values, ["expected_spend"]);
    const plan = planCustomer(id, { ...before, values: others }, wantedWith({}));
    expect(plan.set).toEqual({ expected_spend: values.expected_spend });
  });

  it("write no figures when the merchant uses the key of the value", () => {
    const wanted = desiredStateOf(score, {
      ...options,
      today: "2026-11-20",
      blocked: ["expected_spend"],
    });
    const others = without(values, ["expected_spend"]);
    expect(isEmpty(planCustomer(id, { ...before, values: others }, wanted))).toBe(true);
  });

  // 20 November 2026 is day 20,777, and 20,777 modulo 7 is 1: the renewal day of customer 701.
  it.each([
    ["700", "2026-11-14", false],
    ["700", "2026-11-13", true],
    ["700", "2026-11-12", true],
    ["700", "2026-11-21", false],
    ["700", "a day", true],
    ["701", "2026-11-19", true],
    ["701", "2026-11-20", false],
  ])("customer %s with the date %s is renewed: %s", (customer, current, renewed) => {
    const known = { ...before, values: { ...values, scored_at: current } };
    const plan = planCustomer(customer, known, wantedWith({}));
    expect(plan.set).toEqual(renewed ? { scored_at: "2026-11-20" } : {});
  });

  it("write the date where it is missing or unreadable", () => {
    const others = without(values, ["scored_at"]);
    expect(planCustomer(id, { ...before, values: others }, wantedWith({})).set).toEqual({
      scored_at: "2026-11-20",
    });
    const unreadable = planCustomer(id, before, wantedWith({ scored_at: "one day" }));
    expect(unreadable.set).toEqual({ scored_at: "one day" });
  });

  it("remove only our tags and values from a customer without a score", () => {
    const known = { ...before, tags: ["clv:high", "VIP"], values: { clv_tier: "high" } };
    expect(planCustomer(id, known, null)).toEqual({
      add: [],
      remove: ["clv:high"],
      set: {},
      unset: ["clv_tier"],
      spentMinor: null,
    });
  });

  it("a plan is empty only when all its parts are", () => {
    const empty: CustomerPlan = { add: [], remove: [], set: {}, unset: [], spentMinor: null };
    expect(isEmpty(empty)).toBe(true);
    expect(isEmpty({ ...empty, add: ["clv:high"] })).toBe(false);
    expect(isEmpty({ ...empty, remove: ["clv:high"] })).toBe(false);
    expect(isEmpty({ ...empty, set: { clv_tier: "high" } })).toBe(false);
    expect(isEmpty({ ...empty, unset: ["clv_tier"] })).toBe(false);
  });
});

describe("the tag vocabulary", () => {
  it("is lower-case ASCII without commas, and no tag is part of another", () => {
    for (const tag of tierTags) {
      expect(tag).toMatch(/^[a-z]+:[a-z]+$/);
      expect(tierTags.filter((other) => other !== tag && other.includes(tag))).toEqual([]);
    }
    expect(tierTags).toHaveLength(8);
  });

  it("recognises our tags among others, in any case", () => {
    expect(ourTags(["VIP", "CLV:High", "buy:new", "clv:highest"])).toEqual(["clv:high", "buy:new"]);
  });
});
