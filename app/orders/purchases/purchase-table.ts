import type { CustomerId } from "#app/lib/ids.ts";
import type { Purchases } from "#engine";

const FIRST_CAPACITY = 4096;

/** Purchase days in typed arrays that grow by doubling. Rows come sorted by customer, then day. */
export class PurchaseTable {
  readonly #customerIds: CustomerId[] = [];
  #rows = 0;
  #customer = new Int32Array(FIRST_CAPACITY);
  #day = new Int32Array(FIRST_CAPACITY);
  #amount = new Float64Array(FIRST_CAPACITY);

  /** @param amount minor units; exact up to 2^53 */
  add(customer: CustomerId, day: number, amount: number): void {
    if (this.#customerIds.at(-1) !== customer) this.#customerIds.push(customer);
    if (this.#rows === this.#customer.length) this.#grow();
    this.#customer[this.#rows] = this.#customerIds.length - 1;
    this.#day[this.#rows] = day;
    this.#amount[this.#rows] = amount;
    this.#rows += 1;
  }

  finish(): { purchases: Purchases; customerIds: CustomerId[] } {
    return {
      customerIds: this.#customerIds,
      purchases: {
        customer: this.#customer.slice(0, this.#rows),
        day: this.#day.slice(0, this.#rows),
        amount: this.#amount.slice(0, this.#rows),
        customers: this.#customerIds.length,
      },
    };
  }

  #grow(): void {
    const capacity = this.#rows * 2;
    const customer = new Int32Array(capacity);
    const day = new Int32Array(capacity);
    const amount = new Float64Array(capacity);
    customer.set(this.#customer);
    day.set(this.#day);
    amount.set(this.#amount);
    this.#customer = customer;
    this.#day = day;
    this.#amount = amount;
  }
}
