/**
 * Days from a confirmed removal of the app until anything is erased. Shopify asks for a shop to be
 * erased after 48 hours, and for its customers within 30 days: in between a merchant who opens the app
 * finds it as it was.
 */
export const GRACE_DAYS = 3;

/**
 * SQL: true while a removal can be taken back.
 *
 * @param shops the name under which a statement reads the table
 */
export function inGrace(shops: string): string {
  return `${shops}.uninstalled_at > now() - interval '${GRACE_DAYS} days'`;
}
