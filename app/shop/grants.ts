/** Without which scopes which work cannot be done. */
const needed = { import: ["read_orders", "read_customers"], write: ["write_customers"] } as const;

/** Every scope the app has a use for, as shopify.app.toml asks for them: a write scope stands for its read scope. */
export const usedScopes = [
  "read_orders",
  "read_all_orders",
  "write_customers",
  "read_customer_merge",
] as const;

/** The work that scopes decide on. */
export type GrantedWork = keyof typeof needed;
export const grantedWork: readonly GrantedWork[] = ["import", "write"];

/** @param granted as Shopify writes it: a write scope stands for its read scope */
export function isAllowed(work: GrantedWork, granted: readonly string[]): boolean {
  return needed[work].every(
    (scope) => granted.includes(scope) || granted.includes(scope.replace(/^read_/, "write_")),
  );
}
