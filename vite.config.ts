import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";

// The plugin does not read the file by itself.
import remixConfig from "./remix.config.js";

export default defineConfig({
  plugins: [remix(remixConfig)],
  // Inlined assets would need data: in the content security policy.
  build: { assetsInlineLimit: 0 },
  server: {
    port: Number(process.env.PORT ?? 3100),
    host: process.env.HOST ?? "127.0.0.1",
    strictPort: true,
    // Under the tunnel's name, too.
    allowedHosts: [new URL(process.env.SHOPIFY_APP_URL ?? "http://localhost").hostname],
  },
  optimizeDeps: {
    // Found late they would make the first page load twice.
    include: [
      "@shopify/polaris",
      "@shopify/polaris-icons",
      "@shopify/shopify-app-remix/react",
      "i18next",
      "react-i18next",
      "react-dom/client",
    ],
  },
});
