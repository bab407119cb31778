import { countedOrders } from "#simulator/customer-totals.ts";
import { minorDigits } from "#simulator/money.ts";
import type { SimCustomer, SimShop } from "#simulator/state.ts";

import type { Calendar } from "./calendar.ts";
import { dateTest, numberTest, type Test } from "./conditions.ts";
import type { Parameter } from "./query.ts";

const always = () => true;

/**
 * `orders_placed MATCHES (date …, amount …, count …)`: true for a customer with at least one order of that
 * day and amount, or with the number of them that `count` requires. An order's amount is its current total.
 */
export function ordersPlacedTest(
  shop: SimShop,
  parameters: readonly Parameter[],
  calendar: Calendar,
): (customer: SimCustomer) => boolean {
  const conditionOf = (name: string) => parameters.find((one) => one.name === name)?.condition;
  const date = conditionOf("date");
  const amount = conditionOf("amount");
  const count = conditionOf("count");
  const ofDay: Test<number> = date === undefined ? always : dateTest(date, calendar);
  const ofAmount: Test<number> = amount === undefined ? always : numberTest(amount);
  const enough: Test<number> =
    count === undefined ? (found) => found !== null && found > 0 : numberTest(count);
  const scale = 10 ** minorDigits(shop.currency);
  return (customer) => {
    let found = 0;
    for (const order of countedOrders(shop, customer.id)) {
      const matches =
        ofAmount(order.currentTotalMinor / scale) &&
        (date === undefined || ofDay(calendar.wallOf(order.processedAt)));
      if (matches) found += 1;
    }
    return enough(found);
  };
}
