import { isRouteErrorResponse, useLocation, useNavigation } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useErrorMessage } from "./useProblem.ts";

/** An error in words, with buttons to retry the page or to go back. */
export function ErrorPage({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const message = useErrorMessage();
  const { pathname } = useLocation();
  const loading = useNavigation().state !== "idle";
  const missing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <Page title={missing ? t("app.notFound") : t("errors.title")}>
      <Card>
        <BlockStack gap="300">
          {!missing && <Text as="p">{message(codeOf(error))}</Text>}
          <InlineStack gap="200">
            {!missing && (
              <Button variant="primary" url={pathname} loading={loading}>
                {t("app.tryAgain")}
              </Button>
            )}
            <Button url="/app">{t("app.backHome")}</Button>
          </InlineStack>
        </BlockStack>
      </Card>
    </Page>
  );
}

/**
 * Whether the error is a page of Shopify's library, to be rendered as it is. Our own responses,
 * which may quote input, never have its status.
 */
export function isShopifyAnswer(error: unknown): boolean {
  return isRouteErrorResponse(error) && error.status === 200 && typeof error.data === "string";
}

/** The code in our routes' responses to outside failures, `{ code }`. */
function codeOf(error: unknown): string | null {
  if (!isRouteErrorResponse(error)) return null;
  const data: unknown = error.data;
  if (typeof data !== "object" || data === null || !("code" in data)) return null;
  return typeof data.code === "string" ? data.code : null;
}
