import { type Env, rightPart } from "#app/lib/env-variables.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { type AppConfig, appConfigPath, readAppConfig, words } from "./app-config.ts";
import { checkServer, openDatabase, type Read } from "./database.ts";
import { checkDeliveries } from "./deliveries.ts";
import { checkEnvironment } from "./environment.ts";
import { type Finding, messageOf, wrong } from "./finding.ts";
import { checkIdentity } from "./identity.ts";
import { readInstallation, readStoredToken } from "./installation.ts";
import { checkKeys } from "./keys.ts";
import { checkMigrations } from "./migrations.ts";
import { checkNode } from "./node.ts";
import { checkQueue } from "./queue.ts";
import { checkAddress } from "./reach.ts";
import { checkAskedScopes } from "./scopes.ts";
import { visitShop } from "./shop.ts";
import { checkCredentials } from "./shopify.ts";
import { checkSubscriptions } from "./subscriptions.ts";

type SetUp = {
  source: Record<string, string | undefined>;
  root: string;
  /** As in Shopify's CLI: a file, or NAME of shopify.app.NAME.toml. */
  config: string;
  shop: ShopDomain | undefined;
};

/** Runs all checks in order, without changing anything. Checks whose preconditions fail are skipped. */
export async function* diagnose(setUp: SetUp): AsyncGenerator<Finding> {
  const env = rightPart(setUp.source);
  yield checkNode(process.versions.node);
  yield* checkEnvironment(setUp.source, env);
  const config = readAppConfig(appConfigPath(setUp.config, setUp.root));
  if ("mark" in config) yield config;
  else yield* checkConfig(config, env, setUp.source.SCOPES);
  yield* await checkAddress(env);
  yield* checkDatabase({ ...setUp, env, config: "mark" in config ? undefined : config });
}

function checkConfig(config: AppConfig, env: Partial<Env>, scopes: string | undefined) {
  return [
    ...checkIdentity(config, env),
    ...checkAskedScopes(config, scopes),
    ...checkSubscriptions(config),
  ];
}

type Known = { env: Partial<Env>; config: AppConfig | undefined; shop: ShopDomain | undefined };

async function* checkDatabase({ env, config, shop }: Known): AsyncGenerator<Finding> {
  const { DATABASE_URL: databaseUrl, TOKEN_KEYS: keys } = env;
  if (databaseUrl === undefined) return;
  const opened = await openDatabase(databaseUrl);
  if ("mark" in opened) return yield opened;
  const { client, read } = opened;
  try {
    yield* await checkServer(databaseUrl, read);
    const migrations = await checkMigrations(read);
    yield migrations;
    yield* await checkQueue(read);
    if (keys !== undefined) yield* await checkKeys(read, keys);
    // Queries on tables of another version would fail.
    if (shop !== undefined && migrations.mark !== "wrong") {
      yield* checkShop(read, shop, { env, config });
    }
  } catch (error) {
    const todo = "check PostgreSQL's log, and try again";
    yield wrong("Database", { found: `it does not answer: ${messageOf(error)}`, todo });
  } finally {
    await client.end();
  }
}

async function* checkShop(
  read: Read,
  shop: ShopDomain,
  { env, config }: Pick<Known, "env" | "config">,
): AsyncGenerator<Finding> {
  const { SHOPIFY_API_KEY: id, SHOPIFY_API_SECRET: secret, TOKEN_KEYS: keys } = env;
  const shopify = { simulated: env.SIMULATED_SHOPIFY_URL };
  if (id !== undefined && secret !== undefined) {
    yield* await checkCredentials(shopify, shop, { id, secret });
  }
  const { installation, findings } = await readInstallation(read, shop);
  yield* findings;
  if (installation === null || keys === undefined) return;
  const stored = await readStoredToken(read, shop, keys);
  let newestChange: Date | null = null;
  if ("mark" in stored) yield stored;
  else {
    const asked = words(config?.access_scopes?.scopes ?? "");
    const visited = await visitShop({ shopify, shop, installation, asked, ...stored });
    yield* visited.findings;
    ({ newestChange } = visited);
  }
  yield await checkDeliveries(read, shop, { installation, newestChange });
}
