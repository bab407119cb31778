import type { Random } from "#simulator/random.ts";
import type { EmailMarketingState } from "#simulator/state.ts";

import { familyNames, givenNames } from "./words.ts";

export type Person = {
  firstName: string;
  lastName: string;
  email: string | null;
  emailMarketingState: EmailMarketingState;
  locale: string;
};

const locales: Record<string, string> = {
  AT: "de",
  BE: "nl",
  BR: "pt-BR",
  CA: "en",
  CH: "de",
  CY: "el",
  DE: "de",
  DK: "da",
  ES: "es",
  FI: "fi",
  FR: "fr",
  GR: "el",
  IT: "it",
  JP: "ja",
  KR: "ko",
  LT: "lt",
  NL: "nl",
  NO: "nb",
  PL: "pl",
  PT: "pt-PT",
  SE: "sv",
  TH: "th",
};

/** Plausible shares for a shop of this size: cumulative, so that one draw decides. */
const marketing: readonly [EmailMarketingState, number][] = [
  ["SUBSCRIBED", 0.58],
  ["NOT_SUBSCRIBED", 0.88],
  ["UNSUBSCRIBED", 0.98],
  ["PENDING", 1],
];

const shareWithoutEmail = 0.03;

/**
 * An invented person. `serial` makes the e-mail address unique; addresses end in example.com, which RFC 2606
 * reserves.
 */
export function inventPerson(random: Random, serial: number, country: string | null): Person {
  const firstName = givenNames[random.integer(givenNames.length)] ?? "Alba";
  const lastName = familyNames[random.integer(familyNames.length)] ?? "Alderbrook";
  const address = `${firstName}.${lastName}.${String(serial)}@example.com`.toLowerCase();
  const email = random.next() < shareWithoutEmail ? null : address;
  const draw = random.next();
  const state = marketing.find(([, upTo]) => draw < upTo)?.[0] ?? "NOT_SUBSCRIBED";
  return {
    firstName,
    lastName,
    email,
    // A customer without an address has no e-mail consent.
    emailMarketingState: email === null ? "NOT_SUBSCRIBED" : state,
    locale: (country === null ? undefined : locales[country]) ?? "en",
  };
}
