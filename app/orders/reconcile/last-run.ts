/** What the last comparison of the stored orders with the shop's found, for the merchant to see. */
export type CheckView = {
  /** ISO time. */
  on: string;
  /** Orders that had been missed, or had changed without our hearing of it. */
  missed: number;
  /** Orders that are no longer in the shop. */
  removed: number;
};
