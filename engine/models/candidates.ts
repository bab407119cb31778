import type { Histories } from "../histories/histories.ts";
import { fitBgNbd } from "./bg-nbd.ts";
import type { Likelihood } from "./forecast.ts";
import { fitMbgCnbd } from "./mbg-cnbd.ts";
import { fitMbgNbd } from "./mbg-nbd.ts";
import { fitNbd } from "./nbd.ts";
import { fitParetoNbd } from "./pareto-nbd.ts";
import type { WarmStart } from "./prior.ts";

/** The models a store may be given, the default first. */
export const candidates = [
  "mbg-nbd",
  "pareto-nbd",
  "mbg-cnbd-2",
  "mbg-cnbd-3",
  "mbg-cnbd-4",
  "bg-nbd",
  "nbd",
] as const;
export type Candidate = (typeof candidates)[number];

/** Fits one of the models, with its weak prior. */
export function fitCandidate(
  candidate: Candidate,
  histories: Histories,
  near?: WarmStart,
): Likelihood {
  switch (candidate) {
    case "mbg-nbd":
      return fitMbgNbd(histories, { near });
    case "pareto-nbd":
      return fitParetoNbd(histories, { near });
    case "mbg-cnbd-2":
      return fitMbgCnbd(histories, 2, { near });
    case "mbg-cnbd-3":
      return fitMbgCnbd(histories, 3, { near });
    case "mbg-cnbd-4":
      return fitMbgCnbd(histories, 4, { near });
    case "bg-nbd":
      return fitBgNbd(histories, { near });
    case "nbd":
      return fitNbd(histories, { near });
  }
}
