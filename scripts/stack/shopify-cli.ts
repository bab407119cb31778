type Source = Record<string, string | undefined>;

/**
 * The environment variables that differ from Shopify's CLI: there, HOST is the address at which Shopify reaches
 * the app, here the one on which it listens.
 *
 * @throws Error when the environment was not set by the CLI
 */
export function fromShopifyCli(source: Source): { SHOPIFY_APP_URL: string; HOST: string } {
  const address = source.APP_URL ?? source.HOST ?? "";
  if (URL.parse(address)?.protocol !== "https:") {
    const found = address === "" ? "neither is set" : `found "${address}"`;
    throw new Error(
      `Expected the tunnel's https address in APP_URL or HOST, and ${found}: ` +
        "shopify app dev --config development sets it and runs this. Without a store: npm run dev",
    );
  }
  return { SHOPIFY_APP_URL: new URL(address).origin, HOST: "localhost" };
}
