import { BlockStack, Card, Text } from "@shopify/polaris";
import { useId, type ReactNode } from "react";

type Props = { title: string; children: ReactNode };

/**
 * The one thing that stands before everything else: work that goes on, or a decision to make.
 * Its height is kept from one step to the next, so that the dashboard below never moves.
 */
export function StepCard({ title, children }: Props) {
  const id = useId();
  return (
    <section className="encore-step" aria-labelledby={id}>
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd" id={id}>
            {title}
          </Text>
          {children}
        </BlockStack>
      </Card>
    </section>
  );
}
