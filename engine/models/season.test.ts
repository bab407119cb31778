import { describe, expect, it } from "vitest";

import { dayOf } from "../../tests/stores/rows.ts";
import { backtest } from "../backtest.ts";
import { compressHistories } from "../histories/histories.ts";
import { summarize } from "../histories/summary.ts";
import { seasonWins } from "../learning/season-trial.ts";
import { simulateStore } from "../simulate.ts";
import { fitMbgNbd } from "./mbg-nbd.ts";
import { clockOf, fitSeason, inOperationalTime, SeasonClock } from "./season.ts";

const PACE = [0.7, 0.7, 0.8, 0.9, 0.9, 0.9, 0.8, 0.8, 1, 1.1, 1.6, 1.8];
const options = {
  seed: 3,
  customers: 3000,
  startDay: dayOf("2020-01-01"),
  endDay: dayOf("2023-06-01"),
  likelihood: { r: 0.8, alpha: 70, a: 0.4, b: 2 },
};

describe("operational time", () => {
  it("runs twice as fast in a month of twice the pace", () => {
    const pace = Array.from({ length: 12 }, (_, month) => (month === 11 ? 2 : 1));
    const from = dayOf("2021-11-01");
    const clock = new SeasonClock({ pace }, from, from + 100);
    expect(clock.between(from, dayOf("2021-12-01"))).toBe(30);
    expect(clock.between(dayOf("2021-12-01"), dayOf("2022-01-01"))).toBe(62);
    expect(clock.between(from, dayOf("2022-01-11"))).toBe(102);
  });

  it("equals calendar time where every month has pace 1", () => {
    const { purchases } = simulateStore({ ...options, customers: 300 });
    const summary = summarize(purchases, options.endDay);
    const season = { pace: Array.from({ length: 12 }, () => 1) };
    const clock = clockOf(summary, options.endDay, season);
    expect(inOperationalTime(summary, options.endDay, clock)).toEqual(summary);
  });

  it("does not depend on how far back the clock reaches, even at half days", () => {
    const pace = PACE.map((each) => each + 0.05);
    const until = dayOf("2023-06-01");
    const long = new SeasonClock({ pace }, dayOf("1999-01-01"), until);
    const short = new SeasonClock({ pace }, until - 400, until);
    for (let from = until - 400; from < until; from++) {
      for (let to = from; to <= until; to += 7) {
        expect(short.between(from, to)).toBe(long.between(from, to));
      }
    }
  });

  it("keeps T at least 1 and t_x at most T", () => {
    const { purchases } = simulateStore({ ...options, customers: 300 });
    const summary = summarize(purchases, options.endDay);
    const clock = clockOf(summary, options.endDay, { pace: PACE });
    const { recencyDays, ageDays } = inOperationalTime(summary, options.endDay, clock);
    ageDays.forEach((age, i) => {
      expect(age).toBeGreaterThanOrEqual(1);
      expect(recencyDays[i]).toBeLessThanOrEqual(age);
    });
  });
});

it("the pace of the months is recovered in a simulated store", () => {
  const { purchases } = simulateStore({ ...options, season: PACE });
  const model = fitMbgNbd(compressHistories(summarize(purchases, options.endDay)));
  const { pace } = fitSeason(purchases, options.endDay, model);
  expect(pace.reduce((sum, one) => sum + one, 0)).toBeCloseTo(12, 9);
  pace.forEach((one, month) => expect(Math.abs(one - PACE[month])).toBeLessThan(0.25));
});

describe(
  "a season is used where it improves the predictions of past windows",
  { timeout: 180_000 },
  () => {
    const window = { cutoffDay: dayOf("2023-01-01"), horizonDays: 90 } as const;

    it("in a shop with a strong December, where the error of total orders is halved", () => {
      const { purchases } = simulateStore({ ...options, season: PACE });
      const { models, fit } = backtest(purchases, window)!;
      const [selected, plain] = models;
      expect(fit.season).not.toBeNull();
      expect(Math.abs(selected.ordersBias!)).toBeLessThan(Math.abs(plain.ordersBias!) / 2);
      expect(selected.logLoss).toBeLessThan(plain.logLoss - 0.01);
    });

    it("and not in a shop without a season", () => {
      const { purchases } = simulateStore(options);
      expect(backtest(purchases, window)!.fit.season).toBeNull();
    });
  },
);

it("a season is not used after one window, or after windows that disagree", () => {
  const trial = (gain: number) => ({ cutoffDay: 0, plain: 0.5, seasonal: 0.5 - gain });
  expect(seasonWins([trial(0.1)])).toBe(false);
  expect(seasonWins([trial(0.01), trial(0.01)])).toBe(true);
  expect(seasonWins([trial(0.02), trial(-0.003)])).toBe(false);
  expect(seasonWins([trial(-0.001), trial(-0.001), trial(0.02)])).toBe(false);
  expect(seasonWins([trial(0.0001), trial(0.0001)])).toBe(false);
});
