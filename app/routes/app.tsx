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

// Nothing here changes while the page lives, and each load of it would ask Shopify once more.
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
        <Link to="/app/privacy">{t("privacy.title")}</Link>
        <Link to="/app/settings">{t("settings.title")}</Link>
      </ui-nav-menu>
      <Outlet />
    </Polaris>
  );
}

/** Polaris, with links that are Remix's. App Bridge is in the document's head already. */
function Polaris({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  return (
    <AppProvider isEmbeddedApp={false} apiKey="" i18n={polarisTexts(i18n.language)}>
      {children}
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
  // Pages of the library's own, which send the browser through Shopify and back.
  if (isShopifyAnswer(error)) return boundary.error(error);
  return (
    <Polaris>
      <ErrorPage error={error} />
    </Polaris>
  );
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
