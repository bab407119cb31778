/**
 * ln(s + d) and 1/(s + d) for whole days d, by their index: a logarithm for each customer becomes a
 * look-up.
 */
export class DayTable {
  readonly ln: Float64Array;
  readonly inverse: Float64Array;
  readonly #days: Int32Array;

  constructor(days: Int32Array) {
    this.#days = days;
    this.ln = new Float64Array(days.length);
    this.inverse = new Float64Array(days.length);
  }

  fill(s: number): void {
    const days = this.#days;
    for (let i = 0; i < days.length; i++) {
      this.ln[i] = Math.log(s + days[i]);
      this.inverse[i] = 1 / (s + days[i]);
    }
  }
}
