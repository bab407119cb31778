/** Number of earlier orders searched for one of exactly the refunded amount. */
const REACH = 1000;

/**
 * Purchase days net of refunds, one customer at a time. A refund cancels the latest earlier order
 * of exactly its amount; if there is none, it is subtracted from the latest orders backwards. A day
 * of which nothing remains is not a purchase.
 */
export class Ledger {
  refunds = 0;
  unmatchedRefunds = 0;
  unmatchedUnits = 0;
  reversedDays = 0;
  #settledDay: number;
  #customer: Int32Array;
  #day: Int32Array;
  #units: Float64Array;
  #purchases = 0;
  /** Of the current customer: orders of which something remains, by day. */
  #openDay: number[] = [];
  #openUnits: number[] = [];
  /** Index of the first of these that refunds can still change. */
  #floor = 0;
  #settled = false;
  #days = new Set<number>();

  /** @param rows Maximum number of purchases. */
  constructor(rows: number, settledDay = Number.POSITIVE_INFINITY) {
    this.#customer = new Int32Array(rows);
    this.#day = new Int32Array(rows);
    this.#units = new Float64Array(rows);
    this.#settledDay = settledDay;
  }

  /** Adds an order, or a refund below zero, of the current customer; days must not decrease. */
  book(day: number, units: number): void {
    if (!this.#settled && day >= this.#settledDay) {
      this.#settled = true;
      this.#floor = this.#openDay.length;
    }
    if (units > 0) {
      this.#openDay.push(day);
      this.#openUnits.push(units);
    } else {
      this.#refund(-units);
    }
  }

  /** Writes the current customer's purchases. */
  close(customer: number): void {
    let previous = -1;
    for (let i = 0; i < this.#openDay.length; i++) {
      if (i > 0 && this.#openDay[i] === this.#openDay[i - 1]) {
        this.#units[previous] += this.#openUnits[i];
        continue;
      }
      previous = this.#purchases++;
      this.#customer[previous] = customer;
      this.#day[previous] = this.#openDay[i];
      this.#units[previous] = this.#openUnits[i];
      this.#days.delete(this.#openDay[i]);
    }
    this.reversedDays += this.#days.size;
    this.#days.clear();
    this.#openDay.length = 0;
    this.#openUnits.length = 0;
    this.#floor = 0;
    this.#settled = false;
  }

  /** All purchases written, sorted by customer and day. */
  purchases(): { customer: Int32Array; day: Int32Array; units: Float64Array } {
    return {
      customer: this.#customer.subarray(0, this.#purchases),
      day: this.#day.subarray(0, this.#purchases),
      units: this.#units.subarray(0, this.#purchases),
    };
  }

  #refund(units: number): void {
    this.refunds++;
    const exact = this.#orderOf(units);
    if (exact !== null) {
      this.#days.add(this.#openDay[exact]);
      this.#openDay.splice(exact, 1);
      this.#openUnits.splice(exact, 1);
      return;
    }
    let rest = units;
    while (rest > 0 && this.#openUnits.length > this.#floor) {
      const last = this.#openUnits.length - 1;
      const taken = Math.min(rest, this.#openUnits[last]);
      rest -= taken;
      this.#openUnits[last] -= taken;
      if (this.#openUnits[last] > 0) break;
      this.#days.add(this.#openDay[last]);
      this.#openDay.pop();
      this.#openUnits.pop();
    }
    if (rest === 0) return;
    this.unmatchedRefunds++;
    this.unmatchedUnits += rest;
  }

  #orderOf(units: number): number | null {
    const first = Math.max(this.#floor, this.#openUnits.length - REACH);
    for (let i = this.#openUnits.length - 1; i >= first; i--) {
      if (this.#openUnits[i] === units) return i;
    }
    return null;
  }
}
