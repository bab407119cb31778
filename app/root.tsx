import type { LoaderFunctionArgs } from "@remix-run/node";
import {
  isRouteErrorResponse,
  Link,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { PlainPage } from "#app/components/shared/PlainPage.tsx";
import { Texts } from "#app/components/shared/Texts.tsx";
import { localeOf } from "#app/i18n/locale.ts";
import { appBridgeUrl, env } from "#app/lib/env.server.ts";

const APP_BRIDGE = "https://cdn.shopify.com/shopifycloud/app-bridge.js";
const FONT = "https://cdn.shopify.com/static/fonts/inter/v4/styles.css";

export function loader({ request }: LoaderFunctionArgs) {
  return {
    locale: localeOf(request),
    apiKey: env.SHOPIFY_API_KEY,
    appBridge: appBridgeUrl ?? APP_BRIDGE,
    // The admin's font is loaded from Shopify, which a simulation must not do.
    font: appBridgeUrl === undefined ? FONT : null,
  };
}

// Shopify sends the locale only with the document, so later requests must not change it.
export const shouldRevalidate = () => false;

/**
 * App Bridge is the first script of every document, even for errors: without it a page in the
 * admin's frame has no session token for a retry.
 */
export function Layout({ children }: { children: ReactNode }) {
  const data = useRouteLoaderData<typeof loader>("root");
  const locale = data?.locale ?? "en";
  return (
    <html lang={locale}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        {data !== undefined && <script src={data.appBridge} data-api-key={data.apiKey} />}
        {typeof data?.font === "string" && <link rel="stylesheet" href={data.font} />}
        <Meta />
        <Links />
      </head>
      <body>
        <Texts locale={locale}>{children}</Texts>
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export default function Root() {
  return <Outlet />;
}

/** For errors outside /app, without Polaris. */
export function ErrorBoundary() {
  const error = useRouteError();
  const { t } = useTranslation();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <PlainPage title={missing ? t("app.notFound") : t("errors.title")}>
      {!missing && <p>{t("errors.unknown")}</p>}
      <p>
        <Link to="/app">{t("app.backHome")}</Link>
      </p>
    </PlainPage>
  );
}
