import { describe, expect, it } from "vitest";

import { Random } from "../maths/random.ts";
import {
  learnSpendSlopes,
  levelledValue,
  levelOfValues,
  type SpendSlopes,
} from "./spend-calibration.ts";

/** Customers whose past spend is independent of their likelihood, and their later spend. */
function store(seed: number) {
  const random = new Random(seed);
  const size = 20_000;
  const draw = (of: () => number) => Float64Array.from({ length: size }, of);
  const probability = draw(() => random.beta(0.7, 1.6));
  const past = draw(() => 200 * random.gamma(2, 2));
  const modelSpend = probability.map((p) => 60 * p);
  const value = past.map((amount) => 0.2 * amount);
  const spent = probability.map((p, i) =>
    random.uniform() < p ? 0.3 * past[i] * random.gamma(2, 2) : 0,
  );
  return { probability, modelSpend, value, spent };
}

const bandOf = ({ probability }: { probability: Float64Array }, from: number, until: number) =>
  Array.from(probability.keys()).filter(
    (row) => probability[row] >= from && probability[row] < until,
  );
const sum = (rows: number[], values: Float64Array) =>
  rows.reduce((total, row) => total + values[row], 0);

function addedUp(one: ReturnType<typeof store>, slopes: SpendSlopes | null) {
  const level = levelOfValues(one, slopes)!;
  return one.value.map((value, i) => levelledValue(level, value, one.probability[i]));
}

describe("values based on past spend", () => {
  const one = store(1);
  const all = [...one.probability.keys()];

  it("follow the models' expected spend over likelihood, and keep the total", () => {
    const values = addedUp(one, null);
    expect(sum(all, values)).toBeCloseTo(sum(all, one.modelSpend), 3);
    for (const [from, until] of [
      [0.05, 0.2],
      [0.2, 0.5],
      [0.5, 0.8],
    ]) {
      const band = bandOf(one, from, until);
      const before = sum(band, one.value) / sum(band, one.modelSpend);
      const after = sum(band, values) / sum(band, one.modelSpend);
      expect(Math.abs(Math.log(after))).toBeLessThan(0.12);
      if (from < 0.1) expect(Math.abs(Math.log(before))).toBeGreaterThan(0.5);
    }
  });

  it("keep their order among equally likely customers", () => {
    const values = addedUp(one, null);
    const level = levelOfValues(one, null)!;
    expect(levelledValue(level, 10, 0.3)).toBeLessThan(levelledValue(level, 11, 0.3));
    expect(levelledValue(level, 10, 0.1)).toBeLessThan(levelledValue(level, 10, 0.3));
    expect(values.every((value) => value >= 0)).toBe(true);
  });

  it("are lowered after a window in which unlikely customers spent less than expected", () => {
    const before = store(2);
    const spent = before.spent.map((amount, i) => amount * (before.probability[i] < 0.3 ? 0.4 : 1));
    const slopes = learnSpendSlopes([{ ...before, value: addedUp(before, null), spent }])!;
    const band = bandOf(one, 0.05, 0.25);
    expect(sum(band, addedUp(one, slopes))).toBeLessThan(0.9 * sum(band, addedUp(one, null)));
  });

  it("do not depend on the order of customers", () => {
    const turn = (values: Float64Array) => values.slice().reverse();
    const turned = { ...one, value: turn(one.value), modelSpend: turn(one.modelSpend) };
    const reversed = { ...turned, probability: turn(one.probability), spent: turn(one.spent) };
    expect(levelOfValues(reversed, null)).toEqual(levelOfValues(one, null));
    expect(learnSpendSlopes([reversed])).toEqual(learnSpendSlopes([one]));
  });
});

it("nothing is learned where nothing is expected, or was spent", () => {
  const none = new Float64Array(3);
  expect(levelOfValues({ value: none, modelSpend: none, probability: none }, null)).toBeNull();
  expect(learnSpendSlopes([{ value: none, probability: none, spent: none }])).toBeNull();
});
