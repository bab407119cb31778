/** The words that the glossary explains, in its order. */
export const helpTerms = [
  "likelihood",
  "value",
  "tier",
  "new",
  "horizon",
  "range",
  "next",
  "reconstructed",
  "day",
  "segment",
  "left",
] as const;

export type HelpTerm = (typeof helpTerms)[number];

/** The id of a word's place in the glossary. */
export function placeOf(term: HelpTerm): string {
  return `term-${term}`;
}
