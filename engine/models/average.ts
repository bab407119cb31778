import type { History } from "../histories/histories.ts";
import { type Forecast, forecastOf, type Likelihood } from "./forecast.ts";

type Averaged = {
  likelihood: Likelihood;
  others: Likelihood[];
  /** Weights in this order; equal where they are missing. */
  weights?: number[] | undefined;
};

/** The weighted mean of the models' forecasts. */
export function averageOf({ likelihood, others, weights }: Averaged): Omit<Forecast, "alive"> {
  const forecasts = [likelihood, ...others].map(forecastOf);
  if (forecasts.length === 1) return forecasts[0];
  const shares = weights ?? forecasts.map(() => 1 / forecasts.length);
  const mean = (ofOne: (forecast: Forecast) => number) => {
    let sum = 0;
    for (let i = 0; i < forecasts.length; i++) sum += shares[i] * ofOne(forecasts[i]);
    return sum;
  };
  return {
    buy: (history: History, days: number) => mean((forecast) => forecast.buy(history, days)),
    orders: (history: History, days: number) => mean((forecast) => forecast.orders(history, days)),
  };
}
