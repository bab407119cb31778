/**
 * ln(s + d) and 1/(s + d) for whole days d: with histories in whole days, a logarithm for each
 * customer becomes a look-up.
 */
export class DayTable {
  readonly ln: Float64Array;
  readonly inverse: Float64Array;

  constructor(days: number) {
    this.ln = new Float64Array(days);
    this.inverse = new Float64Array(days);
  }

  fill(s: number): void {
    for (let d = 0; d < this.ln.length; d++) {
      this.ln[d] = Math.log(s + d);
      this.inverse[d] = 1 / (s + d);
    }
  }
}
