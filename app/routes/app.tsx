import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  Link,
  Outlet,
  useLoaderData,
  useNavigation,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import encoreStyles from "#app/components/encore.css?url";
import { ErrorPage, isShopifyAnswer } from "#app/components/ErrorPage.tsx";
import { polarisTexts } from "#app/components/polaris-texts.ts";
import { appBridgeUrl, env } from "#app/env.server.ts";
import { orFailure } from "#app/failure.server.ts";
import { ensureInstalled } from "#app/shop/install.server.ts";
import { authenticate, withAccess } from "#app/shopify.server.ts";

const FONT = "https://cdn.shopify.com/static/fonts/inter/v4/styles.css";

export const links = () => [
  { rel: "stylesheet", href: polarisStyles },
  { rel: "stylesheet", href: encoreStyles },
];

export async function loader({ request }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  await orFailure(withAccess(request, () => ensureInstalled(session)));
  return { apiKey: env.SHOPIFY_API_KEY, appBridgeUrl: appBridgeUrl ?? null };
}

// Nothing here changes while the page lives, and each load of it would ask Shopify once more.
export const shouldRevalidate = () => false;

/** The admin's font comes from Shopify, which a simulation does without. */
export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: "Encore" },
  ...(data?.appBridgeUrl === null ? [{ tagName: "link", rel: "stylesheet", href: FONT }] : []),
];

export default function App() {
  const { apiKey, appBridgeUrl: bridge } = useLoaderData<typeof loader>();
  const { t, i18n } = useTranslation();
  useLoadingBar();
  return (
    <AppProvider
      isEmbeddedApp
      apiKey={apiKey}
      i18n={polarisTexts(i18n.language)}
      {...(bridge === null ? {} : { __APP_BRIDGE_URL: bridge })}
    >
      <ui-nav-menu>
        <Link to="/app" rel="home">
          {t("app.home")}
        </Link>
        <Link to="/app/privacy">{t("privacy.title")}</Link>
        <Link to="/app/settings">{t("settings.title")}</Link>
      </ui-nav-menu>
      <Outlet />
    </AppProvider>
  );
}

/** The admin's own bar at the top of the frame, while a page is being read. */
function useLoadingBar() {
  const busy = useNavigation().state !== "idle";
  useEffect(() => {
    if (!busy) return;
    window.shopify?.loading(true);
    return () => window.shopify?.loading(false);
  }, [busy]);
}

export function ErrorBoundary() {
  const error = useRouteError();
  const data = useRouteLoaderData<typeof loader>("routes/app");
  const { i18n } = useTranslation();
  // Pages of the library's own, which send the browser through Shopify and back.
  if (isShopifyAnswer(error)) return boundary.error(error);
  return (
    <AppProvider
      isEmbeddedApp={data !== undefined}
      apiKey={data?.apiKey ?? ""}
      i18n={polarisTexts(i18n.language)}
      {...(data?.appBridgeUrl ? { __APP_BRIDGE_URL: data.appBridgeUrl } : {})}
    >
      <ErrorPage error={error} />
    </AppProvider>
  );
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
