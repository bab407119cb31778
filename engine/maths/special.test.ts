import betaln from "@stdlib/math-base-special-betaln";
import oracleDigamma from "@stdlib/math-base-special-digamma";
import gammaln from "@stdlib/math-base-special-gammaln";
import fc from "fast-check";
import { expect, it } from "vitest";

import { digamma, lnBeta, lnGamma, logistic, softplus } from "./special.ts";

/**
 * stdlib is accurate to about 2e-14; ours must be within 1e-12 of the size of the terms it adds.
 */
const positive = fc.double({ min: -14, max: 14, noNaN: true }).map((ln) => Math.exp(ln));

it("lnGamma equals stdlib's gammaln", () => {
  fc.assert(
    fc.property(positive, (x) => {
      expect(Math.abs(lnGamma(x) - gammaln(x))).toBeLessThan(1e-12 * (20 + Math.abs(gammaln(x))));
    }),
  );
});

it("digamma equals stdlib's digamma", () => {
  fc.assert(
    fc.property(positive, (x) => {
      const want = oracleDigamma(x);
      expect(Math.abs(digamma(x) - want)).toBeLessThan(1e-12 * (1 + Math.abs(want)));
    }),
  );
});

it("lnBeta equals stdlib's betaln up to the rounding of its three terms", () => {
  fc.assert(
    fc.property(positive, positive, (a, b) => {
      const terms = 20 + Math.abs(gammaln(a)) + Math.abs(gammaln(b)) + Math.abs(gammaln(a + b));
      expect(Math.abs(lnBeta(a, b) - betaln(a, b))).toBeLessThan(1e-12 * terms);
    }),
  );
});

it("softplus and logistic neither overflow nor vanish", () => {
  expect(softplus(1000)).toBe(1000);
  expect(softplus(-1000)).toBe(0);
  expect(softplus(0)).toBeCloseTo(Math.LN2, 15);
  expect(logistic(1000)).toBe(1);
  expect(logistic(-700)).toBeGreaterThan(0);
  expect(logistic(-Infinity)).toBe(0);
});
