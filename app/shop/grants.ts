/** The scopes that each kind of work needs. */
const needed = { import: ["read_orders", "read_customers"], write: ["write_customers"] } as const;

/** All scopes that the app uses, as in shopify.app.toml; a write scope implies its read scope. */
export const usedScopes = [
  "read_orders",
  "read_all_orders",
  "write_customers",
  "read_customer_merge",
] as const;

export type GrantedWork = keyof typeof needed;
export const grantedWork: readonly GrantedWork[] = ["import", "write"];

/** @param granted in Shopify's form: a write scope implies its read scope */
export function isAllowed(work: GrantedWork, granted: readonly string[]): boolean {
  return needed[work].every(
    (scope) => granted.includes(scope) || granted.includes(scope.replace(/^read_/, "write_")),
  );
}
