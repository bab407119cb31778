import type { SimApp } from "#simulator/state.ts";

/**
 * Expands `$app`. Omitted or `$app` is the app's own namespace `app--{client id}`; `$app:loyalty` is
 * `app--{client id}--loyalty`. Everything else stays as it is.
 */
export function canonicalNamespace(app: SimApp, namespace: string | null | undefined): string {
  const own = `app--${app.clientId}`;
  if (namespace === null || namespace === undefined || namespace === "$app") return own;
  return namespace.startsWith("$app:") ? `${own}--${namespace.slice("$app:".length)}` : namespace;
}

/** True for the reserved namespace of another app, which can be neither read nor written. */
export function ofAnotherApp(app: SimApp, canonical: string): boolean {
  const own = `app--${app.clientId}`;
  return canonical.startsWith("app--") && canonical !== own && !canonical.startsWith(`${own}--`);
}

/** True for a namespace that only this app can write. */
export function ofThisApp(app: SimApp, canonical: string): boolean {
  return canonical.startsWith("app--") && !ofAnotherApp(app, canonical);
}

export function metafieldKey(namespace: string, key: string): string {
  return `${namespace}.${key}`;
}
