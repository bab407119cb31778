import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, Outlet, useNavigation, useRouteError } from "@remix-run/react";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";

import encoreStyles from "#app/components/shared/encore.css?url";
import { ErrorPage, isShopifyAnswer } from "#app/components/shared/ErrorPage.tsx";
import { polarisTexts } from "#app/components/shared/polaris-texts.ts";
import { requireInstalledShop } from "#app/http/require-shop.server.ts";

export const links = () => [
  { rel: "stylesheet", href: polarisStyles },
  { rel: "stylesheet", href: encoreStyles },
];

export async function loader({ request }: LoaderFunctionArgs) {
  await requireInstalledShop(request);
  return null;
}

// Nothing here changes during the life of a page, and each load would call Shopify again.
export const shouldRevalidate = () => false;

export const meta: MetaFunction = () => [{ title: "Encore" }];

export default function App() {
  const { t } = useTranslation();
  useLoadingBar();
  return (
    <Polaris>
      <ui-nav-menu>
        <Link to="/app" rel="home">
          {t("app.home")}
        </Link>
        <Link to="/app/customers">{t("customers.title")}</Link>
        <Link to="/app/calendar">{t("calendar.title")}</Link>
        <Link to="/app/accuracy">{t("accuracy.title")}</Link>
        <Link to="/app/privacy">{t("privacy.title")}</Link>
        <Link to="/app/settings">{t("settings.title")}</Link>
        <Link to="/app/help">{t("help.title")}</Link>
      </ui-nav-menu>
      <Outlet />
    </Polaris>
  );
}

/** Polaris with Remix's links, but without App Bridge, which is in the document's head already. */
function Polaris({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  return (
    <AppProvider isEmbeddedApp={false} apiKey="" i18n={polarisTexts(i18n.language)}>
      {children}
    </AppProvider>
  );
}

/** Shows the admin's loading bar during navigation. */
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
  // Pages of Shopify's library that redirect the browser through Shopify.
  if (isShopifyAnswer(error)) return boundary.error(error);
  return (
    <Polaris>
      <ErrorPage error={error} />
    </Polaris>
  );
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
