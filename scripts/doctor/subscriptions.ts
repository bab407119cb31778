import { customerTopics, orderTopics, shopTopics } from "#app/orders/webhooks/webhook-payload.ts";
import { customerTopics as requestTopics } from "#app/privacy/request-body.ts";

import type { AppConfig } from "./app-config.ts";
import { type Finding, listed, ok, warn, wrong } from "./finding.ts";

/** The topics of each path. */
const taken: [path: string, topics: readonly string[]][] = [
  ["/webhooks/orders", orderTopics],
  ["/webhooks/customers", customerTopics],
  ["/webhooks/shop", shopTopics],
  ["/webhooks/bulk_operations/finish", ["bulk_operations/finish"]],
  ["/webhooks/app/uninstalled", ["app/uninstalled"]],
  ["/webhooks/privacy", [...requestTopics, "shop/redact"]],
];
const pathOf = new Map(taken.flatMap(([path, topics]) => topics.map((topic) => [topic, path])));

/** Whether the file subscribes to every topic that the app handles, at the right path. */
export function checkSubscriptions(config: AppConfig): Finding[] {
  const { name } = config;
  const subscribed = (config.webhooks?.subscriptions ?? []).flatMap((entry) =>
    [...entry.topics, ...entry.compliance_topics].map((topic) => ({ topic, uri: entry.uri })),
  );
  const topics = new Set(subscribed.map(({ topic }) => topic));
  const findings: Finding[] = [];
  const missing = [...pathOf.keys()].filter((topic) => !topics.has(topic));
  if (missing.length > 0) {
    const found = `it does not subscribe to ${listed(missing)}`;
    const todo =
      "take [[webhooks.subscriptions]] from the repository's shopify.app.toml, and deploy";
    findings.push(wrong(name, { found, todo }));
  }
  for (const { topic, uri } of subscribed) {
    const path = pathOf.get(topic);
    if (path === undefined) {
      const todo = "remove it: it is answered 404, and Shopify stops delivering";
      findings.push(warn(name, { found: `nothing takes ${topic}, sent to ${uri}`, todo }));
    } else if (uri !== path && uri !== URL.parse(path, config.application_url)?.href) {
      findings.push(wrong(name, { found: `${topic} goes to ${uri}`, todo: `uri = "${path}"` }));
    }
  }
  if (findings.length > 0) return findings;
  return [ok("Webhooks", `the file subscribes to all ${topics.size} topics that the app handles`)];
}
