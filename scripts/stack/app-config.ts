import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { root } from "./processes.ts";

export type AppPlace = { appUrl: string; apiKey: string };

/**
 * Writes the app's configuration, filled in for an app at that address.
 *
 * @returns the file's path
 */
export function writeAppConfig(directory: string, { appUrl, apiKey }: AppPlace): string {
  const text = readFileSync(path.join(root, "shopify.app.toml"), "utf8")
    .replace(/^client_id = .*$/m, `client_id = "${apiKey}"`)
    .replace(/^application_url = .*$/m, `application_url = "${appUrl}"`)
    .replace(/^redirect_urls = .*$/m, `redirect_urls = ["${appUrl}/auth/callback"]`);
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, "shopify.app.toml");
  writeFileSync(file, text);
  return file;
}
