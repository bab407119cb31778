import type { LoaderFunctionArgs } from "@remix-run/node";
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  isRouteErrorResponse,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Texts } from "#app/components/Texts.tsx";
import { localeOf } from "#app/i18n/locale.ts";

export function loader({ request }: LoaderFunctionArgs) {
  return { locale: localeOf(request) };
}

// Shopify passes the locale with the document alone: what the document was told holds for as long
// as it lives, and no later request may change it.
export const shouldRevalidate = () => false;

export function Layout({ children }: { children: ReactNode }) {
  const locale = useRouteLoaderData<typeof loader>("root")?.locale ?? "en";
  return (
    <html lang={locale}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
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

/** For what fails outside the app's own pages, where there is no Polaris. */
export function ErrorBoundary() {
  const error = useRouteError();
  const { t } = useTranslation();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <main>
      <h1>{missing ? t("app.notFound") : t("errors.title")}</h1>
      {!missing && <p>{t("errors.unknown")}</p>}
    </main>
  );
}
