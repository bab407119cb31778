import { existsSync } from "node:fs";

import { type Browser, chromium } from "playwright-core";

const installed = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

// Without these a browser on a closed network wastes time on connection attempts.
const quiet = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The path of this machine's browser, else of the one from the npm registry. */
export async function findChromium(): Promise<{ path: string; args: string[]; source: string }> {
  const own = installed.find((path) => path !== undefined && existsSync(path));
  if (own) return { path: own, args: [], source: own };
  const { default: packaged } = await import("@sparticuz/chromium");
  return {
    path: await packaged.executablePath(),
    args: packaged.args,
    source: "@sparticuz/chromium from the npm registry",
  };
}

export async function launchChromium(): Promise<{ browser: Browser; source: string }> {
  const found = await findChromium();
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium.launch({
    executablePath: found.path,
    args: [...found.args, ...quiet, ...asRoot],
  });
  return { browser, source: found.source };
}

/** The app's page within the simulated admin. */
export function addressInAdmin(
  { simulatorUrl, shop }: { simulatorUrl: string; shop: string },
  { path, locale }: { path: string; locale: string },
): string {
  const query = path.includes("?") ? "&" : "?";
  return `${simulatorUrl}/store/${shop}/apps/encore${path}${query}locale=${locale}`;
}

/** Shopify's library answers bots with 410, and treats headless browsers as bots. */
export function ordinaryUserAgent(browser: Browser): string {
  const major = browser.version().split(".")[0] ?? "140";
  return `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`;
}
