/** A difference found after a storm. */
export type Difference = {
  shop: string;
  /** What was compared. */
  what: string;
  /** In words, with ids but without personal data. */
  detail: string;
};
