type Source = Record<string, string | undefined>;

/**
 * What the app is to be told where Shopify's CLI has told something else: there, HOST is the address
 * under which Shopify reaches the app, and here the one on which it listens.
 *
 * @throws Error when it was not the CLI that set this up
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
