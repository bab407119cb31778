import { readFileSync } from "node:fs";
import path from "node:path";

import { parse } from "smol-toml";
import { z } from "zod";

import { type Finding, messageOf, wrong } from "./finding.ts";

const schema = z.object({
  client_id: z.string().default(""),
  application_url: z.string().default(""),
  embedded: z.boolean().optional(),
  build: z.object({ automatically_update_urls_on_dev: z.boolean().default(false) }).optional(),
  auth: z.object({ redirect_urls: z.array(z.string()).default([]) }).optional(),
  access_scopes: z
    .object({ scopes: z.string().default(""), use_legacy_install_flow: z.boolean().optional() })
    .optional(),
  webhooks: z
    .object({
      api_version: z.string().default(""),
      subscriptions: z
        .array(
          z.object({
            topics: z.array(z.string()).default([]),
            compliance_topics: z.array(z.string()).default([]),
            uri: z.string(),
          }),
        )
        .default([]),
    })
    .optional(),
});

/** The checked parts of a shopify.app.toml, and the name under which it is reported. */
export type AppConfig = z.infer<typeof schema> & { name: string };

/** @param wanted a file, or NAME of shopify.app.NAME.toml, as in Shopify's CLI */
export function appConfigPath(wanted: string, root: string): string {
  return path.resolve(root, wanted.endsWith(".toml") ? wanted : `shopify.app.${wanted}.toml`);
}

/** @returns a finding when there is no readable file */
export function readAppConfig(file: string): AppConfig | Finding {
  const name = path.basename(file);
  try {
    return { ...parseAppConfig(readFileSync(file, "utf8")), name };
  } catch (error) {
    const missing = (error as { code?: unknown }).code === "ENOENT";
    const found = missing ? `there is no ${file}` : `it cannot be read: ${messageOf(error)}`;
    const todo = "name the file with --config, as shopify app deploy --config does";
    return wrong(name, { found, todo });
  }
}

/** @throws Error when it is not valid TOML, or not an app's configuration */
export function parseAppConfig(text: string): Omit<AppConfig, "name"> {
  const { data, error } = schema.safeParse(parse(text));
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw new Error(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not of an app"}`);
}

/** The scopes of a comma-separated list. */
export function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
