/** Something that is not as it should be after a storm. */
export type Difference = {
  shop: string;
  /** What was compared. */
  what: string;
  /** In words, with ids but without personal data. */
  detail: string;
};
