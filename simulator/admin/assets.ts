import { readFile } from "node:fs/promises";

const folder = new URL("./assets/", import.meta.url);

/** Every file is listed by name: nothing else in the folder, or outside it, can be requested. */
const served = {
  "/admin-assets/frame.css": {
    files: ["base", "bars", "sidebar", "layout", "controls", "tables", "app"].map(
      (name) => `${name}.css`,
    ),
    type: "text/css",
  },
  "/admin-assets/icon.svg": { files: ["icon.svg"], type: "image/svg+xml" },
  "/admin-assets/frame.js": { files: ["frame.js"], type: "text/javascript" },
  "/admin-assets/live.js": { files: ["live.js"], type: "text/javascript" },
  "/admin-assets/toasts.js": { files: ["toasts.js"], type: "text/javascript" },
  "/admin-assets/simulation.js": { files: ["simulation.js"], type: "text/javascript" },
  "/admin-assets/app-host.js": { files: ["app-host.js"], type: "text/javascript" },
  "/admin-assets/app-chrome.js": { files: ["app-chrome.js"], type: "text/javascript" },
  // The app loads App Bridge as one classic script; these files are self-contained functions, run in order.
  "/app-bridge.js": {
    files: ["bridge-core.js", "bridge-links.js", "bridge-elements.js"],
    type: "text/javascript",
  },
} satisfies Record<string, { files: readonly string[]; type: string }>;

export const assetPaths = Object.keys(served) as (keyof typeof served)[];

/** A static file of the frame, or App Bridge. */
export async function serveAsset(path: keyof typeof served): Promise<Response> {
  const asset = served[path];
  const texts = await Promise.all(
    asset.files.map((file) => readFile(new URL(file, folder), "utf8")),
  );
  const headers = new Headers({
    "content-type": `${asset.type}; charset=utf-8`,
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
  });
  if (path === "/app-bridge.js") headers.set("cross-origin-resource-policy", "cross-origin");
  return new Response(texts.join("\n"), { headers });
}
