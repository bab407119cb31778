import { fitStore, simulateStore, type StoreFit, summarize } from "#engine";

/** A fit of a small generated store, with some figures replaced by ones that can be checked by hand. */
export const fit: StoreFit = { ...fitted(), ...byHand() };

function fitted(): StoreFit {
  const asOfDay = 20_779;
  const { purchases } = simulateStore({
    seed: 1,
    customers: 200,
    startDay: asOfDay - 400,
    endDay: asOfDay,
  });
  const result = fitStore(summarize(purchases, asOfDay), purchases, {
    asOfDay,
    fullHistory: true,
    horizonDays: 90,
    evenIfRefused: true,
  });
  if (result.kind === "refused") throw new Error("fitted even if refused");
  return result.fit;
}

function byHand(): Partial<StoreFit> {
  return {
    baseRate: 0.3,
    observedRate: 0.42,
    newMaxAgeDays: 40,
    typical: {
      ageDays: 201,
      lifespanDays: 90,
      recencyDays: 61,
      intervalDays: 35,
      orders: 2.5,
      meanSpend: 5_000,
    },
    rehearsal: null,
  };
}
